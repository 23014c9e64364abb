#!/usr/bin/env python3
"""Reads all org units of a source from Iroko, page by page, and writes them as CSV to standard output.

    export IROKO_TOKEN=iroko_...            an API token: docs/guides/tokens-and-notebooks.md says how to get one
    python3 page_org_units.py --source Kelandi > units.csv

Python 3.8 or newer, and nothing besides. In a notebook: from page_org_units import Iroko, org_units
"""

import argparse
import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request

SOURCES = """
query Sources($after: String) {
  dataSources(first: 100, after: $after) {
    nodes { id name }
    pageInfo { hasNextPage endCursor }
  }
}
"""

UNITS = """
query Units($source: ID!, $first: Int!, $after: String) {
  orgUnits(dataSource: $source, first: $first, after: $after) {
    nodes {
      id reference name code status
      type { name }
      parent { id }
      location { longitude latitude altitude }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


class Refused(Exception):
    """Iroko answered, and said no. The code is stable, the message is for people."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


class Iroko:
    """The API: one address, one token."""

    def __init__(self, url, token):
        self.address = url.rstrip("/") + "/graphql"
        self.token = token

    def query(self, query, variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {
            "content-type": "application/json",
            "accept": "application/graphql-response+json",
            "authorization": "Bearer " + self.token,
        }
        for attempt in range(1, 6):
            request = urllib.request.Request(self.address, data=body, headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=60) as response:
                    answer = json.load(response)
                break
            except urllib.error.HTTPError as error:
                # Too many requests, or a part of the system is away for a moment: wait and ask again.
                if error.code in (429, 503) and attempt < 5:
                    time.sleep(float(error.headers.get("retry-after") or attempt))
                    continue
                answer = json.load(error)
                break
        if answer.get("errors"):
            first = answer["errors"][0]
            raise Refused(first.get("extensions", {}).get("code", "UNKNOWN"), first["message"])
        return answer["data"]

    def pages(self, query, variables, field):
        """The nodes of a list, page by page. A cursor stays good while others write."""
        after = None
        while True:
            page = self.query(query, {**variables, "after": after})[field]
            yield page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]


def source_named(iroko, name):
    """The id of the source with this name or id."""
    for sources in iroko.pages(SOURCES, {}, "dataSources"):
        for source in sources:
            if name in (source["name"], source["id"]):
                return source["id"]
    raise SystemExit(f"There is no source {name!r} that this token may read.")


def org_units(iroko, source_id, page_size=500):
    """Every unit of the current version of a source, one after the other."""
    for units in iroko.pages(UNITS, {"source": source_id, "first": page_size}, "orgUnits"):
        yield from units


def row(unit):
    location = unit["location"] or {}
    return [
        unit["id"],
        unit["reference"],
        unit["name"],
        unit["code"],
        unit["status"],
        (unit["type"] or {}).get("name"),
        (unit["parent"] or {}).get("id"),
        location.get("longitude"),
        location.get("latitude"),
        location.get("altitude"),
    ]


def main():
    parser = argparse.ArgumentParser(description="Writes all org units of a source as CSV.")
    parser.add_argument("--source", required=True, help="the name or the id of the source")
    parser.add_argument("--url", default=os.environ.get("IROKO_URL", "http://127.0.0.1:4000/"))
    parser.add_argument("--page-size", type=int, default=500)
    options = parser.parse_args()
    token = os.environ.get("IROKO_TOKEN")
    if not token:
        raise SystemExit("Set IROKO_TOKEN to an API token.")
    iroko = Iroko(options.url, token)
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    table = csv.writer(sys.stdout)
    table.writerow(
        ["id", "reference", "name", "code", "status", "type", "parent", "longitude", "latitude", "altitude"]
    )
    count = 0
    try:
        for unit in org_units(iroko, source_named(iroko, options.source), options.page_size):
            table.writerow(row(unit))
            count += 1
    except Refused as refused:
        raise SystemExit(str(refused))
    except urllib.error.URLError as error:
        raise SystemExit(f"{iroko.address} cannot be reached: {error.reason}")
    print(f"{count} units", file=sys.stderr)


if __name__ == "__main__":
    main()
