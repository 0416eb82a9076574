# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The filters as a user writes them, the same for modules, lookup and inventory, and for every provider."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._capabilities import Capabilities
from .._errors import InputError
from .._plan.validation import split_list
from .criteria import Criteria, known_states, tag_texts


@dataclasses.dataclass(frozen=True)
class Filters:
    """What a user asks for; all that is given must hold. None is not given, an empty tuple selects nothing.

    ``states`` are the vendor's words in any case. ``key_pair`` is an ID or a name; a name means the key pair that has
    it in each region.
    """

    names: tuple[str, ...] | None = None
    tags: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    states: tuple[str, ...] | None = None
    key_pair: str | None = None

    @classmethod
    def from_options(cls, get: t.Callable[[str], t.Any]) -> Filters:
        """Return the filters of a plugin, whichever way it reads its options. Raises InputError for malformed tags."""
        return cls(
            names=optional_list(get("names")),
            tags=tag_texts(get("tags")),
            states=optional_list(get("states")),
            key_pair=get("key_pair") or None,
        )

    @property
    def restricts(self) -> bool:
        """Whether any filter is given."""
        return bool(self.tags or self.key_pair) or self.names is not None or self.states is not None

    def criteria(self, capabilities: Capabilities) -> Criteria:
        """Return the filters in a provider's words, the key pair left out.

        Raises InputError for what the provider cannot tell.
        """
        if self.tags and not capabilities.reports_tags:
            raise InputError(
                f"tags cannot be used with {capabilities.provider}: its API does not report tags.",
                "Choose by name, state or key pair.",
            )
        if self.key_pair is not None:
            check_key_pairs("key_pair", [self.key_pair], capabilities)
        states = None if self.states is None else known_states(self.states, capabilities.instance_states)
        return Criteria(names=self.names, states=states, tags=self.tags)


def optional_list(value: t.Any) -> tuple[str, ...] | None:
    """Return the elements of a list, None when the option is not given."""
    if value is None:
        return None
    return split_list([value] if isinstance(value, str) else value)


def check_key_pairs(option: str, references: t.Iterable[str], capabilities: Capabilities) -> None:
    """Raise InputError for what can be neither ID nor name of a key pair."""
    patterns = [
        pattern for pattern in (capabilities.key_pair_id_pattern, capabilities.key_pair_name_pattern) if pattern
    ]
    for reference in references:
        if not any(re.fullmatch(pattern, reference) for pattern in patterns):
            raise InputError(f"{option} is malformed: {reference}.", f"Give {capabilities.key_pair_example}.")
