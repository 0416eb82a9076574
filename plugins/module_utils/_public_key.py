# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""OpenSSH public keys: one line of type, key data in base64, and a comment that is nobody's identity.

RFC 4253, section 6.6 (ssh-rsa); RFC 4251, section 5 (string, mpint).
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import hashlib
import typing as t

RSA = "ssh-rsa"


@dataclasses.dataclass(frozen=True)
class PublicKey:
    """A public key. Two are equal when type and key data are, whatever their comments and white space.

    ``bits``: the size of an RSA key's modulus, None for other types.
    """

    type: str
    blob: bytes
    comment: str = dataclasses.field(default="", compare=False)
    bits: int | None = dataclasses.field(default=None, compare=False)

    @property
    def line(self) -> str:
        """The key as one line: single spaces, no line break, the comment at the end."""
        return f"{self.type} {base64.b64encode(self.blob).decode('ascii')} {self.comment}".rstrip()

    @property
    def fingerprint(self) -> str:
        """The fingerprint as ssh-keygen -l and the messages of ssh print it."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode("ascii")
        return f"SHA256:{digest.rstrip('=')}"


def parse_public_key(text: str) -> PublicKey:
    """Return the key of an OpenSSH line. Raises ValueError, whose text never repeats what was given."""
    line = text.strip()
    words = line.split(None, 2)
    if len(line.splitlines()) != 1 or len(words) < 2:
        raise ValueError("it is not one line of the form: type, key data in base64, comment")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("its second word, the key data, is not base64") from None
    fields = fields_of(blob)
    if not fields or fields[0] != words[0].encode("utf-8"):
        raise ValueError("its first word and its key data do not name the same type")
    if len(fields) < 2:
        raise ValueError("its key data hold no key")
    bits = _modulus_bits(fields) if words[0] == RSA else None
    return PublicKey(words[0], blob, words[2] if len(words) > 2 else "", bits)


def rsa_public_key(modulus: int, exponent: int) -> PublicKey:
    """Return the key that consists of these numbers."""
    blob = b"".join(_string(part) for part in (RSA.encode("ascii"), _mpint(exponent), _mpint(modulus)))
    return PublicKey(RSA, blob, bits=modulus.bit_length())


def same_key(one: str | None, other: PublicKey) -> bool:
    """Tell whether a line from an answer is this key. A line that is missing or unreadable is no key at all."""
    try:
        return parse_public_key(one or "") == other
    except ValueError:
        return False


def fields_of(blob: bytes) -> list[bytes]:
    """Return the parts of key data, the first of which is the type. Raises ValueError when they are cut off."""
    fields: list[bytes] = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            raise ValueError("its key data are cut off")
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return fields


def _modulus_bits(fields: t.Sequence[bytes]) -> int:
    if len(fields) != 3:
        raise ValueError("its key data are not those of an RSA key")
    return int.from_bytes(fields[2], "big").bit_length()


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _mpint(number: int) -> bytes:
    """Return the number with a leading zero where its top bit would read as a sign."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")
