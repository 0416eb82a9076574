# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What several jobs on one account cost: time and rejected calls against the floor that the rates set.

``.venv/bin/nox -s benchmark -- rate_budget`` starts 1, 2, 4 and 8 processes at once, each binding a key pair to
instances of its own, and prints for each number of processes:

* calls: those that were answered, and those that were rejected for exceeding the rate, also as a share of the former;
* floor: the least seconds in which the rates let so many calls through, whoever makes them;
* time: from the first to the last call in the cloud's log, and how many times the floor that is;
* failed: rows that failed.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import os
import subprocess
import sys
import typing as t
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._providers._registry import PROVIDERS
from ansible_collections.keyfleet.cloud.tests.benchmarks.benchmark_cloud import PLACES, Cloud, Place, emulator

THROTTLED = ("RequestLimitExceeded", "Throttling")


def main() -> None:
    """Print one line for each number of processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", choices=sorted(PLACES), default="tencent_cvm")
    parser.add_argument("--instances", type=int, default=2000, help="instances of each process (default: 2000)")
    parser.add_argument("--processes", default="1,2,4,8", help="how many at once (default: 1,2,4,8)")
    parser.add_argument("--share", action="store_true", help="let each process keep to its share of the rates")
    parser.add_argument("--plugins", metavar="DIR", help="measure the plugins of another checkout's collections path")
    arguments = parser.parse_args()
    place = PLACES[arguments.provider]
    print(f"{place.provider}, {arguments.instances} instances a process")
    print("processes  answered  rejected  share  floor s  time s  ratio  rows failed")
    for count in map(int, arguments.processes.split(",")):
        with emulator() as cloud:
            results = run_at_once(cloud, place, count, arguments)
            report(cloud, place, count, results)


def run_at_once(cloud: Cloud, place: Place, count: int, arguments: argparse.Namespace) -> list[dict[str, t.Any]]:
    """Run so many processes at the same time; return what they printed."""
    fleets = cloud.fill(place, count, arguments.instances)
    environment = {**os.environ, "KEYFLEET_METADATA_DISABLED": "true"}
    if arguments.share:
        environment["KEYFLEET_API_RATE_SHARE"] = str(100 // count)
    if arguments.plugins:
        environment["PYTHONPATH"] = arguments.plugins
    command = [sys.executable, str(Path(__file__).with_name("binding_process.py"))]
    started = []
    for instance_ids in fleets:
        task = {**cloud.options(place), "key_pairs": ["deploy"], "instance_ids": instance_ids, "wait_timeout": 3600}
        process = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append((process, json.dumps(task)))
    for process, text in started:
        if process.stdin:
            process.stdin.write(text)
            process.stdin.close()
    return [json.loads(process.stdout.read()) for process, _text in started if process.stdout]


def was_rejected(entry: t.Mapping[str, t.Any]) -> bool:
    """Whether the cloud answered an entry of its log that there were too many calls."""
    return str(entry["code"]).startswith(THROTTLED)


def report(cloud: Cloud, place: Place, count: int, results: list[dict[str, t.Any]]) -> None:
    """Print the line of one run."""
    log = cloud.ask("log")
    answered = collections.Counter(entry["action"] for entry in log if not was_rejected(entry))
    rejected = len(log) - sum(answered.values())
    capabilities = PROVIDERS[place.provider].capabilities
    floor = max(
        (math.ceil(calls / rate.calls) - 1) * rate.seconds
        for action, calls in answered.items()
        if (rate := capabilities.rates.get(action, capabilities.default_rate))
    )
    times = [entry["time"] for entry in log]
    seconds, total = max(times) - min(times), sum(answered.values())
    failed = sum(result["summary"].get("failed", 0) for result in results)
    failed += sum(1 for result in results if not result["summary"])
    ratio = f"{seconds / floor:6.2f}" if floor else "     -"
    share = rejected / total
    print(
        f"{count:9}  {total:8}  {rejected:8}  {share:5.1%}  {floor:7.0f}  {seconds:6.1f}  {ratio}  {failed:11}",
        flush=True,
    )


if __name__ == "__main__":
    main()
