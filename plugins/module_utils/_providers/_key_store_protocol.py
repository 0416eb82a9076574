# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The ability to create, import, change and delete key pairs."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import ApiError, InputError
from .._models import KeyPair


@dataclasses.dataclass(frozen=True)
class NewKeyPair:
    """A key pair that the cloud has made. Its private key is shown this once; "" if the answer had none."""

    key_pair: KeyPair
    private_key: str = dataclasses.field(repr=False)


class KeyStore(t.Protocol):
    """All methods raise ApiError, NotSentError or AnswerLostError.

    What an API cannot do (see KeyPairRules) raises InputError.
    """

    def create_key_pair(self, name: str, tags: t.Mapping[str, str]) -> NewKeyPair:
        """Let the cloud make a key pair."""

    def import_key_pair(self, name: str, public_key: str, tags: t.Mapping[str, str]) -> None:
        """Make a key pair of an OpenSSH public key."""

    def delete_key_pair(self, key_pair: KeyPair) -> None:
        """Delete a key pair that is bound to nothing.

        Raises ApiError of kind "busy" when it is, or still seems to be, in use, and of kind "done" when it is gone.
        """

    def rename_key_pair(self, key_pair: KeyPair, name: str) -> None:
        """Give a key pair another name; its ID and bindings stay."""

    def tag_key_pair(self, key_pair: KeyPair, tags: t.Mapping[str, str]) -> None:
        """Add tags to a key pair, or change their values; other tags stay."""

    def holders_of(self, key_pair: KeyPair) -> tuple[str, ...]:
        """Return the IDs of the instances that this key pair is bound to, by what the instances themselves say."""


def deletion_error(error: ApiError, *, used: t.Container[str], gone: t.Container[str]) -> ApiError:
    """Return the error of a refused deletion with the meaning that its code has there."""
    if error.info.code in gone:
        return ApiError(error.action, "done", error.info)
    if error.info.code not in used:
        return error
    hint = "An instance, or an image, still refers to the key pair; unbind it, or wait a little after an unbind."
    return ApiError(error.action, "busy", dataclasses.replace(error.info, hint=hint, retryable=True))


class FixedKeyPairs:
    """Base of a KeyStore whose API has no action to change a key pair; one that has overrides the method."""

    def rename_key_pair(self, key_pair: KeyPair, name: str) -> None:
        """See KeyStore."""
        raise InputError(f"This API cannot rename the key pair {key_pair.name} to {name}.", code="Unsupported")

    def tag_key_pair(self, key_pair: KeyPair, tags: t.Mapping[str, str]) -> None:
        """See KeyStore."""
        raise InputError(f"This API cannot tag the key pair {key_pair.name} ({', '.join(tags)}).", code="Unsupported")
