# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine on which the caller is said to run: its region, and the role that it lends."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..accounts import AccessKey, Accounts, Role

#: what the key IDs of lent roles begin with
_PREFIXES = {"tencent": "AKIDEXAMPLE", "alibaba": "STS."}


@dataclass
class Machine:
    """One machine of one vendor. ``lifetime`` is that of the lent keys, in seconds. No ``role``: it lends none."""

    vendor: str
    account_id: str
    region: str
    role: Role | None = None
    lifetime: int = 3600
    _lent: AccessKey | None = field(default=None, repr=False)

    def lend(self, accounts: Accounts, role: Role, now: float) -> AccessKey:
        """Return a key of the role: always the same, until half of its lifetime is over."""
        lent = self._lent
        if lent is None or lent.expires_at is None or lent.expires_at - now < self.lifetime / 2:
            expires_at = float(int(now) + self.lifetime)
            prefix = _PREFIXES[self.vendor]
            lent = accounts.issue(self.vendor, self.account_id, prefix, role, "instance", expires_at)
            self._lent = lent
        return lent


@dataclass
class Machines:
    """The machine of each vendor, if the seed has one, and metadata tokens with the time when they expire."""

    machines: dict[str, Machine] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
