# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What the service layer knows of a provider."""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Capabilities
from .._client import Client, Dialect
from .._credentials.model import CredentialsProvider
from .._credentials.vendor import Vendor
from .._models import Call, Instance, KeyPair, Receipt
from ._key_store_protocol import KeyStore
from ._listing_protocol import Listing


class Provider(Listing, KeyStore, t.Protocol):
    """The calls that the service layer makes. All methods raise ApiError, NotSentError or AnswerLostError."""

    def key_pairs(self, references: t.Sequence[str]) -> dict[str, KeyPair]:
        """Return the key pairs for IDs or names; an unknown reference has no entry.

        Raises InputError for an ambiguous name.
        """

    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        """Return the instances; an unknown ID has no entry. Any number of IDs; asked for in batches, side by side."""

    def write(self, call: Call) -> Receipt:
        """Bind, unbind, start, stop or reboot; one request. The number of instances must be within the batch limit."""


@dataclasses.dataclass(frozen=True)
class Registration:
    """Everything that makes up a provider; each provider's file holds one.

    ``public_host`` takes a region; ``dialect`` takes region, endpoint and credentials.
    """

    capabilities: Capabilities
    vendor: Vendor
    public_host: t.Callable[[str], str]
    dialect: t.Callable[[str, str, CredentialsProvider], Dialect]
    provider: t.Callable[[Client], Provider]
