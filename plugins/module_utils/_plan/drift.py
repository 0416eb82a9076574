# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Desired against actual: what one place holds, compared with what is wanted of it."""

from __future__ import annotations

import functools
import typing as t

from .._models import Instance, KeyPair, Observation
from .change import is_bound
from .drift_model import Finding, InstanceReport, NamedKeyPair, PlaceReport, PlaceView, Reason
from .entries import Entry
from .units import Wish

_Wanted = t.Literal["present", "absent"]


def compare(view: PlaceView, wishes: t.Sequence[Wish], named: t.Collection[str]) -> PlaceReport:
    """Return what became of a place that was read, sorted by instance and key pair.

    ``named``: the instances that any entry names, wherever it looks for them.
    """
    comparison = _Comparison(view)
    return PlaceReport(
        view,
        instances=tuple(comparison.report(wish) for wish in sorted(wishes, key=lambda wish: wish.instance_id)),
        unmanaged=tuple(
            instance for instance in sorted(view.instances, key=lambda one: one.id) if instance.id not in named
        ),
        orphans=comparison.orphans(),
    )


def not_compared(view: PlaceView, wishes: t.Sequence[Wish]) -> PlaceReport:
    """Return what became of a place that could not be read.

    A wish without an instance ID is that of an entry that chooses its instances: nobody knows which it means.
    """
    ordered = sorted(wishes, key=lambda wish: (not wish.instance_id, wish.instance_id, names_of(wish.entries)))
    return PlaceReport(view, tuple(map(_unreachable, ordered)))


class _Comparison:
    """What is common to all instances of a place that was read."""

    def __init__(self, view: PlaceView) -> None:
        self._view = view
        self._instances = {instance.id: instance for instance in (*view.hidden, *view.instances)}
        self._observed = Observation({pair.id: pair for pair in view.key_pairs}, self._instances)

    def report(self, wish: Wish) -> InstanceReport:
        """Return what became of the wish."""
        instance = self._instances.get(wish.instance_id)
        findings = [self._finding(wish, instance, wanted, reference) for wanted, reference in _references(wish)]
        others: tuple[NamedKeyPair, ...] = ()
        if instance is not None and not instance.hidden:
            called = {pair.id for _wanted, reference in _references(wish) for pair in self._view.called(reference)}
            others = self._others(instance, {*called, *(finding.key_pair for finding in findings)})
        if wish.exclusive:
            findings += [_unlisted(pair, wish) for pair in others]
            others = ()
        described = instance if instance is not None and not instance.hidden else None
        return InstanceReport(
            instance_id=wish.instance_id,
            name=described.name if described else None,
            state=described.state if described else None,
            power=described.power if described else None,
            platform=described.platform if described else None,
            exclusive=wish.exclusive,
            entries=names_of(wish.entries),
            findings=_sorted(findings),
            other_key_pairs=others,
        )

    def orphans(self) -> tuple[NamedKeyPair, ...]:
        """Return the key pairs that no instance has."""
        held = {key for instance in self._view.instances for key in instance.key_pairs}
        pairs = sorted(self._view.key_pairs, key=lambda pair: (pair.name, pair.id))
        return tuple(NamedKeyPair(pair.id, pair.name) for pair in pairs if pair.id not in held and not pair.holders)

    def _others(self, instance: Instance, spoken_of: set[str]) -> tuple[NamedKeyPair, ...]:
        others = [NamedKeyPair(key, self._observed.name_of(key)) for key in {*instance.key_pairs} - spoken_of]
        return tuple(sorted(others, key=lambda pair: (pair.name or pair.key_pair, pair.key_pair)))

    def _finding(self, wish: Wish, instance: Instance | None, wanted: _Wanted, reference: str) -> Finding:
        candidates, pair = self._view.called(reference), self._view.only(reference)
        make = functools.partial(
            Finding, pair.id if pair else reference, pair.name if pair else None, wanted, username=wish.username
        )
        if instance is None:
            message = "The instance does not exist in this region, or these credentials may not see it."
            return make(bound=None, status="unknown", reason="instance_not_found", message=message)
        if instance.hidden:
            message = f"Not described: {instance.obstacle.message if instance.obstacle else 'it may not be described'}."
            return make(bound=None, status="unknown", reason="instance_not_described", message=message)
        if len(candidates) > 1:
            message = f"The key pair name {reference} is ambiguous: {', '.join(sorted(one.id for one in candidates))}."
            return make(bound=None, status="unknown", reason="key_pair_ambiguous", message=message)
        bound = is_bound(self._observed, instance.id, pair.id if pair else reference, wish.username)
        # A key pair that does not exist is bound to nothing, which is what "absent" wants.
        if pair is None and wanted == "present" and not bound:
            message = f"There is no key pair {reference} in this region, or these credentials may not see it."
            return make(bound=False, status="unknown", reason="key_pair_not_found", message=message)
        if bound == (wanted == "present"):
            return make(bound=bound, status="in_sync")
        if bound:
            message = f"{pair.name if pair else reference} is bound, and is to be absent."
            return make(bound=True, status="extra", reason="bound", message=message)
        reason, message = self._why_missing(wish, pair, reference)
        return make(bound=False, status="missing", reason=reason, message=message)

    def _why_missing(self, wish: Wish, pair: KeyPair | None, reference: str) -> tuple[Reason, str]:
        name, key_pair = (pair.name, pair.id) if pair else (reference, reference)
        others = sorted(user for user in self._observed.usernames(wish.instance_id, key_pair) if user)
        if wish.username and others:
            message = f"{name} is bound for the user {', '.join(others)}, not for {wish.username}."
            return "bound_for_another_user", message
        for_user = f" for the user {wish.username}" if wish.username else ""
        return "not_bound", f"{name} is not bound{for_user}."


def names_of(entries: t.Iterable[Entry]) -> tuple[str, ...]:
    """Return what reports call the entries."""
    return tuple(entry.name or entry.label for entry in entries)


def _references(wish: Wish) -> t.Iterator[tuple[_Wanted, str]]:
    yield from (("present", reference) for reference in wish.present)
    yield from (("absent", reference) for reference in wish.absent)


def _unlisted(pair: NamedKeyPair, wish: Wish) -> Finding:
    """Return the finding for a key pair that an exclusive entry does not list."""
    return Finding(
        key_pair=pair.key_pair,
        name=pair.name,
        wanted="absent",
        bound=True,
        status="extra",
        username=None,
        reason="bound_beside_exclusive",
        message=f"{pair.name or pair.key_pair} is bound, and the entry is exclusive"
        + (f", for {', '.join(wish.present)} only." if wish.present else "."),
    )


def _sorted(findings: t.Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.name or one.key_pair, one.key_pair, one.wanted)))


def _unreachable(wish: Wish) -> InstanceReport:
    findings = (
        Finding(
            key_pair=reference,
            name=None,
            wanted=wanted,
            bound=None,
            status="unreachable",
            username=wish.username,
            reason="region_not_read",
            message=f"The region could not be read, so that nobody knows whether {reference} is bound.",
        )
        for wanted, reference in _references(wish)
    )
    names = names_of(wish.entries)
    return InstanceReport(wish.instance_id or None, None, None, None, None, wish.exclusive, names, _sorted(findings))
