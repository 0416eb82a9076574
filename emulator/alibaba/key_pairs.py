# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""DescribeKeyPairs, CreateKeyPair, ImportKeyPair and DeleteKeyPairs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any

from .. import rsa_keys
from ..providers import ECS
from ..world import KeyPair
from .context import Context
from .errors import invalid_parameter, refusal
from .formats import resource_time, tag_set, wildcard
from .parameters import Tag
from .resource_groups import DEFAULT_GROUP, check_group

MAX_DELETED = 100
MAX_PAGE = 50

# CreateKeyPair page: 2-128 characters, a letter first, then letters, digits, ":", "_" and "-".
_NAME = re.compile(r"[^\W\d_][\w:\-]{1,127}")

# ImportKeyPair page; ed25519 is not among them.
_IMPORTABLE = frozenset(
    (
        "ssh-rsa",
        "ssh-dss",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "ssh-rsa-cert-v00@openssh.com",
        "ssh-dss-cert-v00@openssh.com",
        "ssh-rsa-cert-v01@openssh.com",
        "ssh-dss-cert-v01@openssh.com",
        "ecdsa-sha2-nistp256-cert-v01@openssh.com",
        "ecdsa-sha2-nistp384-cert-v01@openssh.com",
        "ecdsa-sha2-nistp521-cert-v01@openssh.com",
    )
)


def describe_key_pairs(context: Context) -> dict[str, Any]:
    """``DescribeKeyPairs``: without the instances; an unknown name gives an empty list."""
    parameters = context.parameters
    number = parameters.number("PageNumber", default=1)
    size = parameters.number("PageSize", default=10, maximum=MAX_PAGE)
    with_public_key = parameters.flag("IncludePublicKey")
    matching = _name_filter(parameters.text("KeyPairName"))
    fingerprint, group = parameters.text("KeyPairFingerPrint"), parameters.text("ResourceGroupId")
    tags = parameters.tags()
    found = [
        key_pair
        for key_pair in context.place.key_pairs.values()
        if matching.fullmatch(key_pair.name)
        and fingerprint in (None, _fingerprint(key_pair))
        and group in (None, DEFAULT_GROUP)
        and all(tag.matches(key_pair.tags) for tag in tags)
    ]
    page = found[(number - 1) * size : number * size]
    return {
        "TotalCount": len(found),
        "PageNumber": number,
        "PageSize": size,
        "KeyPairs": {"KeyPair": [_view(key_pair, with_public_key) for key_pair in page]},
    }


def create_key_pair(context: Context) -> dict[str, Any]:
    """``CreateKeyPair``: the private key (PKCS#8 PEM) is in this answer only."""
    name, tags = _new_name(context), context.parameters.tags()
    private_key = rsa_keys.generate()
    key_pair = _add(context, name, private_key.public_line(), tags)
    return {
        "KeyPairId": key_pair.resource_id,
        "KeyPairName": name,
        "KeyPairFingerPrint": _fingerprint(key_pair),
        "PrivateKeyBody": private_key.pkcs8_pem(),
    }


def import_key_pair(context: Context) -> dict[str, Any]:
    """``ImportKeyPair``: RSA, DSA, ECDSA and OpenSSH certificates, not Ed25519."""
    context.parameters.required("KeyPairName")
    body = context.parameters.required("PublicKeyBody")
    name, tags = _new_name(context), context.parameters.tags()
    if not _importable(body):
        raise refusal("InvalidPublicKeyBody.Malformed")
    key_pair = _add(context, name, body.strip(), tags)
    return {"KeyPairName": name, "KeyPairFingerPrint": _fingerprint(key_pair)}


def delete_key_pairs(context: Context) -> dict[str, Any]:
    """``DeleteKeyPairs``: all or none; refused while one of them is recorded for an instance."""
    context.parameters.required("KeyPairNames")
    unsupported = "InvalidKeyPairNames.ValueNotSupported"
    names = list(dict.fromkeys(context.parameters.json_list("KeyPairNames", code=unsupported) or []))
    if len(names) > MAX_DELETED:
        raise refusal("InstanceKeyPairLimitExceeded")
    key_pairs = [context.place.key_pairs.get(name) for name in names]
    known = [key_pair for key_pair in key_pairs if key_pair is not None]
    if not names or len(known) < len(names):
        raise refusal(unsupported)
    if any(key_pair.bound for key_pair in known):
        raise refusal("InvalidParameter.KeypairAlreadyAttachedInstance")
    for key_pair in known:
        context.cloud.world.remove_key_pair(key_pair)
    return {}


def _new_name(context: Context) -> str:
    name = context.parameters.required("KeyPairName")
    if not _NAME.fullmatch(name):
        raise refusal("InvalidKeyPairName.Malformed")
    check_group(context.parameters)
    if name in context.place.key_pairs:
        raise refusal("KeyPair.AlreadyExist")
    if len(context.place.key_pairs) >= context.cloud.settings.quota(ECS):
        raise refusal("QuotaExceed.KeyPair")
    return name


def _add(context: Context, name: str, public_key: str, tags: list[Tag]) -> KeyPair:
    key_pair = KeyPair(
        provider=ECS,
        account_id=context.key.account_id,
        region=context.region,
        key_id=name,
        name=name,
        public_key=public_key,
        created=context.now,
        tags={tag.key: tag.value or "" for tag in tags},
        resource_id=context.cloud.world.new_key_id(ECS),
    )
    context.cloud.world.add_key_pair(key_pair)
    return key_pair


def _name_filter(name: str | None) -> re.Pattern[str]:
    if name is not None and len(name) > 128:
        raise invalid_parameter("KeyPairName")
    return wildcard(name or "*")


def _view(key_pair: KeyPair, with_public_key: bool) -> dict[str, Any]:
    view: dict[str, Any] = {
        "KeyPairName": key_pair.name,
        "KeyPairFingerPrint": _fingerprint(key_pair),
        "CreationTime": resource_time(key_pair.created),
        "ResourceGroupId": DEFAULT_GROUP,
        "Tags": tag_set(key_pair.tags),
    }
    if with_public_key:
        view["PublicKey"] = key_pair.public_key
    return view


def _fingerprint(key_pair: KeyPair) -> str:
    """MD5 of the key blob in hexadecimal; clients should not compare it with one of their own."""
    digest = hashlib.md5(_blob(key_pair.public_key), usedforsecurity=False).hexdigest()
    return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def _blob(public_key: str) -> bytes:
    words = public_key.split(None, 2)
    try:
        return base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error):
        return public_key.encode()


def _importable(public_key: str) -> bool:
    """One line ``type base64 [comment]`` of an importable type, whose blob begins with the same type."""
    words = public_key.split(None, 2)
    if len(words) < 2 or "\n" in public_key.strip() or words[0] not in _IMPORTABLE:
        return False
    if words[0] == "ssh-rsa":
        try:
            rsa_keys.parse_openssh_line(public_key.strip())
        except ValueError:
            return False
        return True
    header = len(words[0]).to_bytes(4, "big") + words[0].encode()
    blob = _blob(public_key)
    return blob.startswith(header) and len(blob) > len(header)
