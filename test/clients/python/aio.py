"""Runs three commands at once with the asynchronous clients, and prints their results as one line of JSON.

Nothing here refers to azrun: it is a program for the public cloud.
"""

import asyncio
import json
import os

from azure.identity.aio import ClientSecretCredential
from azure.mgmt.compute.aio import ComputeManagementClient
from azure.mgmt.compute.models import RunCommandInput


async def main():
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
    )
    async with credential, ComputeManagementClient(credential, os.environ["AZURE_SUBSCRIPTION_ID"]) as client:
        print(json.dumps(await asyncio.gather(*(run_command(client, vm) for vm in ("one", "two", "three")))))


async def run_command(client, vm):
    parameters = RunCommandInput(command_id="RunShellScript", script=[f"echo from {vm}"])
    poller = await client.virtual_machines.begin_run_command("rg", vm, parameters)
    return (await poller.result()).value[0].message


asyncio.run(main())
