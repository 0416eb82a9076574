# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An action plugin that runs the module of its own name in Ansible's process; see shadow."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Iterator
from typing import Any

from ansible.module_utils import basic
from ansible.plugins.action import ActionBase

try:
    from ansible.module_utils.testing import patch_module_args  # ansible-core 2.19 and newer
except ImportError:

    @contextlib.contextmanager
    def patch_module_args(args: dict[str, Any]) -> Iterator[None]:
        """Hand arguments to the next AnsibleModule."""
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": args}).encode()
        yield


# Imported here, so that it happens once, before Ansible forks a worker for the task.
MODULE = importlib.import_module(__name__.replace(".plugins.action.", ".plugins.modules."))


class ActionModule(ActionBase):
    """See the module."""

    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: Any = None) -> dict[str, Any]:
        """Return what the module returned."""
        result = super().run(tmp, task_vars)
        arguments = json.loads(json.dumps(dict(self._task.args)))
        arguments |= {"_ansible_check_mode": self._task.check_mode, "_ansible_diff": self._task.diff}
        printed = io.StringIO()
        with patch_module_args(arguments), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
            MODULE.main()
        return {**result, **json.loads(printed.getvalue())}
