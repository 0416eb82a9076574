# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The only file that knows AnsibleModule: options in, results and errors out."""

from __future__ import annotations

import os
import traceback
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._clock import SystemClock
from ._errors import KeyfleetError
from ._models import ErrorInfo
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
    except Exception as error:  # noqa: BLE001 — a user gets a message, and the traceback at -vvv only
        _fail(module, body, task, _unexpected(error), traceback.format_exc())
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


def _unexpected(error: Exception) -> KeyfleetError:
    """Return the error for what nobody foresaw: a mistake of ours, or an answer unlike anything documented."""
    return KeyfleetError(
        ErrorInfo(
            code="Unexpected",
            message=f"Something unexpected happened: {type(error).__name__}: {error}.",
            hint="Whether anything was written is not known; run the task again, it reads the bindings first. "
            "Please report it, with the traceback that -vvv shows.",
        )
    )


def _fail(module: AnsibleModule, body: Body, task: Task, error: KeyfleetError, trace: str | None = None) -> t.NoReturn:
    """Fail with an error that concerns the task as a whole."""
    info = error.info
    result = {**body.failed(task, error), "changed": False, "api_calls": task.api_calls, "error": info.as_dict()}
    if trace is not None:
        result["exception"] = trace
    module.fail_json(msg=f"{info.message} {info.hint}".rstrip(), **result)
    raise SystemExit(1)
