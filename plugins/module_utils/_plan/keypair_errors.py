# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Why a key pair is left as it is: the reasons, each with the way out."""

from __future__ import annotations

import typing as t

from .._models import ErrorInfo, KeyPair
from .plan import enumerate_some


def differs(key_pair: KeyPair) -> ErrorInfo:
    """The name belongs to another public key than the wanted one."""
    return ErrorInfo(
        code="KeyPairDiffers",
        message=f"The key pair {label(key_pair)} has another public key than the one asked for.",
        hint="Choose another name, or set replace=true to put the new key in its place.",
    )


def not_deleted(key_pair: KeyPair) -> ErrorInfo:
    """The key pair to delete has another public key than the one that the task names."""
    return ErrorInfo(
        code="KeyPairDiffers",
        message=f"The key pair {label(key_pair)} has another public key than the one asked for, so it is not deleted.",
        hint="Leave public_key out to delete it whatever its public key is.",
    )


def not_shown(key_pair: KeyPair) -> ErrorInfo:
    """Nobody can tell whether it is the same key."""
    return ErrorInfo(
        code="PublicKeyUnknown",
        message=f"The API does not show the public key of the key pair {label(key_pair)}, so it cannot be compared.",
        hint="Choose another name for the new key.",
    )


def taken(key_pair: KeyPair, *, leftover: bool) -> ErrorInfo:
    """The public key is there under another name."""
    hint = "Use that key pair, or delete it first."
    if leftover:
        hint = "That name is left from an interrupted replacement; run the task with replace=true to finish it."
    return ErrorInfo(
        code="PublicKeyTaken", message=f"The key pair {label(key_pair)} has this public key already.", hint=hint
    )


def in_use(key_pair: KeyPair, holders: t.Sequence[str], *, replacing: bool) -> ErrorInfo:
    """The key pair is bound."""
    way_out = "Unbind it there first (keyfleet.cloud.keypair_binding with state=absent)."
    if replacing:
        way_out = (
            "Rotate instead: import the new key under a name of its own, bind it to these instances, prove that it "
            "lets you in, then unbind and delete this one."
        )
    return ErrorInfo(
        code="KeyPairInUse",
        message=f"The key pair {label(key_pair)} is bound to {len(holders)} instance(s): {enumerate_some(holders)}.",
        hint=way_out,
    )


def not_replaceable(key_pair: KeyPair) -> ErrorInfo:
    """The API has no order of calls in which the new key is there before the old one goes."""
    return ErrorInfo(
        code="ReplaceUnsupported",
        message=f"The key pair {label(key_pair)} cannot be replaced: this API can neither rename a key pair nor hold a "
        "public key twice, so the old one would have to go before the new one is there.",
        hint="Import the new key under another name and delete this one afterwards, or delete this one first.",
    )


def tags_fixed(key_pair: KeyPair, tags: t.Mapping[str, str]) -> ErrorInfo:
    """Tags differ, and this API sets them at creation only."""
    missing = ", ".join(f"{key}={value}" for key, value in sorted(tags.items()))
    return ErrorInfo(
        code="TagsNotChangeable",
        message=f"The key pair {label(key_pair)} lacks the tags {missing}, and this API sets tags at creation only.",
        hint="Set them in the vendor's console (product tag), or leave tags out.",
    )


def no_material(name: str) -> ErrorInfo:
    """Nothing says where the key of a new key pair comes from."""
    return ErrorInfo(
        code="KeyMaterialMissing",
        message=f"There is no key pair {name}, and nothing says which key it is to have.",
        hint="Give public_key to import a key, or private_key_path to let the cloud make one.",
    )


def file_taken(name: str, path: str) -> ErrorInfo:
    """A new private key would have to be written over something."""
    return ErrorInfo(
        code="PrivateKeyFileExists",
        message=f"There is no key pair {name}, but {path} exists and is never overwritten.",
        hint="Import the public half of the key in that file with public_key, choose another path, or move it away.",
    )


def file_missing(key_pair: KeyPair, path: str) -> ErrorInfo:
    """The key pair is there, its private key is not."""
    return ErrorInfo(
        code="PrivateKeyFileMissing",
        message=f"The key pair {label(key_pair)} exists, but {path} does not, and the cloud shows a private key once.",
        hint="Put the private key there, leave private_key_path out, or set replace=true to have a new key pair made.",
    )


def file_differs(key_pair: KeyPair, path: str) -> ErrorInfo:
    """The file holds the private key of something else."""
    return ErrorInfo(
        code="PrivateKeyFileDiffers",
        message=f"The private key in {path} does not belong to the key pair {label(key_pair)}.",
        hint="Choose another path or another name; the file is never overwritten.",
    )


def label(key_pair: KeyPair) -> str:
    """Return the name, with the ID where that is something else."""
    return key_pair.name if key_pair.id in ("", key_pair.name) else f"{key_pair.name} ({key_pair.id})"
