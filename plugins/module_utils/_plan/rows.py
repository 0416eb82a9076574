# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""One row for every (instance, key pair) that a task is about, and what the rows add up to."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import typing as t

from .._models import Action, ErrorInfo, Interruption, Outcome, Presence


@dataclasses.dataclass(frozen=True)
class Row:
    """What becomes, or would become, of one key pair on one instance. The fields are those of the module's results."""

    instance_id: str
    key_pair: str
    key_pair_name: str | None = None
    username: str | None = None
    before: Presence = "absent"
    after: Presence = "absent"
    action: Action = "none"
    outcome: Outcome = "unchanged"
    effective: bool | None = None
    interruption: Interruption = "none"
    request_id: str | None = None
    error: ErrorInfo | None = None

    def as_dict(self) -> dict[str, t.Any]:
        """Return the row as results show it."""
        return dataclasses.asdict(self)

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """Rows are sorted by instance, then key pair, then account."""
        return (self.instance_id, self.key_pair, self.username or "")

    def failed(self, error: ErrorInfo, *, outcome: Outcome = "failed") -> Row:
        """Return this row as one whose action came to nothing: what was before is still there."""
        return dataclasses.replace(
            self,
            after=self.before,
            outcome=outcome,
            effective=None,
            interruption="none",
            error=error,
        )


class Concluded(t.Protocol):
    """What a row of any module says about how it came out."""

    @property
    def before(self) -> str:
        """Return what was there."""

    @property
    def after(self) -> str:
        """Return what is there now."""

    @property
    def outcome(self) -> Outcome:
        """Return how it came out."""


def in_order(rows: t.Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows as results list them."""
    return tuple(sorted(rows, key=lambda row: row.sort_key))


def is_changed(rows: t.Iterable[Concluded]) -> bool:
    """Tell whether anything changed (in check mode: would change). A failed row may have changed half of something."""
    return any(row.outcome == "changed" or (row.outcome == "failed" and row.after != row.before) for row in rows)


def is_failed(rows: t.Iterable[Concluded]) -> bool:
    """Tell whether any row failed."""
    return any(row.outcome == "failed" for row in rows)


def summary(rows: t.Sequence[Concluded], requested: int) -> dict[str, int]:
    """Count the outcomes.

    ``requested`` counts the pairs asked for; rows of other key pairs (unbound, displaced) come on top.
    """
    counts = collections.Counter(row.outcome for row in rows)
    return {
        "requested": requested,
        **{outcome: counts[outcome] for outcome in t.get_args(Outcome)},
    }


def reboot_required(rows: t.Iterable[Row], running: t.Collection[str]) -> list[str]:
    """Return the running instances whose guests do not use a change yet. A stopped one will, when it is started."""
    return sorted({row.instance_id for row in rows if row.effective is False and row.instance_id in running})


def diff(rows: t.Sequence[Row]) -> list[dict[str, str]]:
    """Return a diff entry for every instance that changes: its key pairs before and after, one a line."""
    entries = []
    for instance_id, group in itertools.groupby(in_order(rows), key=lambda row: row.instance_id):
        own = list(group)
        before = "".join(f"{_label(row)}\n" for row in own if row.before == "present")
        after = "".join(f"{_label(row, doubt=row.after == 'unknown')}\n" for row in own if row.after != "absent")
        if before != after:
            entries.append(
                {"before_header": instance_id, "after_header": instance_id, "before": before, "after": after}
            )
    return entries


def _label(row: Row, *, doubt: bool = False) -> str:
    name = f" ({row.key_pair_name})" if row.key_pair_name and row.key_pair_name != row.key_pair else ""
    user = f" for user {row.username}" if row.username else ""
    return f"{row.key_pair}{name}{user}{' (not known yet)' if doubt else ''}"
