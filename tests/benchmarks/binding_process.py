# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task of keypair_binding as a process of its own, as Ansible starts it, without Ansible's share of the time.

The task's options come as JSON on standard input; the result's counts go as JSON to standard output.
"""

from __future__ import annotations

import json
import os
import sys
import typing as t

from ansible_collections.keyfleet.cloud.plugins.module_utils._clock import SystemClock
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._task import Task
from ansible_collections.keyfleet.cloud.plugins.module_utils._tasks.keypair_binding import KeypairBinding


def main() -> None:
    """Run the task."""
    body = KeypairBinding()
    defaults = {name: argument.get("default") for name, argument in body.arguments().items()}
    params = {**defaults, **json.load(sys.stdin)}
    task = Task(params, os.environ, SystemClock(), check_mode=False, keep_secret=lambda _secrets: None)
    try:
        json.dump(_counts(body, task), sys.stdout)
    finally:
        task.close()


def _counts(body: KeypairBinding, task: Task) -> dict[str, t.Any]:
    try:
        outcome = body.run(task)
    except KeyfleetError as error:
        return {"summary": {}, "failure": str(error), "api_calls": task.api_calls}
    return {"summary": outcome.result["summary"], "failure": outcome.failure, "api_calls": task.api_calls}


if __name__ == "__main__":
    main()
