# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What a provider's API can do and demands, so that the logic above it branches on facts and never on a provider's
name.
"""

from __future__ import annotations

import dataclasses
import typing as t

BindEffect = t.Literal["adds", "replaces", "unknown"]
Tagging = t.Literal["changeable", "at_creation", "none"]


@dataclasses.dataclass(frozen=True)
class Rate:
    """How many calls of one action are allowed in a window of so many seconds, per account and region."""

    calls: int
    seconds: float = 1.0


@dataclasses.dataclass(frozen=True)
class KeyPairRules:
    """Facts about the key pairs of one dialect. Names are unique in a region everywhere.

    ``public_key_types``: the types that can be imported, as the first word of an OpenSSH line.
    ``same_key_twice``: whether two key pairs may have the same public key.
    ``tags``: whether the key pair actions can set tags, and when.
    """

    public_key_types: tuple[str, ...]
    can_rename: bool
    same_key_twice: bool
    tags: Tagging
    most_tags: int
    reserved_tag_prefixes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Capabilities:
    """Facts about one dialect.

    ``product``: whose instances these are; dialects of the same product are several doors to the same instances.
    ``bind_effect``: whether a bind leaves the other keys of an instance alone; "unknown" where the vendor's pages
    contradict each other.
    ``needs_stop``: whether an (offline) change powers a running instance off.
    ``restart_needed``: whether the guest uses the change only after the next reboot or start.
    ``asynchronous``: whether a change goes on after the API has accepted it.
    ``key_pairs_list_instances``: whether describing a key pair tells its instances, which saves describing those.
    ``power_batch``: how many instances one start, stop or reboot takes.
    ``soft_first``: whether the API itself can stop softly and, if that does not end, by force.
    ``stops_charging``: whether a stop can end the charging of the instance.
    ``instance_states``: every word for the state of an instance.
    ``reports_tags``: whether instances and key pairs come with their tags.
    ``throttle_pause``: the first pause after a throttling answer, in seconds.
    """

    provider: str
    product: str
    instance_id_pattern: str
    instance_id_example: str
    key_pair_id_pattern: str | None
    key_pair_name_pattern: str
    key_pair_example: str
    bind_batch: int
    key_pairs_per_call: int
    key_pairs_per_instance: int | None
    bind_effect: BindEffect
    needs_stop: bool
    restart_needed: bool
    asynchronous: bool
    association_types: bool
    key_pairs_list_instances: bool
    rates: t.Mapping[str, Rate]
    default_rate: Rate
    throttle_pause: float
    key_pair_rules: KeyPairRules
    soft_first: bool
    stops_charging: bool
    instance_states: tuple[str, ...]
    reports_tags: bool = True
    power_batch: int = 100
