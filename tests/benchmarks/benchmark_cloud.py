# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulated account for benchmarks: the emulator as a process of its own, with the documented rates."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import typing as t
import urllib.request
from collections.abc import Iterator
from pathlib import Path

SECRET = "example-secret-key"


@dataclasses.dataclass(frozen=True)
class Place:
    """Where the instances of a benchmark are. ``stopped``: the vendor's word for that state."""

    provider: str
    region: str
    vendor: str
    access_key_id: str
    key_pair: str
    stopped: str


PLACES = {
    place.provider: place
    for place in (
        Place("tencent_lighthouse", "ap-guangzhou", "tencent", "AKIDEXAMPLE", "lhkp-aaaaaaaa", "STOPPED"),
        Place("tencent_cvm", "ap-guangzhou", "tencent", "AKIDEXAMPLE", "skey-aaaaaaaa", "STOPPED"),
        Place("alibaba_ecs", "cn-hangzhou", "alibaba", "LTAIEXAMPLE", "deploy", "Stopped"),
    )
}


class Cloud:
    """A running emulator."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, body: t.Any = None, method: str | None = None) -> t.Any:
        """Return the answer of a control path below /_emulator/."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def fill(self, place: Place, fleets: int, size: int) -> list[list[str]]:
        """Create an account, the key pair deploy, and stopped fleets, and nothing else; return the instance IDs."""
        where = {"provider": place.provider, "region": place.region}
        self.ask("reset", method="POST", body={})
        self.ask(
            "seed",
            {
                "accounts": [
                    {
                        "vendor": place.vendor,
                        "account_id": "100000000001",
                        "access_keys": [{"id": place.access_key_id, "secret": SECRET}],
                    }
                ],
                "key_pairs": [{**where, "key_id": place.key_pair, "name": "deploy"}],
                "fleets": [
                    {**where, "count": size, "name_prefix": f"fleet{number}-", "state": place.stopped}
                    for number in range(fleets)
                ],
            },
        )
        found: list[list[str]] = [[] for _number in range(fleets)]
        for instance in self.ask("state")["instances"]:
            found[int(instance["name"].split("-")[0][5:])].append(instance["instance_id"])
        self.ask("log", method="DELETE")
        return found

    def options(self, place: Place) -> dict[str, t.Any]:
        """Return the connection options of a task."""
        return {
            "provider": place.provider,
            "region": place.region,
            "endpoint": self.url,
            "access_key_id": place.access_key_id,
            "access_key_secret": SECRET,
        }


@contextlib.contextmanager
def emulator() -> Iterator[Cloud]:
    """Start an emulator, and stop it in the end."""
    with tempfile.TemporaryDirectory(prefix="keyfleet-benchmark-") as folder:
        ready = Path(folder, "ready.json")
        command = [sys.executable, "-m", "ansible_collections.keyfleet.cloud.emulator", "--ready-file", str(ready)]
        process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
        try:
            while not ready.exists():
                if process.poll() is not None:
                    raise RuntimeError(f"The emulator ended with {process.returncode}.")
                time.sleep(0.05)
            yield Cloud(json.loads(ready.read_text())["url"])
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
