"""Follows the changes of an Iroko account for ever, over server-sent events. Needs nothing but Python 3.8.

    IROKO_URL=https://iroko.example.org IROKO_TOKEN=iroko_... python3 follow_changes.py place.txt

Prints each change as a line of JSON and keeps its place in the file, so that it goes on where it stopped.
"""
import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

QUERY = """subscription ($after: String) {
  changes(after: $after) { cursor id at action subjectType subjectId after }
}"""
PASSING = {"UNAVAILABLE", "INTERNAL", "RATE_LIMITED", "LIMIT_EXCEEDED"}
SILENCE_SECONDS = 45  # the server gives a sign of life every 15


class Refused(Exception):
    """Coming back would not help."""


def answers(url, token, after):
    """The answers of one connection, until it ends or breaks."""
    request = urllib.request.Request(
        url.rstrip("/") + "/graphql",
        data=json.dumps({"query": QUERY, "variables": {"after": after}}).encode(),
        headers={
            "authorization": "Bearer " + token,
            "content-type": "application/json",
            "accept": "text/event-stream",
        },
    )
    try:
        response = urllib.request.urlopen(request, timeout=SILENCE_SECONDS)
    except urllib.error.HTTPError as error:
        response = error
        yield json.loads(error.read())
        return
    with response:
        event = None
        for line in response:
            line = line.decode().rstrip("\r\n")
            if line.startswith("event: "):
                event = line[7:]
            elif line.startswith("data: ") and event == "next":
                yield json.loads(line[6:])
            elif event == "complete":
                return


def follow(url, token, after):
    """Every change behind the cursor, once and in order, for ever."""
    failures = 0
    while True:
        try:
            for answer in answers(url, token, after):
                if not answer.get("data"):
                    error = answer["errors"][0]
                    if error["extensions"]["code"] not in PASSING:
                        raise Refused(error["message"])
                    raise OSError(error["message"])
                change = answer["data"]["changes"]
                after, failures = change["cursor"], 0
                yield change
        except (OSError, ValueError, http.client.HTTPException) as reason:
            print("coming back:", reason, file=sys.stderr)
        time.sleep(min(60, 0.5 * 2**failures) * random.uniform(0.5, 1))
        failures += 1


def main(place):
    after = None
    if os.path.exists(place):
        with open(place) as file:
            after = file.read().strip() or None
    for change in follow(os.environ["IROKO_URL"], os.environ["IROKO_TOKEN"], after):
        print(json.dumps(change), flush=True)
        with open(place + ".new", "w") as file:
            file.write(change["cursor"])
        os.replace(place + ".new", place)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "iroko-place.txt")
