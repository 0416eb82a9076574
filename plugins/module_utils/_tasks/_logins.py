# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the options of a task to the way in which logins are proved."""

from __future__ import annotations

import functools
import typing as t

from .._errors import InputError
from .._login.banner import wait_for_ssh
from .._login.options import login_options
from .._login.proof import Prover
from .._plan.wave_model import WavePolicy
from .._services.wave_login import WaveLogins
from .._task import Task


def read_logins(task: Task, policy: WavePolicy) -> WaveLogins | None:
    """Return how logins are proved, None when nobody asks. Raises InputError where no proof could succeed."""
    options = login_options(task.params["login"])
    if options.private_key_path:
        prover = Prover(options, task.clock, task.environ)
        return WaveLogins(prover.prove, options, policy, same_key=prover.require_same_key)
    for option, given in (("prove_first", policy.prove_first), ("rollback", policy.rollback != "none")):
        if given:
            raise InputError(f"{option} needs a login to go by.", "Give login.private_key_path.")
    if not task.params["wait_for_ssh"]:
        return None
    answers: t.Any = functools.partial(
        wait_for_ssh, clock=task.clock, seconds=options.timeout, connect_timeout=options.connect_timeout
    )
    return WaveLogins(answers, options, policy)
