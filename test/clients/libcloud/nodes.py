"""Lists, stops, starts and restarts machines with Apache Libcloud, and prints what a user sees of each step as JSON.

Nothing here refers to azrun: it is a program for the public cloud.
"""

import json
import os

from libcloud.common.exceptions import BaseHTTPError
from libcloud.compute.providers import get_driver
from libcloud.compute.types import Provider


def main():
    driver = get_driver(Provider.AZURE_ARM)(
        tenant_id=os.environ["AZURE_TENANT_ID"],
        subscription_id=os.environ["AZURE_SUBSCRIPTION_ID"],
        key=os.environ["AZURE_CLIENT_ID"],
        secret=os.environ["AZURE_CLIENT_SECRET"],
    )
    by_name = {node.name: node for node in driver.list_nodes()}
    web, db = by_name["web"], by_name["db"]

    def states():
        return {node.name: node.state for node in driver.list_nodes(ex_fetch_nic=False)}

    def changed(change):
        change()
        return states()

    print(
        json.dumps(
            {
                "locations": [location.id for location in driver.list_locations()],
                "groups": [group.name for group in driver.ex_list_resource_groups()],
                "nodes": [shown(node) for node in by_name.values()],
                "node": shown(driver.ex_get_node(web.id)),
                "deallocated": changed(lambda: driver.stop_node(web)),
                "stopped": changed(lambda: driver.stop_node(db, ex_deallocate=False)),
                "restart of a stopped machine": error(lambda: driver.reboot_node(db)),
                "started": changed(lambda: driver.start_node(web)),
                "restarted": driver.reboot_node(web),
                "missing": error(lambda: driver.ex_get_node(f"{web.id}-2")),
                "disks": error(driver.list_volumes),
            }
        )
    )


def shown(node):
    return {
        "name": node.name,
        "state": node.state,
        "private": node.private_ips,
        "public": node.public_ips,
        "tags": node.extra.get("tags"),
    }


def error(call):
    try:
        return call()
    except BaseHTTPError as refused:
        return {"status": refused.code, "message": refused.message}


main()
