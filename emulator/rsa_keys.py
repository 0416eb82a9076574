# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RSA key pairs with nothing but the standard library: generation, PKCS#1 and PKCS#8 PEM, OpenSSH public keys.

Good enough for an emulator and interoperable with OpenSSH; not constant-time, so not for keys that protect anything.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

_EXPONENT = 65537
_RSA_OID = bytes.fromhex("06092a864886f70d0101010500")  # rsaEncryption, NULL parameters
_ALGORITHM = "ssh-rsa"


@dataclass(frozen=True)
class RsaKey:
    """An RSA private key: modulus, private exponent and the two primes."""

    n: int
    d: int
    p: int
    q: int

    def public_line(self, comment: str = "") -> str:
        """Return the public half in OpenSSH's one-line format."""
        return openssh_line(self.n, _EXPONENT, comment)

    def pkcs1_pem(self) -> str:
        """Return ``BEGIN RSA PRIVATE KEY`` (RFC 8017 A.1.2), as Tencent Cloud gives it out."""
        return _pem("RSA PRIVATE KEY", self._pkcs1())

    def pkcs8_pem(self) -> str:
        """Return ``BEGIN PRIVATE KEY`` (RFC 5208), as Alibaba Cloud gives it out."""
        return _pem("PRIVATE KEY", _der(0x30, _der_integer(0), _der(0x30, _RSA_OID), _der(0x04, self._pkcs1())))

    def _pkcs1(self) -> bytes:
        numbers = (
            0,
            self.n,
            _EXPONENT,
            self.d,
            self.p,
            self.q,
            self.d % (self.p - 1),
            self.d % (self.q - 1),
            pow(self.q, -1, self.p),
        )
        return _der(0x30, *(_der_integer(number) for number in numbers))


def generate(bits: int = 2048) -> RsaKey:
    """Return a new key whose modulus has exactly that many bits."""
    half = bits // 2
    while True:
        p, q = sorted((_prime(half), _prime(bits - half)), reverse=True)
        if p != q and (p * q).bit_length() == bits:
            return RsaKey(n=p * q, d=pow(_EXPONENT, -1, (p - 1) * (q - 1)), p=p, q=q)


def openssh_line(n: int, e: int = _EXPONENT, comment: str = "") -> str:
    """Return an ``ssh-rsa`` line (RFC 4253 6.6)."""
    blob = _ssh_string(_ALGORITHM.encode()) + _ssh_string(_signed(e)) + _ssh_string(_signed(n))
    return f"{_ALGORITHM} {base64.b64encode(blob).decode()} {comment}".rstrip()


def parse_openssh_line(text: str) -> tuple[int, int]:
    """Return modulus and exponent of an ``ssh-rsa`` line; raises ValueError for anything else."""
    words = text.split(None, 2)
    if len(words) < 2 or words[0] != _ALGORITHM or "\n" in text.strip():
        raise ValueError("not one line that begins with ssh-rsa")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except binascii.Error as error:
        raise ValueError("the key is not base64") from error
    fields = _ssh_strings(blob)
    if len(fields) != 3 or fields[0] != _ALGORITHM.encode():
        raise ValueError("the key blob is not an RSA key")
    e, n = (int.from_bytes(field, "big") for field in fields[1:])
    if e < 3 or e % 2 == 0 or n % 2 == 0 or n.bit_length() < 1024:
        raise ValueError("the RSA numbers are impossible or too small")
    return n, e


def placeholder_public_key(text: str) -> str:
    """Return a well-formed public key that is always the same for a text and for which there is no private key."""
    digest = hashlib.shake_256(text.encode()).digest(256)
    return openssh_line(int.from_bytes(digest, "big") | 1 << 2047 | 1, comment=text)


def _prime(bits: int) -> int:
    while True:
        candidate = secrets.randbits(bits) | 0b11 << (bits - 2) | 1
        if (
            candidate % _EXPONENT != 1
            and all(candidate % small for small in _SMALL_PRIMES)
            and _miller_rabin(candidate)
        ):
            return candidate


def _miller_rabin(n: int, rounds: int = 8) -> bool:
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _round in range(rounds):
        x = pow(secrets.randbelow(n - 3) + 2, odd, n)
        if x in (1, n - 1):
            continue
        for _square in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


_SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]


def _signed(number: int) -> bytes:
    """Big-endian, with a leading zero where the top bit would read as a sign."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def _ssh_string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _ssh_strings(blob: bytes) -> list[bytes]:
    fields = []
    while blob:
        length = int.from_bytes(blob[:4], "big")
        if len(blob) < 4 + length:
            raise ValueError("the key blob is cut off")
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    return fields


def _der(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    width = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | width)) + size.to_bytes(width, "big") + content


def _der_integer(number: int) -> bytes:
    return _der(0x02, _signed(number))


def _pem(label: str, data: bytes) -> str:
    text = base64.b64encode(data).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])
