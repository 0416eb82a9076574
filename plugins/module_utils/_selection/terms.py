# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a lookup is asked for: names (globs) and instance IDs, and whether each of them was found."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._capabilities import Capabilities
from .globs import is_glob, matches

Shown = t.Mapping[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Terms:
    """The terms, told apart by their form: what looks like an instance ID of the provider is one."""

    ids: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, terms: t.Iterable[str], capabilities: Capabilities) -> Terms:
        """Return the terms, each once."""
        unique = list(dict.fromkeys(terms))
        ids = tuple(term for term in unique if re.fullmatch(capabilities.instance_id_pattern, term))
        return cls(ids, tuple(term for term in unique if term not in ids))

    def missing(self, instances: t.Sequence[Shown]) -> list[str]:
        """Return the terms that none of the instances answers to."""
        known = {instance["instance_id"] for instance in instances}
        names = {instance["name"] for instance in instances}
        return [
            *(instance_id for instance_id in self.ids if instance_id not in known),
            *(pattern for pattern in self.names if not any(matches(name, pattern) for name in names)),
        ]

    def ambiguous(self, instances: t.Sequence[Shown]) -> dict[str, list[str]]:
        """Return plain names that several instances have, with the IDs of these. A glob is meant to find several."""
        found: dict[str, list[str]] = {name: [] for name in self.names if not is_glob(name)}
        for instance in instances:
            if instance["name"] in found:
                found[instance["name"]].append(instance["instance_id"])
        return {name: ids for name, ids in found.items() if len(ids) > 1}
