# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RSA keys of the emulator against the cryptography package, an independent implementation."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.emulator import rsa_keys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def key() -> rsa_keys.RsaKey:
    return rsa_keys.generate()


def openssh(public_key: object) -> str:
    encoding, form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return public_key.public_bytes(encoding, form).decode()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("pem", ["pkcs1_pem", "pkcs8_pem"])
def test_private_keys_load_and_belong_to_the_public_line(key: rsa_keys.RsaKey, pem: str) -> None:
    loaded = serialization.load_pem_private_key(getattr(key, pem)().encode(), password=None)
    assert isinstance(loaded, rsa.RSAPrivateKey)
    assert loaded.key_size == 2048
    assert openssh(loaded.public_key()) == key.public_line()
    signature = loaded.sign(b"text", padding.PKCS1v15(), SHA256())
    loaded.public_key().verify(signature, b"text", padding.PKCS1v15(), SHA256())


def test_labels_and_line_lengths(key: rsa_keys.RsaKey) -> None:
    assert key.pkcs1_pem().startswith("-----BEGIN RSA PRIVATE KEY-----\n")
    assert key.pkcs8_pem().startswith("-----BEGIN PRIVATE KEY-----\n")
    assert max(len(line) for line in key.pkcs1_pem().splitlines()) <= 64


def test_foreign_rsa_keys_are_understood() -> None:
    numbers = rsa.generate_private_key(65537, 2048).public_key()
    line = f"{openssh(numbers)} someone@example.org"
    assert rsa_keys.parse_openssh_line(line) == (numbers.public_numbers().n, numbers.public_numbers().e)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-rsa",
        "ssh-rsa not*base64",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ==",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJ8kAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        f"{rsa_keys.openssh_line(2**512 + 1)}",
        f"{rsa_keys.openssh_line(2**1025)}",
        f"{rsa_keys.openssh_line(2**2047 + 1, 4)}",
        f"{rsa_keys.placeholder_public_key('a')}\n{rsa_keys.placeholder_public_key('b')}",
    ],
)
def test_text_that_is_no_rsa_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        rsa_keys.parse_openssh_line(text)


def test_keys_of_another_type_are_refused() -> None:
    with pytest.raises(ValueError, match="ssh-rsa"):
        rsa_keys.parse_openssh_line(openssh(ed25519.Ed25519PrivateKey.generate().public_key()))


@given(st.integers(min_value=2**1023, max_value=2**2048).map(lambda n: n | 1), st.sampled_from([3, 17, 65537]))
def test_writing_and_reading_are_inverse(n: int, e: int) -> None:
    assert rsa_keys.parse_openssh_line(rsa_keys.openssh_line(n, e, "comment with blanks")) == (n, e)


@given(st.text(min_size=1, max_size=20))
@settings(max_examples=25)
def test_placeholders_are_well_formed_and_always_the_same(text: str) -> None:
    line = rsa_keys.placeholder_public_key(text)
    assert line == rsa_keys.placeholder_public_key(text)
    rsa_keys.parse_openssh_line(" ".join(line.split()[:2]))


def test_small_keys_have_the_size_asked_for() -> None:
    assert rsa_keys.generate(1024).n.bit_length() == 1024
