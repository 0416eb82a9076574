# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Key pairs on Alibaba Cloud. Vendor pages: CreateKeyPair, ImportKeyPair, DeleteKeyPairs, TagResources."""

from __future__ import annotations

import abc
import json
import typing as t

from .._capabilities import KeyPairRules
from .._client import Answer, Client
from .._errors import ApiError
from .._models import Instance, KeyPair
from .._public_key import RSA
from ._answers import text_or_none
from ._key_store_protocol import FixedKeyPairs, NewKeyPair, deletion_error

_ECDSA = tuple(f"ecdsa-sha2-nistp{bits}" for bits in (256, 384, 521))

# Page ImportKeyPair: no ed25519. The pages have no code for a public key that is there already under another name.
RULES = KeyPairRules(
    public_key_types=(
        RSA, "ssh-dss", *_ECDSA,
        "ssh-rsa-cert-v00@openssh.com", "ssh-dss-cert-v00@openssh.com",
        "ssh-rsa-cert-v01@openssh.com", "ssh-dss-cert-v01@openssh.com",
        *(f"{name}-cert-v01@openssh.com" for name in _ECDSA),
    ),
    can_rename=False,
    same_key_twice=True,
    tags="changeable",
    most_tags=20,
    reserved_tag_prefixes=("aliyun", "acs:", "http://", "https://"),
)  # fmt: skip

_USED = ("InvalidParameter.KeypairAlreadyAttachedInstance",)
_GONE = ("InvalidKeyPairNames.ValueNotSupported", "InvalidKeyPairName.NotFound")


class AlibabaKeyStore(FixedKeyPairs, abc.ABC):
    """See KeyStore. A key pair's ID is its name."""

    _client: Client

    def create_key_pair(self, name: str, tags: t.Mapping[str, str]) -> NewKeyPair:
        """See KeyStore. The answer has no public key."""
        answer = self._client.call("CreateKeyPair", {"KeyPairName": name, **_tag_params(tags)}, write=True)
        fingerprint = text_or_none(answer.get("KeyPairFingerPrint"))
        key_pair = KeyPair(id=name, name=name, fingerprint=fingerprint, tags=dict(tags))
        return NewKeyPair(key_pair, text_or_none(answer.get("PrivateKeyBody")) or "")

    def import_key_pair(self, name: str, public_key: str, tags: t.Mapping[str, str]) -> None:
        """See KeyStore."""
        params = {"KeyPairName": name, "PublicKeyBody": public_key, **_tag_params(tags)}
        self._client.call("ImportKeyPair", params, write=True)

    def delete_key_pair(self, key_pair: KeyPair) -> None:
        """See KeyStore."""
        try:
            self._client.call("DeleteKeyPairs", {"KeyPairNames": json.dumps([key_pair.name])}, write=True)
        except ApiError as error:
            raise deletion_error(error, used=_USED, gone=_GONE) from None

    def tag_key_pair(self, key_pair: KeyPair, tags: t.Mapping[str, str]) -> None:
        """See KeyStore."""
        params = {"ResourceType": "keypair", "ResourceId.1": key_pair.name, **_tag_params(tags)}
        self._client.call("TagResources", params, write=True)

    def holders_of(self, key_pair: KeyPair) -> tuple[str, ...]:
        """See KeyStore. The filter by key pair may be older than what the instances say; the instances decide."""
        found = self.described({"KeyPairName": key_pair.name})
        return tuple(sorted(instance.id for instance in found if key_pair.name in instance.key_pairs))

    @abc.abstractmethod
    def described(self, params: Answer) -> list[Instance]:
        """See AlibabaListing."""


def _tag_params(tags: t.Mapping[str, str]) -> dict[str, str]:
    params = {}
    for number, (key, value) in enumerate(tags.items(), start=1):
        params[f"Tag.{number}.Key"] = key
        params[f"Tag.{number}.Value"] = value
    return params
