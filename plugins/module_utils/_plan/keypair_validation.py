# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What cannot be right about a key pair, whatever the cloud holds: found before anything is sent."""

from __future__ import annotations

import re
import typing as t

from .._capabilities import Capabilities, KeyPairRules
from .._errors import InputError
from .._public_key import RSA, PublicKey, parse_public_key

# OpenSSH's sshd takes no smaller RSA key (SSH_RSA_MINIMUM_MODULUS_SIZE), so that such a key pair would let nobody in.
SMALLEST_RSA = 1024
SOUND_RSA = 2048


def validate_name(name: str, capabilities: Capabilities) -> None:
    """Raise InputError for a name that the provider does not take."""
    if not re.fullmatch(capabilities.key_pair_name_pattern, name):
        raise InputError(
            f"name is malformed: {name!r}.",
            f"Names of key pairs match {capabilities.key_pair_name_pattern} on {capabilities.provider}.",
        )


def validate_sources(public_key: str | None, private_key_path: str | None) -> None:
    """Raise InputError when a new key would come from two places."""
    if public_key and private_key_path:
        raise InputError(
            "public_key and private_key_path exclude each other.",
            "Give public_key to import a key, or private_key_path to let the cloud make one.",
        )


def validate_public_key(text: str, capabilities: Capabilities) -> PublicKey:
    """Return the public key. Raises InputError for one that is malformed or that the provider does not take.

    The text of the error never repeats the option, which may be a private key by mistake.
    """
    if "PRIVATE KEY" in text:
        raise InputError(
            "public_key holds a private key.", "Give the public half, a line such as ssh-rsa AAAA… (ssh-keygen -y)."
        )
    try:
        key = parse_public_key(text)
    except ValueError as error:
        raise InputError(
            f"public_key is malformed: {error}.", "Give one line of a .pub file, such as ssh-rsa AAAA… comment."
        ) from None
    types = capabilities.key_pair_rules.public_key_types
    if key.type not in types:
        raise InputError(
            f"{capabilities.provider} does not take public keys of type {key.type}.",
            f"It takes {', '.join(types)}. Make one with ssh-keygen -t rsa -b 4096.",
            code="PublicKeyTypeUnsupported",
        )
    if key.type == RSA and (key.bits or 0) < SMALLEST_RSA:
        raise InputError(
            f"public_key has {key.bits} bits; no SSH server takes an RSA key of less than {SMALLEST_RSA}.",
            "Make one with ssh-keygen -t rsa -b 4096.",
        )
    return key


def weakness(key: PublicKey | None) -> tuple[str, ...]:
    """Return a warning for a key that works but should not be used any more."""
    if key is None or key.bits is None or key.bits >= SOUND_RSA:
        return ()
    return (f"The public key is an RSA key of {key.bits} bits only; use {SOUND_RSA} or more.",)


def validate_tags(tags: t.Mapping[str, t.Any] | None, capabilities: Capabilities) -> dict[str, str] | None:
    """Return the tags as texts, None for None. Raises InputError for tags that the provider does not take."""
    if tags is None:
        return None
    rules = capabilities.key_pair_rules
    if tags and rules.tags == "none":
        raise InputError(
            f"tags are not supported by {capabilities.provider}.", "Leave tags out; this API knows none for key pairs."
        )
    if len(tags) > rules.most_tags:
        raise InputError(f"tags has {len(tags)} entries; {capabilities.provider} takes {rules.most_tags} at most.")
    return {str(key): _tag_value(str(key), value, rules) for key, value in tags.items()}


def _tag_value(key: str, value: t.Any, rules: KeyPairRules) -> str:
    if not key or key.startswith(rules.reserved_tag_prefixes):
        reserved = ", ".join(rules.reserved_tag_prefixes)
        raise InputError(f"tags has a key that cannot be used: {key!r}.", f"Keys begin with none of {reserved}.")
    if isinstance(value, (dict, list)):
        raise InputError(f"The value of the tag {key} is not a text.", "Tags are simple values.")
    return "" if value is None else str(value)
