# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Which instances are meant: the filters that instance_info, the lookup and the inventory have in common."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import InputError
from .._models import Instance
from .globs import matches_any


@dataclasses.dataclass(frozen=True)
class Criteria:
    """Filters on instances; all that are given must hold. None means no restriction, an empty tuple fits nothing.

    ``names`` are globs. ``states`` are the vendor's words as the vendor writes them; see ``known_states``. ``tags``
    must all be there with exactly these values. ``key_pair`` is the ID, as instances list it.
    """

    names: tuple[str, ...] | None = None
    states: tuple[str, ...] | None = None
    tags: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    key_pair: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether no instance can fit, so that nobody needs to be asked."""
        return self.names == () or self.states == ()

    def fit(self, instance: Instance) -> bool:
        """Whether the instance passes all filters."""
        return (
            (self.names is None or matches_any(instance.name, self.names))
            and (self.states is None or instance.state in self.states)
            and all(instance.tags.get(key) == value for key, value in self.tags.items())
            and (self.key_pair is None or self.key_pair in instance.key_pairs)
        )


def known_states(words: t.Iterable[str], vendor_words: t.Sequence[str]) -> tuple[str, ...]:
    """Return states as the vendor writes them, whatever case the user chose. Raises InputError for an unknown word."""
    words = tuple(words)
    check_states(words, [vendor_words])
    return states_of(words, vendor_words)


def states_of(words: t.Iterable[str], vendor_words: t.Sequence[str]) -> tuple[str, ...]:
    """Return those of the states that the vendor has, as it writes them."""
    spelling = {word.lower(): word for word in vendor_words}
    return tuple(dict.fromkeys(spelling[word.lower()] for word in words if word.lower() in spelling))


def check_states(words: t.Iterable[str], vocabularies: t.Iterable[t.Sequence[str]]) -> None:
    """Raise InputError for a word that is in none of the vendors' vocabularies."""
    known = list(dict.fromkeys(word for vocabulary in vocabularies for word in vocabulary))
    unknown = sorted(set(words) - {word for word in words if states_of([word], known)})
    if unknown:
        raise InputError(f"states has unknown words: {', '.join(unknown)}.", f"Known are {', '.join(known)}.")


def tag_texts(tags: t.Any) -> dict[str, str]:
    """Return tags as texts: YAML reads ``yes`` or ``1`` as something else. Raises InputError for what is no dictionary
    of plain values.
    """
    if tags is None:
        return {}
    if not isinstance(tags, t.Mapping):
        raise InputError("tags is no dictionary.", "Write it as key: value.")
    found = {}
    for key, value in tags.items():
        if value is None or isinstance(value, (list, dict)):
            raise InputError(f"The tag {key} has no plain value.", "Give a text; an empty value is ''.")
        found[str(key)] = str(value).lower() if isinstance(value, bool) else str(value)
    return found
