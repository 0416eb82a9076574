# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The private key of a proof: which files will do, and how ssh gets them."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.key_file import PrivateKey
from ansible_collections.keyfleet.cloud.plugins.module_utils._private_key_pem import encrypted
from ansible_collections.keyfleet.cloud.plugins.module_utils._public_key import parse_public_key
from ansible_collections.keyfleet.cloud.tests.unit.emulator.ssh_client import program


def key_pair(path: Path, *options: str, passphrase: str = "") -> Path:
    """Make a key pair with OpenSSH's own program."""
    words = [program("ssh-keygen"), "-q", "-N", passphrase, "-C", "somebody", "-f", str(path), *options]
    subprocess.run(words, check=True)
    return path


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of keys: one name for each kind, ``….pub`` beside it."""
    folder = tmp_path_factory.mktemp("keys")
    key_pair(folder / "ed25519", "-t", "ed25519")
    key_pair(folder / "ecdsa", "-t", "ecdsa")
    key_pair(folder / "rsa", "-t", "rsa", "-b", "1024")
    for name, form in (("rsa-pem", "PEM"), ("rsa-pkcs8", "PKCS8")):
        key_pair(folder / name, "-t", "rsa", "-b", "1024", "-m", form)
        key_pair(folder / f"{name}-encrypted", "-t", "rsa", "-b", "1024", "-m", form, passphrase="passphrase")
    key_pair(folder / "ed25519-encrypted", "-t", "ed25519", passphrase="passphrase")
    key_pair(folder / "ecdsa-pkcs8", "-t", "ecdsa", "-m", "PKCS8")
    return folder


@pytest.fixture
def path(keys: Path, tmp_path: Path) -> Path:
    """A private key without anything beside it."""
    return Path(shutil.copy(keys / "ed25519", tmp_path / "deploy"))


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa", "rsa-pem", "rsa-pkcs8"])
def test_the_public_half_is_the_one_that_openssh_made(keys: Path, kind: str) -> None:
    key = PrivateKey(str(keys / kind))
    assert key.public_key == parse_public_key((keys / f"{kind}.pub").read_text())
    assert not encrypted((keys / kind).read_text())


@pytest.mark.parametrize("kind", ["ed25519-encrypted", "rsa-pem-encrypted", "rsa-pkcs8-encrypted"])
def test_an_encrypted_key_is_told_from_others(keys: Path, kind: str) -> None:
    with pytest.raises(InputError, match="is encrypted") as caught:
        PrivateKey(str(keys / kind))
    assert "passphrase" in caught.value.info.hint


@pytest.mark.parametrize("text", ["", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb\n", "\x00\xff"])
def test_other_files_are_no_private_keys(path: Path, text: str) -> None:
    path.write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match="no private key whose public half can be read"):
        PrivateKey(str(path))


def test_a_key_in_a_form_that_cannot_be_read_says_how_to_change_that(keys: Path) -> None:
    with pytest.raises(InputError) as caught:
        PrivateKey(str(keys / "ecdsa-pkcs8"))
    assert "ssh-keygen -p" in caught.value.info.hint


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file") as caught:
        PrivateKey(str(tmp_path / "missing"))
    assert "where the task runs" in caught.value.info.hint
    with pytest.raises(InputError, match="is a directory"):
        PrivateKey(str(tmp_path))


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o666, 0o602])
def test_a_key_that_everybody_may_open_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(InputError, match=f"open to everybody on this host .mode {mode:04o}") as caught:
        PrivateKey(str(path))
    assert f"chmod 0600 {path}" in caught.value.info.hint


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_ssh_gets_a_link_to_the_file_and_its_public_half(path: Path, keys: Path, mode: int) -> None:
    path.chmod(mode)
    with PrivateKey(str(path)).laid_out() as given:
        assert os.readlink(given) == str(path)
        assert Path(f"{given}.pub").read_text().split() == (keys / "ed25519.pub").read_text().split()[:2]
        assert stat.S_IMODE(os.stat(os.path.dirname(given)).st_mode) == 0o700
    assert not os.path.exists(os.path.dirname(given))
    assert path.exists()


@pytest.mark.parametrize("mode", [0o660, 0o640])
def test_a_key_that_the_group_may_open_is_copied(path: Path, mode: int) -> None:
    """AWX writes the keys of its credentials like that, and ssh refuses them."""
    path.chmod(mode)
    with PrivateKey(str(path)).laid_out() as given:
        assert Path(given).read_text() == path.read_text()
        assert stat.S_IMODE(os.lstat(given).st_mode) == 0o600
    assert not os.path.exists(os.path.dirname(given))


@pytest.mark.parametrize(
    "form", ["{}", "{}\n\n", "\n{}\n"], ids=["no line end", "two line ends", "a line too many in front"]
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_what_ssh_may_refuse_is_put_right_in_a_copy(path: Path, keys: Path, form: str, line_end: str) -> None:
    text = (keys / "ed25519").read_text()
    path.write_bytes(form.format(text.strip()).replace("\n", line_end).encode())
    with PrivateKey(str(path)).laid_out() as given:
        assert Path(given).read_bytes() == text.encode()


def test_nothing_remains_after_a_failure(path: Path) -> None:
    path.chmod(0o640)
    places: list[str] = []

    def fail() -> None:
        with PrivateKey(str(path)).laid_out() as given:
            places.append(os.path.dirname(given))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [os.path.exists(place) for place in places] == [False]
