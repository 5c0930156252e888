import json
from urllib.request import Request, urlopen

VM = ("https://management.azure.com/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg"
      "/providers/Microsoft.Compute/virtualMachines/vm")


def test_runs_a_script():
    headers = {"Authorization": "Bearer any", "Content-Type": "application/json", "Prefer": "wait=10"}
    body = json.dumps({"commandId": "RunShellScript", "script": ["echo hello"]}).encode()
    with urlopen(Request(f"{VM}/runCommand?api-version=2024-03-01", body, headers)) as response:
        assert "[stdout]\nhello\n" in json.load(response)["value"][0]["message"]
