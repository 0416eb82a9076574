# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The only file that knows AnsibleModule: options in, results and errors out."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._clock import SystemClock
from ._errors import KeyfleetError
from ._task import Body, Outcome, Task
from ._transport import REQUESTS_IMPORT_ERROR


def run_module(body: Body) -> t.NoReturn:
    """Run a module's body and end the process with its result."""
    module = AnsibleModule(argument_spec=body.arguments(), supports_check_mode=True)
    if REQUESTS_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    task = Task(
        module.params,
        os.environ,
        SystemClock(),
        check_mode=module.check_mode,
        # Secrets from the environment are unknown to Ansible, so that it would not mask them by itself.
        keep_secret=module.no_log_values.update,
    )
    try:
        outcome = body.run(task)
    except KeyfleetError as error:
        _fail(module, body, task, error)
    finally:
        task.close()
    _exit(module, task, outcome)


def _exit(module: AnsibleModule, task: Task, outcome: Outcome) -> t.NoReturn:
    for warning in outcome.warnings:
        module.warn(warning)
    result = {**outcome.result, "changed": outcome.changed, "api_calls": task.api_calls}
    if module._diff:
        result["diff"] = list(outcome.diff)
    if outcome.failure is not None:
        module.fail_json(msg=outcome.failure, **result)
    module.exit_json(**result)
    raise SystemExit(0)


def _fail(module: AnsibleModule, body: Body, task: Task, error: KeyfleetError) -> t.NoReturn:
    """Fail with an error that concerns the task as a whole."""
    info = error.info
    result = {**body.failed(task, error), "changed": False, "api_calls": task.api_calls, "error": info.as_dict()}
    module.fail_json(msg=f"{info.message} {info.hint}".rstrip(), **result)
    raise SystemExit(1)
