"""Takes azure.azcollection out of the package that has all collections, which pip has put into .venv, and removes that."""

from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent
COLLECTION = "ansible_collections/azure/azcollection/"

(wheel,) = (HERE / ".venv").glob("ansible-*.whl")
with ZipFile(wheel) as packed:
    names = [name for name in packed.namelist() if name.startswith(COLLECTION)]
    packed.extractall(HERE / ".venv/collections", names)
wheel.unlink()
