# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a staged copy of the collection holds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import stage


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "checkout"
    root.mkdir()
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    (root / ".gitignore").write_text("/.build/\n*.log\n")
    (root / "galaxy.yml").write_text("namespace: keyfleet\n")
    (root / "notes.log").write_text("not for git\n")
    (root / "plugins").mkdir()
    (root / "plugins" / "one.py").write_text("one = 1\n")
    monkeypatch.setattr(stage, "ROOT", root)
    monkeypatch.setattr(stage, "BUILD", root / ".build")
    return root


def files(target: Path) -> list[str]:
    found = (path.relative_to(target) for path in target.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if path.parts[0] != ".git")


def test_a_copy_holds_what_git_would_take(checkout: Path) -> None:
    target = stage.copy("x")
    assert target == checkout / ".build/stage/x/ansible_collections/keyfleet/cloud"
    assert files(target) == [".gitignore", "galaxy.yml", "plugins/one.py"]


def test_a_copy_follows_the_checkout(checkout: Path) -> None:
    target = stage.copy("x")
    (target / "tests").mkdir()
    (target / "tests" / "left_by_a_check.txt").write_text("")
    (checkout / "galaxy.yml").write_text("namespace: other\n")
    (checkout / "plugins" / "one.py").rename(checkout / "two.py")
    assert files(stage.copy("x")) == [".gitignore", "galaxy.yml", "two.py"]
    assert (target / "galaxy.yml").read_text() == "namespace: other\n"
    assert not (target / "plugins").exists()


@pytest.mark.usefixtures("checkout")
def test_a_copy_is_a_repository_of_its_own() -> None:
    target = stage.copy("x")
    listed = subprocess.run(["git", "ls-files", "--others"], cwd=target, check=True, capture_output=True, text=True)
    assert "galaxy.yml" in listed.stdout


def test_the_link_shows_the_checkout_as_a_collection(checkout: Path) -> None:
    linked = stage.link() / "ansible_collections" / "keyfleet" / "cloud"
    assert linked.is_symlink()
    assert linked.resolve() == checkout
    assert stage.link() == checkout / ".build" / "dev"
