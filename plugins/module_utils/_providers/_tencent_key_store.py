# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Key pairs on Tencent Cloud: created, imported, deleted.

Vendor pages: CreateKeyPair, ImportKeyPair, DeleteKeyPairs of Lighthouse and CVM, ModifyKeyPairAttribute of CVM.
"""

from __future__ import annotations

import abc
import dataclasses
import typing as t

from .._capabilities import KeyPairRules
from .._client import Client
from .._errors import ApiError
from .._models import Instance, KeyPair
from .._public_key import RSA
from ._answers import text_or_none
from ._key_store_protocol import FixedKeyPairs, NewKeyPair, deletion_error
from ._tencent_objects import to_key_pair

# Pages: "RSA keys in OpenSSH format only"; a name and a public key each once in a region.
LIGHTHOUSE_RULES = KeyPairRules(
    public_key_types=(RSA,),
    can_rename=False,
    same_key_twice=False,
    tags="at_creation",
    most_tags=10,
    reserved_tag_prefixes=("qcs:",),
)
# A resource has 50 tags at most. The pages of the legacy API have none.
CVM_RULES = dataclasses.replace(LIGHTHOUSE_RULES, can_rename=True, most_tags=50)
LEGACY_RULES = dataclasses.replace(CVM_RULES, tags="none", most_tags=0)

# The last one is what CVM answers in practice instead of its documented code.
_USED = ("ResourceInUse.KeyPairInUse", "InvalidParameterValue.KeyPairNotSupported", "InvalidKeyPair.NotSupported")
_GONE = ("ResourceNotFound.KeyIdNotFound", "InvalidKeyPairId.NotFound")


class TencentKeyStore(FixedKeyPairs, abc.ABC):
    """See KeyStore. Lighthouse's actions; CVM's differ in a few parameters.

    Tags of what exists belong to a product of their own, which this collection does not use.
    """

    _client: Client

    def create_key_pair(self, name: str, tags: t.Mapping[str, str]) -> NewKeyPair:
        """See KeyStore."""
        answer = self._client.call("CreateKeyPair", {"KeyName": name, **self.creation_params(tags)}, write=True)
        raw = dict(answer.get("KeyPair") or {})
        private_key = text_or_none(raw.pop("PrivateKey", None))
        return NewKeyPair(to_key_pair(raw), private_key or "")

    def import_key_pair(self, name: str, public_key: str, tags: t.Mapping[str, str]) -> None:
        """See KeyStore."""
        params = {"KeyName": name, "PublicKey": public_key, **self.creation_params(tags)}
        self._client.call("ImportKeyPair", params, write=True)

    def delete_key_pair(self, key_pair: KeyPair) -> None:
        """See KeyStore."""
        try:
            self._client.call("DeleteKeyPairs", {"KeyIds": [key_pair.id]}, write=True)
        except ApiError as error:
            raise deletion_error(error, used=_USED, gone=_GONE) from None

    def holders_of(self, key_pair: KeyPair) -> tuple[str, ...]:
        """See KeyStore. The list of the key pair may be older than what the instances say; the instances decide."""
        listed = sorted({holder.instance_id for holder in key_pair.holders or ()})
        seen = self.instances(listed) if listed else {}
        return tuple(found.id for found in map(seen.get, listed) if found and _may_hold(found, key_pair.id))

    @abc.abstractmethod
    def instances(self, instance_ids: t.Sequence[str]) -> dict[str, Instance]:
        """See Provider."""

    def creation_params(self, tags: t.Mapping[str, str]) -> dict[str, t.Any]:
        """Return the parameters besides the name that a new key pair takes."""
        return {"Tags": _tag_list(tags)} if tags else {}


class CvmKeyStore(TencentKeyStore):
    """See KeyStore."""

    def rename_key_pair(self, key_pair: KeyPair, name: str) -> None:
        """See KeyStore."""
        self._client.call("ModifyKeyPairAttribute", {"KeyId": key_pair.id, "KeyName": name}, write=True)

    def creation_params(self, tags: t.Mapping[str, str]) -> dict[str, t.Any]:
        """See TencentKeyStore. Project 0 is the default project."""
        specification = [{"ResourceType": "keypair", "Tags": _tag_list(tags)}]
        return {"ProjectId": 0, **({"TagSpecification": specification} if tags else {})}


def _tag_list(tags: t.Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags the way Tencent's parameters write them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _may_hold(instance: Instance, key_pair_id: str) -> bool:
    return instance.hidden or key_pair_id in instance.key_pairs
