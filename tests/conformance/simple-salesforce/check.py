"""simple-salesforce against the simulated sandbox, over https with the servers' own certificate."""

import importlib.metadata
import re
import subprocess
import sys

import bulk
import deploys
import reads
import writes
from checks import ROOT, Checks, Org
from simple_salesforce import Salesforce

org = Org()
checks = Checks("simple-salesforce " + importlib.metadata.version("simple-salesforce"))
salesforce = Salesforce(session_id=org.token, instance_url=org.https_url)
for area in (reads, deploys, writes, bulk):
    area.run(checks, salesforce, org)


def as_documented():
    """Runs the Python block of docs/simulator.md, with the port and token of the sandbox."""
    section = (ROOT / "docs/simulator.md").read_text().split("## Point another client at it")[1]
    code = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    values = {"PORT": org.url.rsplit(":", 1)[1], "TOKEN": org.token}
    code = re.sub(r"\b(PORT|TOKEN)\b", lambda word: values[word[0]], code)
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert output.returncode == 0, output.stderr
    rows = org.rows("SELECT Id, Name FROM Account ORDER BY Id LIMIT 3")
    assert len(rows) == 3 and all(row["Id"] in output.stdout and row["Name"] in output.stdout for row in rows), output.stdout


checks.check("the block of docs/simulator.md as it stands", as_documented)
checks.finish()
