"""Runs the checks, prints one line for each, and asks the server for its own side of the story."""

import json
import os
import sys
import time
import traceback
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "tests/conformance/package"
SHORT = os.environ.get("CONFORMANCE_SHORT") == "1"
SIMULATED = json.loads(os.environ["CONFORMANCE_SERVERS"])
FIELDS = [f"Account.Conformance_{name}__c" for name in ("Active", "Amount", "Group", "Key", "Since")]


class Checks:
    """The checks of one client; a failing one is told with the client's own error, and the next one runs all the same."""

    def __init__(self, client):
        self.client = client
        self.failed = 0

    def check(self, name, body):
        began = time.monotonic()
        problem = None
        try:
            body()
        except Exception as error:  # whatever the client raises is the outcome
            problem = error
            self.failed += 1
        outcome = "FAILED" if problem else "ok    "
        print(f"{self.client:26} {name:64} {outcome} {time.monotonic() - began:6.1f} s", flush=True)
        if problem:
            here = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/conformance/" in frame.filename and ".clients" not in frame.filename]
            at = f"\nat {here[-1].filename}:{here[-1].lineno}: {here[-1].line}" if here else ""
            text = f"{type(problem).__name__}: {problem}{at}"
            print("    " + text[:4000].replace("\n", "\n    "), flush=True)

    def finish(self):
        sys.exit(1 if self.failed else 0)


class Org:
    """The sandbox, asked over plain http and without any client."""

    def __init__(self):
        credentials = SIMULATED["credentials"]["sandbox"]
        self.url = credentials["instance_url"]
        self.https_url = self.url.replace("http:", "https:", 1)
        self.token = credentials["access_token"]
        self.username = credentials["username"]
        self.org_id = credentials["org_id"]

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as answer:
            return json.load(answer)

    def rows(self, soql):
        """All rows of a query, without `attributes`."""
        rows = []
        path = "/services/data/v64.0/query?q=" + urllib.parse.quote(soql)
        while path:
            page = self.get(path)
            rows += [{key: value for key, value in row.items() if key != "attributes"} for row in page["records"]]
            path = page.get("nextRecordsUrl")
        return rows

    def count(self, source):
        """What `SELECT COUNT() FROM …` says."""
        return self.get("/services/data/v64.0/query?q=" + urllib.parse.quote(f"SELECT COUNT() FROM {source}"))["totalSize"]

    def custom_fields(self):
        """Our fields in the org, each with whether the user sees it."""
        fields = self.get("/sim/state")["custom_fields"]
        return {each["field"]: each["visible"] for each in fields if each["field"].startswith("Account.Conformance_")}


def equal(found, expected, what="value"):
    """Fails unless both are the same."""
    assert found == expected, f"{what}: {found!r:.1500} instead of {expected!r:.1500}"


def plain(rows):
    """Rows as simple-salesforce gives them, without `attributes`."""
    return [{key: value for key, value in row.items() if key != "attributes"} for row in rows]


def raises(kind, body):
    """Runs a call that must raise an error of this kind; gives the error."""
    try:
        answer = body()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} expected, and it was accepted: {answer!r:.500}")


