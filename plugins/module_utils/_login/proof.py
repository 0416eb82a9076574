# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The proof that a private key opens instances: OpenSSH's own client logs in, and says that this key was the reason."""

from __future__ import annotations

import functools
import os
import shutil
import typing as t

from .._clock import Clock, Deadline
from .._errors import InputError
from .._models import ErrorInfo
from .._plan.rollout_model import InstanceRef
from .._private_key_file import reason_of
from .._public_key import PublicKey, parse_public_key
from .command import command, environment, run
from .key_file import PrivateKey
from .model import Kind, LoginResult, Target, Verdict
from .options import LoginOptions, checked
from .rounds import try_until_final
from .verdict import judge

# Seconds that an attempt has beyond connecting: key exchange, authentication, and a shell that starts.
_SLACK = 20

#: what a verdict means -> the code of the error, and what to do
EXPLAINED: dict[Kind, tuple[str, str]] = {
    "not_yet": (
        "LoginNotReached",
        "Look at the instance's console, firewall and security group. If the server is elsewhere, say so: "
        "login.address, login.port, or logins of the entry.",
    ),
    "denied": (
        "LoginDenied",
        "The guest does not accept this key for this user. Is it the right user (login.user)? Does the guest need a "
        "restart, or a longer login.denied_grace, before it uses the key?",
    ),
    "other_key": (
        "LoginNotProved",
        "Nothing is known about the key itself. Look at the guest's sshd configuration, and at the file given as "
        "login.ssh_config_path. OpenSSH's client has to be 8.0 or later.",
    ),
    "no_command": (
        "LoginWithoutCommand",
        "The key is accepted, but this account cannot run a command. Many images let root in only to say which user "
        "to log in as: name that user with login.user.",
    ),
    "host_key": (
        "LoginHostKey",
        "If the instance was reinstalled, or its address was another's before, remove the old host key: ssh-keygen -R. "
        "login.host_key_checking says what is accepted.",
    ),
    "never": ("LoginImpossible", "Correct that, then run it again: what is done stays done."),
}


class Prover:
    """Proves logins with one private key. ``environ`` is what ssh gets, apart from what would give it other keys.

    Raises InputError where no proof could succeed: no key, one that ssh cannot use, no ssh.
    """

    def __init__(self, options: LoginOptions, clock: Clock, environ: t.Mapping[str, str]) -> None:
        if not options.private_key_path:
            raise InputError("A proof of login needs a private key.", "Give login.private_key_path.")
        self._options = options
        self._clock = clock
        self._environ = environment(environ)
        self._key = PrivateKey(options.private_key_path)
        ssh = shutil.which(os.path.expanduser(options.ssh_path), path=environ.get("PATH", os.defpath))
        if ssh is None:
            raise InputError(
                f"OpenSSH's client {options.ssh_path} is not installed on the host where the task runs.",
                "Install it (Debian: openssh-client, Red Hat: openssh-clients), or name it with login.ssh_path.",
            )
        self._ssh = os.path.abspath(ssh)

    @property
    def public_key(self) -> PublicKey:
        """The public half of the private key."""
        return self._key.public_key

    def require_same_key(self, name: str, public_key: str | None) -> None:
        """Raise InputError when the cloud's key pair is another key. None: the API does not show it, nobody knows."""
        if public_key is None:
            return
        try:
            shown = parse_public_key(public_key)
        except ValueError:
            return
        if shown != self.public_key:
            raise InputError(
                f"The private key {self._key.path} ({self.public_key.fingerprint}) does not belong to the key pair "
                f"{name} ({shown.fingerprint}).",
                "A login with it would say nothing about that key pair. Give the private key that belongs to it.",
            )

    def prove(self, targets: t.Sequence[Target]) -> dict[InstanceRef, LoginResult]:
        """Return for each target whether its server let us in because of this key, within ``timeout`` seconds.

        Raises InputError for a host, port or user that is none, before any attempt.
        """
        safe = [checked(target) for target in targets]
        if not safe:
            return {}
        with self._key.laid_out() as path:
            return try_until_final(
                safe,
                functools.partial(self._attempt, path),
                self._explain,
                clock=self._clock,
                deadline=Deadline(self._clock, self._options.timeout),
                denied_grace=self._options.denied_grace,
            )

    def _attempt(self, path: str, target: Target) -> Verdict:
        words = command(self._ssh, self._options, path, target)
        try:
            code, output, errors = run(words, self._environ, self._options.connect_timeout + _SLACK)
        except OSError as error:
            return Verdict("never", f"{self._ssh} cannot be run: {reason_of(error)}")
        return judge(code, errors, output, self.public_key.fingerprint)

    def _explain(self, target: Target, verdict: Verdict) -> ErrorInfo:
        code, hint = EXPLAINED[verdict.kind]
        return ErrorInfo(
            code=code,
            message=f"{target.instance}: no login as {target} with {self._key.path} ({self.public_key.fingerprint}). "
            f"ssh says: {verdict.said}",
            hint=hint,
            retryable=verdict.kind in {"not_yet", "denied"},
        )
