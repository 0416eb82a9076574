# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Waiting until SSH servers answer, without a login: a connection, and the words ``SSH-`` (RFC 4253, section 4.2)."""

from __future__ import annotations

import socket
import typing as t

from .._clock import Clock, Deadline
from .._models import ErrorInfo
from .._plan.rollout_model import InstanceRef
from .model import LoginResult, Target, Verdict
from .options import checked
from .rounds import try_until_final

#: the code of the error where nobody greeted
CODE = "SshNotReached"

# A server may say something else first, line by line.
_MOST_READ = 8192


def wait_for_ssh(
    targets: t.Sequence[Target], *, clock: Clock, seconds: float, connect_timeout: float = 10.0
) -> dict[InstanceRef, LoginResult]:
    """Return for each target whether its SSH server answered within so many seconds; ``connect_timeout`` is for one
    attempt. Raises InputError for a host or port that is none.
    """
    return try_until_final(
        [checked(target) for target in targets],
        lambda target: greeting(target.host, target.port, connect_timeout),
        lambda target, verdict: _explain(target, verdict, seconds),
        clock=clock,
        deadline=Deadline(clock, seconds),
    )


def greeting(host: str, port: int, timeout: float) -> Verdict:
    """Return whether an SSH server greets there."""
    heard = b""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            while len(heard) < _MOST_READ:
                part = connection.recv(1024)
                heard += part
                if heard.startswith(b"SSH-") or b"\nSSH-" in heard:
                    return Verdict("in")
                if not part:
                    return Verdict("not_yet", "the connection was closed without a greeting")
    except socket.gaierror as error:
        return Verdict("not_yet" if error.errno == socket.EAI_AGAIN else "never", str(error.strerror or error).lower())
    except TimeoutError:
        return Verdict("not_yet", "connection or greeting timed out")
    except (OSError, UnicodeError) as error:
        return Verdict("not_yet", str(getattr(error, "strerror", None) or error).lower())
    return Verdict("never", "something answers that is no SSH server")


def _explain(target: Target, verdict: Verdict, seconds: float) -> ErrorInfo:
    return ErrorInfo(
        code=CODE,
        message=f"{target.instance}: no SSH server answered at {target} within {seconds:g} s: {verdict.said}.",
        hint="Look at the instance's console, firewall and security group. If the server is elsewhere, say so: "
        "login.address, login.port, or logins of the entry.",
        retryable=verdict.kind == "not_yet",
    )
