# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of a proof of login: what is left out, what is refused, and what ssh is started with."""

from __future__ import annotations

import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import InputError
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.command import command, environment
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.model import Target
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.options import (
    LOGIN_ARGUMENTS,
    LoginOptions,
    checked,
    login_options,
)
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.journal_folder import A


def target(host: str = "203.0.113.7", port: int = 22, user: str = "root") -> Target:
    return Target(A, host, port, user)


@pytest.mark.parametrize("values", [None, {}, dict.fromkeys(LOGIN_ARGUMENTS), dict.fromkeys(LOGIN_ARGUMENTS, "")])
def test_what_is_left_out_has_its_default(values: dict[str, t.Any] | None) -> None:
    assert login_options(values) == LoginOptions()


def test_the_defaults_are_those_of_the_arguments() -> None:
    given = {name: argument.get("default") for name, argument in LOGIN_ARGUMENTS.items()}
    assert vars(LoginOptions()) == given


def test_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-config").touch()
    options = login_options({"private_key_path": "-key", "known_hosts_path": "known", "ssh_config_path": "-config"})
    assert (options.private_key_path, options.known_hosts_path, options.ssh_config_path) == tuple(
        str(tmp_path / name) for name in ("-key", "known", "-config")
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"key": "x"}, "login has no member key"),
        ({"user": "-oProxyCommand=touch /tmp/x"}, "not a user"),
        ({"user": "root$(id)"}, "not a user"),
        ({"user": "a b"}, "not a user"),
        ({"user": "root\n"}, "not a user"),
        ({"port": 0}, "port must be a number from 1 to 65535"),
        ({"port": 65536}, "port must be a number"),
        ({"port": "22"}, "port must be a number"),
        ({"port": True}, "port must be a number"),
        ({"timeout": 0}, "login.timeout must be a number from 1"),
        ({"connect_timeout": -1}, "login.connect_timeout"),
        ({"denied_grace": -1}, "login.denied_grace"),
        ({"address": "elastic"}, "login.address must be one of private, public"),
        ({"host_key_checking": "no"}, "login.host_key_checking must be one of"),
        ({"private_key_path": '/keys/a" -o x'}, "a meaning of its own"),
        ({"private_key_path": "/keys/${HOME}"}, "a meaning of its own"),
        ({"known_hosts_path": "/nowhere/known\nhosts"}, "a meaning of its own"),
        ({"known_hosts_path": "/nowhere/known_hosts"}, "does not exist"),
        ({"ssh_config_path": "/nowhere/config"}, "there is no file"),
    ],
)
def test_wrong_options_are_named(values: dict[str, t.Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        login_options(values)
    assert message in caught.value.info.message


@pytest.mark.parametrize(
    "host",
    [
        "-oProxyCommand=id",
        "-v",
        "",
        "web 1",
        "web\n1",
        "root@web",
        "web;id",
        "$(id)",
        "`id`",
        "web-",
        "ssh://web",
        "203.0.113.7:22",
        "fe80::1%$(id)",
        "fe80::1%",
        "[::1",
        "a" * 300,
    ],
)
def test_what_is_no_host_never_reaches_ssh(host: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(target(host))
    assert str(A) in caught.value.info.message


@pytest.mark.parametrize(
    ("given", "host", "shown"),
    [
        ("203.0.113.7", "203.0.113.7", "root@203.0.113.7:22"),
        ("web-1.example.com", "web-1.example.com", "root@web-1.example.com:22"),
        ("bastion_alias", "bastion_alias", "root@bastion_alias:22"),
        ("2001:db8::7", "2001:db8::7", "root@[2001:db8::7]:22"),
        ("[2001:db8::7]", "2001:db8::7", "root@[2001:db8::7]:22"),
        ("fe80::1%eth0", "fe80::1%eth0", "root@[fe80::1%eth0]:22"),
    ],
)
def test_hosts(given: str, host: str, shown: str) -> None:
    safe = checked(target(given))
    assert (safe.host, str(safe)) == (host, shown)


def settings(config: str | None = None, **members: t.Any) -> dict[str, str]:
    """What OpenSSH itself makes of the command line (ssh -G), by lower-case name."""
    ssh = shutil.which("ssh")
    assert ssh is not None, "NOT RUN: this test needs OpenSSH's ssh; on Debian: apt-get install openssh-client"
    options = LoginOptions(ssh_config_path=config, **members)
    words = command(ssh, options, "/tmp/a b%h/key", target("2001:db8::7", 2222, "ubuntu"))
    shown = subprocess.run([words[0], "-G", *words[1:]], capture_output=True, text=True, check=True).stdout
    return dict(reversed([line.partition(" ")[::2] for line in shown.splitlines()]))


def test_ssh_understands_the_command_line() -> None:
    found = settings(connect_timeout=7)
    expected = {
        "hostname": "2001:db8::7",
        "port": "2222",
        "user": "ubuntu",
        "identityfile": "/tmp/a b%%h/key",
        "connecttimeout": "7",
        "stricthostkeychecking": "accept-new",
        "batchmode": "yes",
        "identitiesonly": "yes",
    }
    assert expected.items() <= found.items()
    assert found["userknownhostsfile"].split()[0].endswith("/.ssh/known_hosts")


def test_a_configuration_file_opens_no_other_way_in(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "Host *\n"
        "  User somebody\n  Port 1\n  IdentityFile ~/.ssh/other\n  IdentitiesOnly no\n  IdentityAgent SSH_AUTH_SOCK\n"
        "  PKCS11Provider /usr/lib/token.so\n  PasswordAuthentication yes\n  PreferredAuthentications password\n"
        "  BatchMode no\n  ControlMaster auto\n  ControlPath ~/%C\n  StrictHostKeyChecking no\n  ForwardAgent yes\n"
        "  LocalCommand id\n  PermitLocalCommand yes\n  RemoteCommand id\n  FingerprintHash md5\n  LogLevel QUIET\n"
        "  ConnectTimeout 999\n  ProxyJump bastion\n",
        encoding="utf-8",
    )
    found = settings(str(config))
    expected = {
        "user": "ubuntu",
        "port": "2222",
        "identityfile": "/tmp/a b%%h/key",
        "identitiesonly": "yes",
        "identityagent": "none",
        "passwordauthentication": "no",
        "kbdinteractiveauthentication": "no",
        "hostbasedauthentication": "no",
        "gssapiauthentication": "no",
        "preferredauthentications": "publickey",
        "batchmode": "yes",
        "controlmaster": "false",
        "stricthostkeychecking": "accept-new",
        "forwardagent": "no",
        "permitlocalcommand": "no",
        "fingerprinthash": "SHA256",
        "loglevel": "DEBUG",
        "connecttimeout": "10",
    }
    assert expected.items() <= found.items()
    assert not {"controlpath", "pkcs11provider"} & found.keys()
    assert found["proxyjump"] == "bastion", "the way there is the configuration's to choose"


@pytest.mark.parametrize(
    ("checking", "expected"),
    [("accept_new", "accept-new"), ("strict", "true"), ("off", "false")],
)
def test_host_keys(checking: t.Any, expected: str, tmp_path: Path) -> None:
    found = settings(host_key_checking=checking, known_hosts_path=str(tmp_path / "known %h hosts"))
    assert found["stricthostkeychecking"] == expected
    assert found["userknownhostsfile"] == ("/dev/null" if checking == "off" else str(tmp_path / "known %h hosts"))


def test_ssh_gets_nothing_that_would_give_it_keys_or_let_it_ask() -> None:
    given = {"SSH_AUTH_SOCK": "/a", "SSH_ASKPASS": "/b", "DISPLAY": ":0", "PATH": "/bin", "LC_ALL": "de_DE.UTF-8"}
    assert environment(given) == {"PATH": "/bin", "LC_ALL": "C"}
