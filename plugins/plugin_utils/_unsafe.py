# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Texts from the cloud never become templates: whoever may name an instance must not run code on the controller.

ansible-core 2.19 and newer templates nothing that is not marked as trusted. Older versions template every variable
unless it is marked as unsafe.
"""

from __future__ import annotations

import typing as t

try:
    from ansible.utils.unsafe_proxy import wrap_var as _mark
except ImportError:  # newer versions of ansible-core have no such function, nor a need for it

    def _mark(value: t.Any) -> t.Any:
        return value


def make_unsafe(value: t.Any) -> t.Any:
    """Return the value with every text marked that could be a template, however deep it is."""
    if isinstance(value, t.Mapping):
        return {make_unsafe(key): make_unsafe(element) for key, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [make_unsafe(element) for element in value]
    if isinstance(value, str) and ("{" in value or "}" in value):
        return _mark(value)
    return value
