# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating, importing and deleting key pairs: the same for Lighthouse and CVM but for their error codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import ApiError
from ..rsa_keys import generate, parse_openssh_line
from ..world import KeyPair
from .context import Context

_MAXIMUM_NAME = 25


@dataclass(frozen=True)
class KeyPairCodes:
    """A product's error codes for key pairs."""

    name_taken: str
    name_empty: str
    name_illegal: str
    name_too_long: str
    quota: str
    public_key_malformed: str
    public_key_taken: str


def check_name(context: Context, name: str, codes: KeyPairCodes) -> None:
    """Refuse a name that is not 1 to 25 of ``[A-Za-z0-9_]``, or that is taken."""
    if not name:
        raise ApiError(codes.name_empty, "The key pair name is empty.")
    if len(name) > _MAXIMUM_NAME:
        raise ApiError(codes.name_too_long, f"The key pair name is longer than {_MAXIMUM_NAME} characters.")
    if not re.fullmatch(r"[A-Za-z0-9_]+", name):
        raise ApiError(codes.name_illegal, "The key pair name may contain letters, digits and underscores only.")
    if name in context.place.key_names:
        raise ApiError(codes.name_taken, f"There is a key pair `{name}` already.")


def create(context: Context, codes: KeyPairCodes, tags: dict[str, str]) -> tuple[KeyPair, str]:
    """Generate a key pair; return it and its private key (PKCS#1 PEM), which nobody keeps."""
    name = context.params["KeyName"]
    check_name(context, name, codes)
    _check_quota(context, codes)
    rsa = generate()
    return _add(context, name, rsa.public_line(), tags), rsa.pkcs1_pem()


def import_public_key(context: Context, codes: KeyPairCodes, tags: dict[str, str]) -> KeyPair:
    """Take over a public key: OpenSSH format, RSA only."""
    name, text = context.params["KeyName"], context.params["PublicKey"].strip()
    check_name(context, name, codes)
    try:
        numbers = parse_openssh_line(text)
    except ValueError as error:
        raise ApiError(codes.public_key_malformed, f"The public key is not valid: {error}.") from error
    if any(
        parse_openssh_line(other.public_key) == numbers for other in context.place.key_pairs.values() if _is_rsa(other)
    ):
        raise ApiError(codes.public_key_taken, "There is a key pair with this public key already.")
    _check_quota(context, codes)
    return _add(context, name, text, tags)


def _is_rsa(key_pair: KeyPair) -> bool:
    """Seeds may contain keys of any type."""
    try:
        parse_openssh_line(key_pair.public_key)
    except ValueError:
        return False
    return True


def _check_quota(context: Context, codes: KeyPairCodes) -> None:
    quota = context.settings.quota(context.provider)
    if len(context.place.key_pairs) >= quota:
        raise ApiError(codes.quota, f"The quota of {quota} key pairs is used up.")


def _add(context: Context, name: str, public_key: str, tags: dict[str, str]) -> KeyPair:
    key_id = context.cloud.world.new_key_id(context.provider)
    key_pair = KeyPair(
        provider=context.provider,
        account_id=context.key.account_id,
        region=context.region,
        key_id=key_id,
        name=name,
        public_key=public_key,
        created=context.now,
        tags=tags,
        project_id=context.params.get("ProjectId") or 0,
        resource_id=key_id,
    )
    context.cloud.world.add_key_pair(key_pair)
    return key_pair


def in_use(context: Context, key_pair: KeyPair) -> bool:
    """Is the key bound to an instance, about to be, or still so in the key pairs' lagging view of the bindings?"""
    return bool(key_pair.pending or key_pair.bound or key_pair.view(context.now, context.settings.key_view_lag))
