# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The instances that a selector means: filters and a query, checked before anything is read."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._models import Instance
from .filters import Filters
from .query import compile_query


@dataclasses.dataclass(frozen=True)
class Selector:
    """Filters and a JMESPath query; an instance is meant when it passes all that is given."""

    filters: Filters
    query: str | None = None

    @property
    def restricts(self) -> bool:
        """Whether anything is given at all."""
        return self.filters.restricts or bool(self.query)

    def check(self, capabilities: Capabilities) -> None:
        """Raise InputError for what cannot be right, whatever the cloud holds."""
        self.filters.criteria(capabilities)
        if self.query:
            compile_query(self.query)

    def choose(
        self,
        instances: t.Iterable[Instance],
        capabilities: Capabilities,
        region: str,
        *,
        key_pair: str | None = None,
    ) -> tuple[str, ...]:
        """Return the IDs of those of a region's instances that are meant, by name and ID, or as the query orders them.

        ``key_pair`` is the ID of the key pair that the filters name. Raises InputError for a query that fails.
        """
        criteria = dataclasses.replace(self.filters.criteria(capabilities), key_pair=key_pair)
        if criteria.nothing or (self.filters.key_pair is not None and key_pair is None):
            return ()
        fitting = sorted(
            (instance for instance in instances if not instance.hidden and criteria.fit(instance)),
            key=lambda instance: (instance.name, instance.id),
        )
        if not self.query:
            return tuple(instance.id for instance in fitting)
        chosen = compile_query(self.query)([one.as_dict(capabilities.provider, region) for one in fitting])
        return tuple(str(shown["instance_id"]) for shown in chosen)
