# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Public keys are told apart by their content; which private key belongs to one is read from its PEM text."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.keyfleet.cloud.emulator import rsa_keys
from ansible_collections.keyfleet.cloud.plugins.module_utils._private_key_pem import public_half
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import (
    PublicKey,
    parse_public_key,
    rsa_public_key,
    same_key,
)
from hypothesis import given
from hypothesis import strategies as st

LINE = rsa_keys.placeholder_public_key("deploy")
TYPE, DATA, _COMMENT = LINE.split()
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

blanks = st.text(" \t", min_size=1, max_size=4)
comments = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=20)


@given(blanks, comments, st.sampled_from(["", "\n", "\r\n", "  \n"]))
def test_comment_and_white_space_are_nobodys_identity(blank: str, comment: str, end: str) -> None:
    found = parse_public_key(f"{blank}{TYPE}{blank}{DATA}{blank}{comment}{end}")

    assert found == parse_public_key(LINE)
    assert hash(found) == hash(parse_public_key(LINE))


@given(comments)
def test_a_line_that_was_read_can_be_written_and_read_again(comment: str) -> None:
    found = parse_public_key(f"{TYPE} {DATA} {comment}")

    again = parse_public_key(found.line)

    assert (again, again.comment) == (found, found.comment)
    assert "\n" not in found.line


@given(st.integers(1023, 4097).map(lambda bits: 1 << (bits - 1) | 1), st.sampled_from([3, 65537]))
def test_the_numbers_of_an_rsa_key_make_its_line(modulus: int, exponent: int) -> None:
    line = rsa_keys.openssh_line(modulus, exponent)

    assert parse_public_key(line) == rsa_public_key(modulus, exponent)
    assert parse_public_key(line).bits == modulus.bit_length()


def test_different_keys_are_different() -> None:
    assert parse_public_key(LINE) != parse_public_key(rsa_keys.placeholder_public_key("other"))
    assert parse_public_key(LINE) != parse_public_key(ED25519)
    assert parse_public_key(ED25519).bits is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "one line"),
        ("ssh-rsa", "one line"),
        (f"{LINE}\n{LINE}", "one line"),
        (f"{TYPE} not*base64", "base64"),
        (f"{TYPE} {DATA}é", "base64"),
        (f"ssh-dss {DATA}", "same type"),
        (f"{TYPE} AAAA", "cut off"),
        (f"{TYPE} {DATA[:-40]}", "cut off"),
        (f"{TYPE} AAAAB3NzaC1yc2E=", "no key"),
        (f"{TYPE} AAAAB3NzaC1yc2EAAAABAQ==", "RSA"),
    ],
)
def test_a_malformed_line_is_refused_without_repeating_it(line: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        parse_public_key(line)

    assert DATA[:20] not in str(caught.value)


@pytest.mark.parametrize(("line", "same"), [(LINE, True), (f"{TYPE} {DATA}", True), (ED25519, False), (None, False)])
def test_a_line_from_an_answer_is_compared_or_is_no_key(line: str | None, same: bool) -> None:
    assert same_key(line, parse_public_key(LINE)) is same


@pytest.fixture(scope="module")
def rsa() -> rsa_keys.RsaKey:
    return rsa_keys.generate(1024)


def test_the_public_half_of_what_the_clouds_give_out_is_found(rsa: rsa_keys.RsaKey) -> None:
    expected = parse_public_key(rsa.public_line())

    assert public_half(rsa.pkcs1_pem()) == expected
    assert public_half(rsa.pkcs8_pem()) == expected
    assert public_half(f"Comment: x\r\n\r\n{rsa.pkcs8_pem()}".replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(("cipher", "kdf"), [("none", "none"), ("aes256-ctr", "bcrypt")])
@pytest.mark.parametrize("line", [LINE, ED25519], ids=["rsa", "ed25519"])
def test_so_is_that_of_openssh_s_own_files_even_encrypted(line: str, cipher: str, kdf: str) -> None:
    options = b"" if kdf == "none" else string(b"0123456789abcdef") + (16).to_bytes(4, "big")
    public = base64.b64decode(line.split()[1])
    header = string(cipher.encode()) + string(kdf.encode()) + string(options) + (1).to_bytes(4, "big")
    data = b"openssh-key-v1\0" + header + string(public) + string(b"the secret half")
    text = base64.b64encode(data).decode()

    found = public_half(f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}\n-----END OPENSSH PRIVATE KEY-----\n")

    assert found == parse_public_key(line)


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


@given(st.integers(0, 1200), st.binary(max_size=4))
def test_a_damaged_file_is_no_key_and_no_error(position: int, garbage: bytes) -> None:
    data = bytearray(base64.b64decode("".join(PEM.splitlines()[1:-1])))
    data[position : position + 1] = garbage
    text = base64.b64encode(bytes(data)).decode()

    found = public_half(f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")

    assert found is None or isinstance(found, PublicKey)


@pytest.mark.parametrize("label", ["EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY", "OPENSSH PRIVATE KEY"])
def test_other_files_hold_no_key_that_can_be_read(label: str) -> None:
    assert public_half(PEM.replace("PRIVATE KEY", label)) is None
    assert public_half("nothing of the kind") is None


PEM = rsa_keys.generate(1024).pkcs8_pem()
