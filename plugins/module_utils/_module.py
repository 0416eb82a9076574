# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The only file that knows AnsibleModule: options in, results and errors out."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._argspec import binding_arguments, connection_arguments, wait_arguments
from ._clock import Deadline, SystemClock
from ._connection import Connection, ConnectionOptions, connect
from ._errors import InputError, KeyfleetError
from ._models import Desired
from ._plan.validation import split_list, validate
from ._service import NOTHING, Bindings, BindingService, not_read
from ._transport import REQUESTS_IMPORT_ERROR


def run_keypair_binding() -> None:
    """Run the module keypair_binding: bind or unbind key pairs, or say in check mode what would be done."""
    module = AnsibleModule(
        argument_spec={**connection_arguments(), **wait_arguments(), **binding_arguments()}, supports_check_mode=True
    )
    if REQUESTS_IMPORT_ERROR is not None:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    desired = _desired(module.params)
    connection: Connection | None = None
    try:
        validate(desired, ConnectionOptions.from_options(module.params.get).capabilities)
        deadline = _deadline(module.params)
        if not desired.instance_ids:
            _exit(module, NOTHING, {})
        connection = _connect(module, deadline)
        bindings = BindingService(connection.provider, connection.capabilities, SystemClock()).ensure(
            desired, check=module.check_mode, wait=module.params["wait"], deadline=deadline
        )
    except InputError as error:
        _fail(module, error, NOTHING, connection)
    except KeyfleetError as error:
        _fail(module, error, not_read(desired, error.info), connection)
    _exit(module, bindings, connection.client.calls)


def _desired(params: t.Mapping[str, t.Any]) -> Desired:
    return Desired(
        key_pairs=split_list(params["key_pairs"]),
        instance_ids=split_list(params["instance_ids"]),
        state=params["state"],
        exclusive=params["exclusive"],
        force_stop=params["force_stop"],
        association_type=params["association_type"],
        username=params["username"] or None,
        last_key_policy=params["last_key_policy"],
    )


def _deadline(params: t.Mapping[str, t.Any]) -> Deadline:
    if params["wait_timeout"] < 1:
        raise InputError(f"wait_timeout must be at least 1 second, not {params['wait_timeout']}.")
    return Deadline(SystemClock(), params["wait_timeout"])


def _connect(module: AnsibleModule, deadline: Deadline) -> Connection:
    """Connect, and keep secrets that came from the environment out of everything that Ansible prints."""
    connection = connect(ConnectionOptions.from_options(module.params.get), os.environ, SystemClock(), deadline)
    module.no_log_values.update(connection.secrets)
    return connection


def _exit(module: AnsibleModule, bindings: Bindings, calls: t.Mapping[str, int]) -> t.NoReturn:
    """End the task with its result, as failed if any row failed."""
    for warning in bindings.warnings:
        module.warn(warning)
    result = {**bindings.as_dict(), "api_calls": dict(calls)}
    if module._diff:
        result["diff"] = bindings.diff
    if bindings.failed:
        module.fail_json(msg=bindings.failure(), **result)
    module.exit_json(**result)
    raise SystemExit(0)


def _fail(module: AnsibleModule, error: KeyfleetError, bindings: Bindings, connection: Connection | None) -> t.NoReturn:
    """End the task with an error that concerns it as a whole."""
    calls = connection.client.calls if connection else {}
    info = error.info
    message = f"{info.message} {info.hint}".rstrip()
    module.fail_json(msg=message, error=info.as_dict(), **bindings.as_dict(), api_calls=calls)
    raise SystemExit(1)
