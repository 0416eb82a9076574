# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module keypair_info."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, connection_arguments, key_pair_filter_arguments, raw_arguments
from .._selection.filters import optional_list
from .._selection.globs import is_glob, matches, matches_any
from .._task import Outcome, Task
from ._reading import ReadingBody


class KeypairInfo(ReadingBody):
    """Describe key pairs; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **key_pair_filter_arguments(), **raw_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body. A region has few key pairs, so that all are read and chosen from here."""
        names, ids = optional_list(task.params["names"]), optional_list(task.params["ids"])
        if not names and not ids and (names is not None or ids is not None):
            return Outcome(_result())
        connection = self.connect(task)
        known = sorted(connection.provider.list_key_pairs(), key=lambda pair: pair.id)
        found = [
            pair
            for pair in known
            if (names is None and ids is None) or pair.id in (ids or ()) or matches_any(pair.name, names or ())
        ]
        missing = [
            *(name for name in names or () if not is_glob(name) and not any(matches(p.name, name) for p in known)),
            *(key_id for key_id in ids or () if not any(pair.id == key_id for pair in known)),
        ]
        return Outcome(_result([pair.as_dict(include_raw=task.params["include_raw"]) for pair in found], missing))


def _result(key_pairs: t.Sequence[t.Any] = (), missing: t.Sequence[str] = ()) -> dict[str, t.Any]:
    return {"key_pairs": list(key_pairs), "missing": list(missing)}
