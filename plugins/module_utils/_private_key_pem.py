# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Which public key belongs to a private key: read from its PEM text, without any cryptography.

RFC 8017, appendix A.1.2 (BEGIN RSA PRIVATE KEY); RFC 5208 (BEGIN PRIVATE KEY); OpenSSH's PROTOCOL.key, whose public
half can be read without the passphrase.
"""

from __future__ import annotations

import base64
import re
import typing as t

from ._public_key import PublicKey, fields_of, parse_public_key, rsa_public_key

_PEM = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END \1-----")
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30


def public_half(pem: str) -> PublicKey | None:
    """Return the public key; None where the text is no private key, or one that cannot be read (encrypted, not RSA)."""
    found = _PEM.search(pem)
    if found is None:
        return None
    label, body = found.groups()
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
        if label == "OPENSSH PRIVATE KEY":
            return _openssh(data)
        if label == "RSA PRIVATE KEY":
            return _pkcs1(data)
        return _pkcs8(data) if label == "PRIVATE KEY" else None
    except (ValueError, IndexError):
        return None


def encrypted(pem: str) -> bool:
    """Tell whether the text is a private key that only a passphrase opens."""
    if "-----BEGIN ENCRYPTED PRIVATE KEY-----" in pem or re.search(r"^Proc-Type: 4,ENCRYPTED", pem, re.MULTILINE):
        return True
    found = _PEM.search(pem)
    if found is None or found.group(1) != "OPENSSH PRIVATE KEY":
        return False
    try:
        data = base64.b64decode("".join(found.group(2).split()), validate=True)
    except ValueError:
        return False
    cipher = data[len(_OPENSSH_MAGIC) + 4 :][: int.from_bytes(data[len(_OPENSSH_MAGIC) :][:4], "big")]
    return data.startswith(_OPENSSH_MAGIC) and cipher != b"none"


def _openssh(data: bytes) -> PublicKey:
    """Magic, cipher, key derivation and its options, number of keys, then the public key."""
    if not data.startswith(_OPENSSH_MAGIC):
        raise ValueError("not in OpenSSH's format")
    rest = data[len(_OPENSSH_MAGIC) :]
    for _field in range(3):
        rest = rest[4 + int.from_bytes(rest[:4], "big") :]
    length = int.from_bytes(rest[4:8], "big")
    blob = rest[8 : 8 + length]
    name = fields_of(blob)[0].decode("ascii")
    return parse_public_key(f"{name} {base64.b64encode(blob).decode('ascii')}")


def _pkcs8(data: bytes) -> PublicKey:
    """Version, algorithm, and the key itself in PKCS#1, which only an RSA key is."""
    _version, _algorithm, key = list(_elements(_content(data)))[:3]
    if key[0] != _OCTETS:
        raise ValueError("no key inside")
    return _pkcs1(key[1])


def _pkcs1(data: bytes) -> PublicKey:
    """Version, modulus, public exponent, and what is secret."""
    numbers = list(_elements(_content(data)))
    if len(numbers) < 9 or any(tag != _INTEGER for tag, _value in numbers):
        raise ValueError("not an RSA key")
    modulus, exponent = (int.from_bytes(value, "big") for _tag, value in numbers[1:3])
    return rsa_public_key(modulus, exponent)


def _content(data: bytes) -> bytes:
    tag, content = next(_elements(data), (0, b""))
    if tag != _SEQUENCE:
        raise ValueError("not a sequence")
    return content


def _elements(data: bytes) -> t.Iterator[tuple[int, bytes]]:
    """Yield tag and content of each DER element."""
    while data:
        tag, size, start = data[0], data[1], 2
        if size >= 0x80:
            start += size - 0x80
            size = int.from_bytes(data[2:start], "big")
        if len(data) < start + size:
            raise ValueError("cut off")
        yield tag, data[start : start + size]
        data = data[start + size :]
