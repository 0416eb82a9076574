# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The options of a proof of login, checked. Nothing that is given here can become another option of ssh."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
import typing as t

from .._argspec import ArgumentSpec
from .._errors import InputError
from .model import Target

#: The members of the option ``login``; to be used as ``options`` of a dictionary.
LOGIN_ARGUMENTS: ArgumentSpec = {
    "private_key_path": {"type": "path", "no_log": False},
    "user": {"type": "str", "default": "root"},
    "port": {"type": "int", "default": 22},
    "address": {"type": "str", "default": "public", "choices": ["private", "public"]},
    "timeout": {"type": "int", "default": 300},
    "connect_timeout": {"type": "int", "default": 10},
    "denied_grace": {"type": "int", "default": 10},
    "known_hosts_path": {"type": "path"},
    "host_key_checking": {
        "type": "str",
        "default": "accept_new",
        "choices": ["accept_new", "off", "strict"],
        "no_log": False,
    },
    "ssh_config_path": {"type": "path"},
    "ssh_path": {"type": "path", "default": "ssh"},
}

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}")


@dataclasses.dataclass(frozen=True)
class LoginOptions:
    """How to log in. Times are in seconds; paths are absolute, ``ssh_path`` may be a name to look for."""

    private_key_path: str | None = None
    user: str = "root"
    port: int = 22
    address: t.Literal["public", "private"] = "public"
    timeout: int = 300
    connect_timeout: int = 10
    denied_grace: int = 10
    known_hosts_path: str | None = None
    host_key_checking: t.Literal["accept_new", "strict", "off"] = "accept_new"
    ssh_config_path: str | None = None
    ssh_path: str = "ssh"


def login_options(values: t.Mapping[str, t.Any] | None) -> LoginOptions:
    """Return the options; what is missing, null or an empty text has its default. Raises InputError."""
    given = {name: value for name, value in (values or {}).items() if value is not None and value != ""}
    unknown = sorted(given.keys() - LOGIN_ARGUMENTS.keys())
    if unknown:
        raise InputError(f"login has no member {unknown[0]}.", f"It has: {', '.join(LOGIN_ARGUMENTS)}.")
    options = LoginOptions(**given)
    for name, least, most in (("timeout", 1, 86400), ("connect_timeout", 1, 600), ("denied_grace", 0, 3600)):
        _require_number(f"login.{name}", getattr(options, name), least, most)
    for name in ("address", "host_key_checking"):
        _require_choice(name, getattr(options, name))
    require_address("login", None, options.port, options.user)
    paths = ("private_key_path", "known_hosts_path", "ssh_config_path")
    absolute = {name: os.path.abspath(getattr(options, name)) for name in paths if getattr(options, name)}
    for name, path in absolute.items():
        require_path(f"login.{name}", path)
    if options.known_hosts_path and not os.path.isdir(os.path.dirname(absolute["known_hosts_path"])):
        raise InputError(
            f"login.known_hosts_path: the folder of {absolute['known_hosts_path']} does not exist.", "Create it first."
        )
    if options.ssh_config_path and not os.path.isfile(absolute["ssh_config_path"]):
        raise InputError(f"login.ssh_config_path: there is no file {absolute['ssh_config_path']}.")
    return dataclasses.replace(options, **absolute)


def checked(target: Target) -> Target:
    """Return the target, an IPv6 address without brackets. Raises InputError for what ssh might take otherwise."""
    host = target.host
    if host.startswith("[") and host.endswith("]") and ":" in host:
        host = host[1:-1]
    require_address(str(target.instance), host, target.port, target.user)
    return dataclasses.replace(target, host=host)


def require_address(where: str, host: str | None, port: int, user: str) -> None:
    """Raise InputError unless these can only be read as a host (None: not asked), a port and an account."""
    if host is not None and not _is_host(host):
        raise InputError(
            f"{where}: {host!r} is not the name or address of a host.",
            "Give a DNS name, an IPv4 or an IPv6 address, or an alias of letters, digits, dots, hyphens and "
            "underscores.",
        )
    if not _USER.fullmatch(user):
        raise InputError(
            f"{where}: {user!r} is not a user to log in as.",
            "A user begins with a letter, a digit or an underscore; after that _ . @ + - are allowed as well.",
        )
    _require_number(f"{where}: port", port, 1, 65535)


def require_path(where: str, path: str) -> None:
    """Raise InputError for a path that ssh would expand or cut into pieces."""
    if re.search(r"[\"\\\x00-\x1f\x7f]|\$\{", path):
        raise InputError(
            f"{where}: the path {path!r} has characters that ssh gives a meaning of its own.",
            "Choose one without quotation marks, backslashes, ${ and control characters.",
        )


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _HOST.fullmatch(host) is not None
    # The name of an interface (fe80::1%eth0) is free text.
    return re.fullmatch(r"[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.-]+)?", host) is not None


def _require_number(where: str, value: t.Any, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{where} must be a number from {least} to {most}, not {value!r}.")


def _require_choice(name: str, value: t.Any) -> None:
    choices = LOGIN_ARGUMENTS[name]["choices"]
    if value not in choices:
        raise InputError(f"login.{name} must be one of {', '.join(choices)}, not {value!r}.")
