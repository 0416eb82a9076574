# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module's real code inside the test process, and makes what it printed readable.

``bind(cloud, ["deploy"], [web], check=True)`` reads like the task it stands for.
"""

from __future__ import annotations

import contextlib
import io
import json
import types
from collections.abc import Iterator
from typing import Any
from unittest import mock

from ansible.module_utils import basic
from ansible_collections.keyfleet.cloud.plugins.modules import keypair_binding
from ansible_collections.keyfleet.cloud.tests.unit.modules.cloud import COLLEAGUE, Cloud
from ansible_collections.keyfleet.cloud.tests.unit.modules.contract import check_contract
from ansible_collections.keyfleet.cloud.tests.unit.modules.result import Result
from ansible_collections.keyfleet.cloud.tests.unit.modules.virtual_time import virtual_time

try:
    from ansible.module_utils.testing import patch_module_args  # ansible-core 2.19 and newer
except ImportError:

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any] | None = None) -> Iterator[None]:
        """Hand arguments to the next AnsibleModule."""
        with mock.patch.object(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": args or {}}).encode()):
            yield


def bind(cloud: Cloud, key_pairs: Any, instance_ids: Any, **options: Any) -> Result:
    """Run a task with ``state: present``; see ``run``. Key pairs are given by name, or as the API calls them."""
    return run(cloud, key_pairs=key_pairs, instance_ids=instance_ids, state="present", **options)


def unbind(cloud: Cloud, key_pairs: Any, instance_ids: Any, **options: Any) -> Result:
    """Run a task with ``state: absent``; see ``run``."""
    return run(cloud, key_pairs=key_pairs, instance_ids=instance_ids, state="absent", **options)


def run(cloud: Cloud, *, check: bool = False, diff: bool = False, **options: Any) -> Result:
    """Run keypair_binding and see that the result keeps the module's contract; see ``run_module``."""
    result = run_module(keypair_binding, cloud, check=check, diff=diff, **options)
    check_contract(result)
    return result


def run_module(
    module: types.ModuleType, cloud: Cloud, *, check: bool = False, diff: bool = False, **options: Any
) -> Result:
    """Run a task of any module against the cloud.

    Options are the module's; None leaves out one that would be given otherwise.
    """
    given = {**cloud.options, **options}
    arguments = {name: value for name, value in given.items() if value is not None}
    arguments |= {"_ansible_check_mode": check, "_ansible_diff": diff}
    before = len(cloud.log())
    with virtual_time(cloud.clock, None if cloud.wire else cloud.emulator):
        printed, warnings = run_here(module, arguments)
    cloud.emulator.wait_until_quiet()
    data = json.loads(printed.strip().splitlines()[-1])
    log = [entry for entry in cloud.log()[before:] if not (entry["access_key_id"] or "").endswith(COLLEAGUE)]
    return Result(given, data, warnings, printed, log)


def read(module: types.ModuleType, cloud: Cloud, **options: Any) -> Result:
    """Run a task of a module that never changes anything; see ``run_module``."""
    result = run_module(module, cloud, **options)
    assert not result.changed
    assert result.writes == []
    return result


def run_here(module: types.ModuleType, arguments: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Run a module inside this process; return what it printed, and its warnings."""
    output = io.StringIO()
    warnings: list[str] = []

    def warn(_module: basic.AnsibleModule, warning: str, **_options: Any) -> None:
        # Once controller code is loaded in this process, ansible-core would show a warning instead of keeping it.
        warnings.append(warning)

    with (
        patch_module_args(arguments),
        mock.patch.object(basic.AnsibleModule, "warn", warn),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        contextlib.suppress(SystemExit),
    ):
        module.main()
    return output.getvalue(), tuple(warnings)
