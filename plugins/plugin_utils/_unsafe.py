# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Texts from the cloud never become templates: whoever may name an instance must not run code on the controller.

ansible-core 2.19 and newer templates nothing that is not marked as trusted. Older versions template every variable
unless it is marked as unsafe.

``ansible-inventory`` shows what may not be templated as ``{"__ansible_unsafe": ...}``, and AWX keeps the variables of
hosts as it shows them. So a text in them that cannot do anything is trusted, and looks the same everywhere: it calls
nothing, even in a playbook that takes it for an expression.
"""

from __future__ import annotations

import re
import typing as t

HARMLESS = re.compile(r"[\w .:/@+=,-]*")

try:
    from ansible.utils.unsafe_proxy import wrap_var as _mark
except ImportError:  # newer versions of ansible-core have no such function, nor a need for it

    def _mark(value: t.Any) -> t.Any:
        return value


try:
    from ansible.template import trust_as_template as _trust
except ImportError:  # before ansible-core 2.19 every text is trusted

    def _trust(value: t.Any) -> t.Any:
        return value


def make_unsafe(value: t.Any) -> t.Any:
    """Return the value with every text marked that could be a template, however deep it is."""
    return _with_texts(value, lambda text: _mark(text) if _may_be_template(text) else text)


def host_variable(value: t.Any) -> t.Any:
    """Return the value as a variable of a host: marked as by make_unsafe, and trusted where it is harmless."""
    return _with_texts(value, lambda text: _trust(text) if HARMLESS.fullmatch(text) else make_unsafe(text))


def _may_be_template(text: str) -> bool:
    return "{" in text or "}" in text


def _with_texts(value: t.Any, change: t.Callable[[str], t.Any]) -> t.Any:
    if isinstance(value, t.Mapping):
        return {_with_texts(key, change): _with_texts(element, change) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_texts(element, change) for element in value]
    return change(value) if isinstance(value, str) else value
