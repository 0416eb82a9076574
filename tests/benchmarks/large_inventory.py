# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a large inventory costs: the role bind in check mode, for real, and again, next to an empty play.

``.venv/bin/nox -s benchmark -- large_inventory`` runs ansible-playbook over 10,000 hosts. They are stopped instances of
an emulated account with the documented rates. It prints for each run:

* s: the seconds that it took, and how many times the empty play's those are;
* CPU s: the processor time of all its processes;
* MB: the most memory that any of them had, which is the controller;
* calls: how many API calls it made.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
import typing as t
from pathlib import Path

from ansible_collections.keyfleet.cloud.tests.benchmarks.benchmark_cloud import PLACES, Cloud, Place, emulator

EMPTY = [
    {
        "name": "Do nothing",
        "hosts": "all,localhost",
        "gather_facts": False,
        "tasks": [{"name": "Say so", "ansible.builtin.debug": {"msg": "nothing"}, "run_once": True}],
    }
]


def main() -> None:
    """Print one line for each run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", choices=sorted(PLACES), default="tencent_cvm")
    parser.add_argument("--hosts", type=int, default=10_000, help="hosts in the inventory (default: 10000)")
    parser.add_argument("--waves", default="100%", help="the role's bind_waves (default: 100%%)")
    parser.add_argument("--log", metavar="DIR", help="keep what the runs print there")
    arguments = parser.parse_args()
    place = PLACES[arguments.provider]
    with emulator() as cloud, tempfile.TemporaryDirectory(prefix="keyfleet-benchmark-") as folder:
        runs = Runs(cloud, place, Path(folder), Path(arguments.log or folder))
        (fleet,) = cloud.fill(place, 1, arguments.hosts)
        runs.write_inventory(fleet, arguments.waves)
        print(f"{place.provider}, {arguments.hosts} hosts, bind_waves {arguments.waves}")
        print(f"{'':12}        s   ratio   CPU s     MB   calls")
        empty = runs.run("empty play", str(runs.folder / "empty.yml"))
        runs.run("bind, check", "keyfleet.cloud.bind", "--check", base=empty)
        runs.run("bind", "keyfleet.cloud.bind", base=empty)
        runs.run("bind again", "keyfleet.cloud.bind", base=empty)


class Runs:
    """Runs ansible-playbook over one inventory."""

    def __init__(self, cloud: Cloud, place: Place, folder: Path, log: Path) -> None:
        self._cloud, self._place, self.folder, self._log = cloud, place, folder, log
        (folder / "empty.yml").write_text(json.dumps(EMPTY))

    def write_inventory(self, instance_ids: t.Sequence[str], waves: str) -> None:
        """Write an inventory as AWX does it: a program that prints it."""
        hosts = {
            f"web-{number:05}": {
                "keyfleet_instance_id": instance_id,
                "keyfleet_provider": self._place.provider,
                "keyfleet_region": self._place.region,
            }
            for number, instance_id in enumerate(instance_ids)
        }
        group = {"hosts": list(hosts), "vars": {"bind_key_pairs": ["deploy"], "bind_waves": waves}}
        (self.folder / "hosts.json").write_text(json.dumps({"_meta": {"hostvars": hosts}, "fleet": group}))
        program = self.folder / "inventory"
        program.write_text(f"#!/bin/sh\ncat {self.folder}/hosts.json\n")
        program.chmod(0o755)

    def run(self, name: str, playbook: str, *arguments: str, base: float | None = None) -> float:
        """Run a playbook, print its line, and return its seconds."""
        self._cloud.ask("log", method="DELETE")
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(self.folder / "inventory")]
        began = time.monotonic()
        with (self._log / f"{name}.log").open("w") as output:
            process = subprocess.Popen(
                [*command, *arguments, playbook], env=self._environment(), stdout=output, stderr=subprocess.STDOUT
            )
            _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        calls = collections.Counter(entry["action"] for entry in self._cloud.ask("log"))
        failure = f"  FAILED ({process.returncode})" if process.returncode else ""
        print(
            f"{name:12}  {seconds:7.1f}  {seconds / (base or seconds):6.2f}  {usage.ru_utime + usage.ru_stime:6.1f}"
            f"  {usage.ru_maxrss / 1024:5.0f}  {sum(calls.values()):6}  {dict(calls) or ''}{failure}",
            flush=True,
        )
        return seconds

    def _environment(self) -> dict[str, str]:
        options = self._cloud.options(self._place)
        prefix = {"tencent": "TENCENTCLOUD_SECRET_{}", "alibaba": "ALIBABA_CLOUD_ACCESS_KEY_{}"}[self._place.vendor]
        secret = {"tencent": "KEY", "alibaba": "SECRET"}[self._place.vendor]
        return {
            **os.environ,
            "HOME": str(self.folder),
            "ANSIBLE_HOME": str(self.folder / ".ansible"),
            "KEYFLEET_METADATA_DISABLED": "true",
            f"KEYFLEET_ENDPOINT_{self._place.provider.upper()}": options["endpoint"],
            prefix.format("ID"): options["access_key_id"],
            prefix.format(secret): options["access_key_secret"],
        }


if __name__ == "__main__":
    main()
