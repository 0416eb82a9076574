# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Where requests go: option, then environment, then the vendor's public host."""

from __future__ import annotations

import typing as t
import urllib.parse

from ._errors import InputError


def endpoint_variable(provider: str) -> str:
    """Return the environment variable that redirects one provider, such as KEYFLEET_ENDPOINT_TENCENT_CVM."""
    return f"KEYFLEET_ENDPOINT_{provider.upper()}"


def resolve_endpoint(option: str | None, provider: str, environ: t.Mapping[str, str], public_host: str) -> str:
    """Return scheme, host and port, without a path and without a trailing slash.

    Raises InputError when it is no such URL.
    """
    variable = endpoint_variable(provider)
    if option:
        return checked_endpoint(option, "The option endpoint")
    if environ.get(variable):
        return checked_endpoint(environ[variable], f"The environment variable {variable}")
    return f"https://{public_host}"


def checked_endpoint(text: str, source: str) -> str:
    """Return scheme, host and port. Raises InputError naming the source when it is no such URL."""
    parts = urllib.parse.urlsplit(text.strip())
    try:
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine or parts.username is not None:
        raise InputError(
            f"{source} is not a URL of the form https://host[:port]: {_without_userinfo(text)!r}.",
            "Give scheme, host and port only, for example https://gateway.example.com:8443.",
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InputError(
            f"{source} must not contain a path: {text!r}.",
            "Give scheme, host and port only; the API's own path, such as /v2/index.php, is added by the collection.",
        )
    return f"{parts.scheme}://{parts.netloc}"


def _without_userinfo(text: str) -> str:
    """Return the text as it may be shown: somebody may have put a password before the host."""
    return text.rsplit("@", 1)[-1]
