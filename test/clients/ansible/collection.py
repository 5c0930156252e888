"""Extracts azure.azcollection from the package of all collections that pip has downloaded to .venv, and deletes it."""

from pathlib import Path
from zipfile import ZipFile

HERE = Path(__file__).parent
COLLECTION = "ansible_collections/azure/azcollection/"

(wheel,) = (HERE / ".venv").glob("ansible-*.whl")
with ZipFile(wheel) as packed:
    names = [name for name in packed.namelist() if name.startswith(COLLECTION)]
    packed.extractall(HERE / ".venv/collections", names)
wheel.unlink()
