# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The command line of OpenSSH's client for one attempt: this key or none."""

from __future__ import annotations

import os
import signal
import subprocess
import typing as t

from .model import Target
from .options import LoginOptions

_FIXED = {
    # No other way in than this key, and none that somebody has open already.
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    "PKCS11Provider": "none",
    "ControlMaster": "no",
    "ControlPath": "none",
    "PubkeyAuthentication": "yes",
    "PreferredAuthentications": "publickey",
    "PasswordAuthentication": "no",
    "KbdInteractiveAuthentication": "no",
    "HostbasedAuthentication": "no",
    "GSSAPIAuthentication": "no",
    # Nobody is asked anything, and nothing goes on beside the one command.
    "BatchMode": "yes",
    "NumberOfPasswordPrompts": "0",
    "ConnectionAttempts": "1",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "2",
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "PermitLocalCommand": "no",
    "RemoteCommand": "none",
    "RequestTTY": "no",
    "UpdateHostKeys": "no",
    # What is read afterwards.
    "FingerprintHash": "sha256",
    "LogLevel": "DEBUG1",
}
_HOST_KEYS = {"accept_new": "accept-new", "strict": "yes", "off": "no"}
# What would let ssh ask somebody, or use keys of an agent.
_NOT_INHERITED = ("SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY")


def command(ssh: str, options: LoginOptions, key: str, target: Target) -> list[str]:
    """Return the command. Everything in it was checked before: see options.py."""
    settings = {
        **_FIXED,
        "ConnectTimeout": str(options.connect_timeout),
        "StrictHostKeyChecking": _HOST_KEYS[options.host_key_checking],
        **_known_hosts(options),
    }
    return [
        ssh,
        *("-F", options.ssh_config_path or "none"),
        *(word for name, value in settings.items() for word in ("-o", f"{name}={value}")),
        *("-o", f"IdentityFile={_quoted(key)}"),
        *("-p", str(target.port), "-l", target.user),
        *("--", target.host, "true"),
    ]


def environment(environ: t.Mapping[str, str]) -> dict[str, str]:
    """Return the environment of ssh."""
    return {**{name: value for name, value in environ.items() if name not in _NOT_INHERITED}, "LC_ALL": "C"}


def run(words: t.Sequence[str], environ: t.Mapping[str, str], seconds: float) -> tuple[int | None, str, str]:
    """Run a command; return its exit code (None: it was killed when the time was over), output and errors.

    It has no terminal to ask on, and what it started (a ProxyCommand) is killed with it. Raises OSError where it cannot
    be run.
    """
    # AnsibleModule.run_command cannot end what it started when the time is over, and is out of reach here.
    with subprocess.Popen(  # pylint: disable=ansible-bad-function
        words,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        code: int | None
        try:
            output, errors = process.communicate(timeout=seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, errors = process.communicate()
            code = None
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return code, output.decode("utf-8", "replace"), errors.decode("utf-8", "replace")


def _known_hosts(options: LoginOptions) -> dict[str, str]:
    if options.host_key_checking == "off":
        # What was remembered must not get in the way either.
        return {"UserKnownHostsFile": "/dev/null", "GlobalKnownHostsFile": "/dev/null"}
    if options.known_hosts_path:
        return {"UserKnownHostsFile": _quoted(options.known_hosts_path)}
    return {}


def _quoted(path: str) -> str:
    """Return a path as ssh's configuration wants it: in quotation marks, and a percent sign doubled."""
    return '"{}"'.format(path.replace("%", "%%"))
