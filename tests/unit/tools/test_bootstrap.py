# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an environment comes about on machines that lack this or that, and when nothing needs to be installed."""

from __future__ import annotations

from pathlib import Path

import bootstrap
import pytest


class Machine:
    """Stands in for the programs of a machine; remembers what was run."""

    def __init__(
        self, *, ensurepip: bool = False, pip: str | None = None, root: bool = False, sudo: bool = False
    ) -> None:
        self.ensurepip = ensurepip
        self.pip = pip
        self.root = root
        self.sudo = sudo
        self.ran: list[str] = []

    def works(self, *command: str) -> bool:
        if command[-1] == "import ensurepip":
            return self.ensurepip
        if command[0] == "sudo":
            return self.sudo
        return self.pip is not None and " ".join(command).startswith(self.pip)

    def run(self, *command: str) -> None:
        self.ran.append(" ".join(command))


@pytest.fixture
def make_venv(monkeypatch: pytest.MonkeyPatch):
    def make(machine: Machine) -> list[str]:
        monkeypatch.setattr(bootstrap, "_run", machine.works)
        monkeypatch.setattr(bootstrap, "_must", machine.run)
        monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0 if machine.root else 1000)
        monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
        bootstrap.create(Path("V"), "P")
        return machine.ran

    return make


APT = "env DEBIAN_FRONTEND=noninteractive apt-get -q -y"


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        (Machine(ensurepip=True), ["P -m venv V"]),
        (Machine(pip="P -m pip"), ["P -m venv --without-pip V", "P -m pip --python V/bin/python install --quiet pip"]),
        (Machine(pip="pip3"), ["P -m venv --without-pip V", "pip3 --python V/bin/python install --quiet pip"]),
        (
            Machine(root=True),
            [f"{APT} update", f"{APT} install --no-install-recommends python3-venv", "P -m venv V"],
        ),
        (
            Machine(sudo=True),
            [f"sudo -n {APT} update", f"sudo -n {APT} install --no-install-recommends python3-venv", "P -m venv V"],
        ),
    ],
    ids=["ensurepip", "pip of this Python", "pip of another Python", "root on Debian", "sudo on Debian"],
)
def test_an_environment_is_made_with_what_is_there(make_venv, machine: Machine, expected: list[str]) -> None:
    assert make_venv(machine) == expected


def test_where_nothing_is_there_the_user_is_told_what_to_install(make_venv) -> None:
    machine = Machine()
    with pytest.raises(bootstrap.BootstrapError, match="apt-get install python3-venv"):
        make_venv(machine)
    assert machine.ran == []


@pytest.mark.parametrize(
    ("there", "root", "ran"),
    [
        ({"apt-get", "ssh", "sshd"}, True, []),
        ({"apt-get", "ssh"}, True, [f"{APT} update", f"{APT} install --no-install-recommends openssh-server"]),
        ({"apt-get"}, False, []),
        (set(), True, []),
    ],
    ids=["nothing is missing", "one is missing", "no right to install", "not Debian"],
)
def test_programs_that_tests_need(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    there: set[str],
    root: bool,
    ran: list[str],
) -> None:
    machine = Machine()
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "_run", machine.works)
    monkeypatch.setattr(bootstrap, "_must", machine.run)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name, **_options: name if name in there else None)

    bootstrap.provide({"ssh": "openssh-client", "sshd": "openssh-server"})

    assert machine.ran == ran
    assert ("Not installed" in capsys.readouterr().out) == (not ran and "ssh" not in there)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A project with two requirement files, an environment that works, and a pip that only notes what it is told."""
    installed: list[str] = []
    (tmp_path / "run.txt").write_text("requests==1\n")
    (tmp_path / "test.txt").write_text("pytest==1\n")
    (tmp_path / "constraints.txt").write_text("idna==1\n")
    (tmp_path / "venv").mkdir()
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(bootstrap, "CONSTRAINTS", tmp_path / "constraints.txt")
    monkeypatch.setattr(bootstrap, "_works", lambda _python: True)
    monkeypatch.setattr(
        bootstrap,
        "_must",
        lambda *command: installed.extend(Path(word).name for word in command if word.endswith(".txt")),
    )
    return tmp_path, installed


def test_what_is_installed_is_not_installed_again(project: tuple[Path, list[str]]) -> None:
    root, installed = project
    bootstrap.install(root / "venv", ["run"])
    assert installed == ["constraints.txt", "run.txt"]
    bootstrap.install(root / "venv", ["run"])
    assert installed == ["constraints.txt", "run.txt"]
    bootstrap.install(root / "venv", ["run", "test"])
    assert installed[2:] == ["constraints.txt", "test.txt"]


@pytest.mark.parametrize("changed", ["run.txt", "constraints.txt"])
def test_a_changed_pin_is_installed(project: tuple[Path, list[str]], changed: str) -> None:
    root, installed = project
    bootstrap.install(root / "venv", ["run"])
    installed.clear()
    (root / changed).write_text("requests==2\n")
    bootstrap.install(root / "venv", ["run"])
    assert installed == ["constraints.txt", "run.txt"]


def test_a_failed_installation_is_tried_again(project: tuple[Path, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    root, installed = project
    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "_must", fail)
        with pytest.raises(bootstrap.BootstrapError):
            bootstrap.install(root / "venv", ["run"])
    bootstrap.install(root / "venv", ["run"])
    assert installed == ["constraints.txt", "run.txt"]


def fail(*command: str) -> None:
    raise bootstrap.BootstrapError(" ".join(command))
