"""Programs and servers of a measurement: started, timed, asked, stopped."""

import json
import os
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
VERSION = "v64.0"


@dataclass
class Measured:
    """What one process took."""

    seconds: float
    peak_mib: float
    answer: dict = field(default_factory=dict)
    calls: int | None = None
    # Seconds by phase, in their order, and what came after the last.
    phases: dict[str, float] = field(default_factory=dict)

    @property
    def written(self) -> int:
        counts = self.answer["counts"]
        return counts["created"] + counts["updated"]

    @property
    def beyond_pull(self) -> float:
        return self.seconds - self.phases["pull"]

    @property
    def by_phase(self) -> str:
        return ", ".join(f"{name} {seconds:.2f}" for name, seconds in self.phases.items())


def measured(command: list[str], environment: dict[str, str], exits: tuple[int, ...] = (0,)) -> Measured:
    """Runs a program to its end."""
    with tempfile.TemporaryFile("w+") as out:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True, env=os.environ | environment)
        said: list[tuple[float, str]] = []
        listener = threading.Thread(target=lambda: said.extend((time.monotonic() - began, line) for line in process.stderr))
        listener.start()
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, peak_mib(process.pid))
            time.sleep(0.01)
        seconds = time.monotonic() - began
        listener.join()
        out.seek(0)
        text = out.read()
    if process.returncode not in exits:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{text}{''.join(line for _, line in said)}"[-3000:])
    took = Measured(seconds, peak)
    before = 0.0
    for when, line in said:
        if "✓" in line:
            took.phases[line.split("✓")[1].split()[0].lower()] = when - before
            before = when
    took.phases["end"] = seconds - before
    took.answer = json.loads(text) if text.startswith("{") and "--json" in command else {}
    return took


def peak_mib(pid: int) -> float:
    """The most memory a process has had so far, as the system counts it. What it tells once the process is over would
    be this process's own, where that has more: a new process begins as a copy."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), None)
    return int(line.split()[1]) / 1024 if line else 0.0


class CLI:
    """drawbridge-cli on one workspace, without a keychain unless it is to be encrypted."""

    encrypted = False

    def __init__(self, folder: Path, secrets: dict[str, str]):
        self.folder = folder
        nowhere = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/none", "XDG_RUNTIME_DIR": f"{folder}/none"}
        self.environment = secrets if self.encrypted else secrets | nowhere

    def __call__(self, *arguments: str, may_reject: bool = False) -> Measured:
        command = [str(TARGET / "release/drawbridge-cli"), *arguments, "--json", "--data-dir", str(self.folder)]
        return measured(command, self.environment, (0, 3) if may_reject else (0,))


class Servers:
    """The simulated servers in a process of their own."""

    def __init__(self, customers: int, folder: Path):
        folder.mkdir(parents=True)
        self.certificate = folder / "certificate.pem"
        program = [str(TARGET / "release/drawbridge-sim"), "--customers", str(customers), "--seed", "7", "--json"]
        options = ["--no-rate-limits", "--sandbox-daily-calls", "100000000", "--certificate-file", str(self.certificate)]
        self.process = subprocess.Popen([*program, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        started = json.loads(self.process.stdout.readline())
        urls, credentials = started["urls"], started["credentials"]
        self.org, self.alguna = urls["salesforce_sandbox"], urls["alguna"]
        self.token, self.alguna_key = credentials["sandbox"]["access_token"], credentials["alguna_api_key"]
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.calls_before = 0

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()

    def _ask(self, method: str, url: str, key: str, body: dict | None = None):
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Alguna-Version": "2026-04-01"}
        data = None if body is None else json.dumps(body).encode()
        with self.opener.open(urllib.request.Request(url, data, headers, method=method), timeout=600) as answer:
            return json.load(answer)

    def in_alguna(self, method: str, path: str, body: dict | None = None):
        return self._ask(method, self.alguna + path, self.alguna_key, body)

    def _query(self, soql: str):
        return f"/services/data/{VERSION}/query?q={urllib.parse.quote(soql)}"

    def count(self, source: str) -> int:
        return self._ask("GET", self.org + self._query(f"SELECT COUNT() FROM {source}"), self.token)["totalSize"]

    def rows(self, soql: str) -> list[dict]:
        rows, following = [], self._query(soql)
        while following:
            page = self._ask("GET", self.org + following, self.token)
            rows += [{name: value for name, value in row.items() if name != "attributes"} for row in page["records"]]
            following = page.get("nextRecordsUrl")
        return rows

    def fields(self, sobject: str) -> list[str]:
        described = self._ask("GET", f"{self.org}/services/data/{VERSION}/sobjects/{sobject}/describe", self.token)
        return [each["name"] for each in described["fields"] if each["createable"]]

    def api_calls(self) -> int:
        """API calls of the org since the servers started."""
        return self._ask("GET", f"{self.org}/sim/state", self.token)["log"]["api_calls"]

    def start_counting(self) -> None:
        self.calls_before = self.api_calls()

    def counted(self, work) -> Measured:
        took = work()
        took.calls = self.api_calls() - self.calls_before
        return took


def table(customers: int, lines: list[tuple[str, Measured | None, str]]) -> None:
    print(f"{customers:,} customers")
    print(f"{'':34} {'seconds':>9} {'peak MiB':>9} {'API calls':>9}")
    for name, took, words in lines:
        if took is None:
            print(f"{name:34} {'':29} {words}")
            continue
        calls = "" if took.calls is None else f"{took.calls:,}"
        print(f"{name:34} {took.seconds:9.2f} {took.peak_mib:9.0f} {calls:>9} {words}")
