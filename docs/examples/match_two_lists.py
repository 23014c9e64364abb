#!/usr/bin/env python3
"""Matches the current versions of two sources, and writes the links as CSV to standard output, the most doubtful first.

    export IROKO_TOKEN=...        a token with sources.read, org_units.read, links.read and links.match
    python3 match_two_lists.py --left Kelandi --right Census > links.csv

Python 3.8 or newer, and nothing besides. It needs page_org_units.py beside it.
"""

import argparse
import csv
import os
import sys
import time

from page_org_units import Iroko, source_named

VERSION = "query ($id: ID!) { dataSource(id: $id) { currentVersion { id } } }"

START = "mutation ($input: StartMatchRunInput!) { startMatchRun(input: $input) { id job { id } } }"

JOB = "query ($id: ID!) { job(id: $id) { status progress { message } error { message } } }"

RUN = """query ($id: ID!) { matchRun(id: $id) {
  report { leftUnits rightUnits accepted proposed belowReview decidedBefore withdrawn } } }"""

LINKS = """
query Links($run: ID!, $after: String) {
  links(filter: { matchRunId: $run }, sort: SCORE, first: 500, after: $after) {
    nodes { id status score first { name reference } second { name reference } features { feature contribution } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def match(iroko, left, right, **options):
    """Starts a run, waits for its job, and answers its id and its report."""
    sides = {}
    for side, source in (("left", left), ("right", right)):
        version = iroko.query(VERSION, {"id": source})["dataSource"]["currentVersion"]
        sides[side] = {"versionId": version["id"]}
    run = iroko.query(START, {"input": {**sides, **options}})["startMatchRun"]
    while True:
        job = iroko.query(JOB, {"id": run["job"]["id"]})["job"]
        if job["status"] == "SUCCEEDED":
            return run["id"], iroko.query(RUN, {"id": run["id"]})["matchRun"]["report"]
        if job["status"] in ("FAILED", "CANCELLED"):
            raise SystemExit(f"The run ended {job['status']}: {(job['error'] or {}).get('message')}")
        time.sleep(0.5)


def links_of(iroko, run):
    after = None
    while True:
        page = iroko.query(LINKS, {"run": run, "after": after})["links"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--left", required=True, help="the name of one source")
    arguments.add_argument("--right", required=True, help="the name of the other source")
    given = arguments.parse_args()
    iroko = Iroko(os.environ["IROKO_URL"], os.environ["IROKO_TOKEN"])
    run, report = match(iroko, source_named(iroko, given.left), source_named(iroko, given.right))
    print(f"Run {run}: {report['accepted']} accepted, {report['proposed']} to be looked at.", file=sys.stderr)
    table = csv.writer(sys.stdout)
    table.writerow(["score", "status", "first", "second", "why"])
    for link in links_of(iroko, run):
        why = " ".join(f"{part['feature']} {part['contribution']:+.1f}" for part in link["features"])
        names = [(link[end] or {}).get("name", "") for end in ("first", "second")]
        table.writerow([f"{link['score']:.3f}", link["status"], *names, why])


if __name__ == "__main__":
    main()
