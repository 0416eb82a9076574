# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a job as AWX does: the template's variables, answers, injected credentials, an inventory script, one command."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.keyfleet.cloud.tests.awx.conftest import SetUpAwx
from ansible_collections.keyfleet.cloud.tests.awx.stand_in import credentials, surveys
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.store import Item

LONGEST = 180


@dataclass(frozen=True)
class Node:
    """Where jobs run: a project's folder, collections, and the programs of an execution environment."""

    awx: SetUpAwx
    programs: Path
    collections: Path
    project: Path
    directory: Path
    """For what a job leaves."""

    def launch(self, template: str, **answers: Any) -> subprocess.CompletedProcess[str]:
        """Start a template as a client of the API does. Raises AssertionError if AWX would not start it."""
        item = self.awx.one("job_templates", template)
        survey = item.extra["survey"]
        assert surveys.wrong_answers(survey, answers) == []
        extra_vars = {**json.loads(item.fields["extra_vars"]), **surveys.defaults(survey), **answers}
        extra_vars["awx_job_template_name"] = template
        injected = [self._inject(number) for number in item.lists["credentials"]]
        arguments = [argument for one in injected for argument in ("-e", json.dumps(one.extra_vars)) if one.extra_vars]
        variables = self.directory / "extra_vars.json"
        variables.write_text(json.dumps(extra_vars), encoding="utf-8")
        playbook = self.project / Path(item.fields["playbook"])
        if not playbook.is_file():  # the other kind of project has no folder for them
            playbook = self.project / playbook.name
        environment = {name: value for one in injected for name, value in one.environment.items()}
        options = ["-i", str(self._inventory()), "-u", "root", *self._modes(item), "-e", f"@{variables}", *arguments]
        return self._run("ansible-playbook", *options, str(playbook), **environment)

    @staticmethod
    def _modes(template: Item) -> list[str]:
        modes = {"--check": template.fields["job_type"] == "check", "--diff": template.fields["diff_mode"]}
        return [option for option, wanted in modes.items() if wanted]

    def _inject(self, number: int) -> credentials.Injected:
        store = self.awx.stand_in.store
        credential = store.get("credentials", number)
        kind = store.get("credential_types", credential.fields["credential_type"])
        return credentials.inject(kind.fields, credential.fields["inputs"], self.directory)

    def _inventory(self) -> Path:
        """Return a script that prints what the sources gave, as AWX makes it. Sources are cached."""
        script = self.directory / "hosts"
        self.awx.hosts = self.awx.hosts or self._hosts()
        script.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(self.awx.hosts)}\nEND\n", encoding="utf-8")
        script.chmod(0o755)
        return script

    def _hosts(self) -> dict[str, Any]:
        merged: dict[str, Any] = {"_meta": {"hostvars": {}}, "all": {"hosts": [], "vars": {}}}
        for source in self.awx.stand_in.store.all("inventory_sources"):
            for name, group in self._read(source).items():
                if name == "_meta":
                    merged["_meta"]["hostvars"] |= group["hostvars"]
                    merged["all"]["hosts"] += group["hostvars"]
                elif name != "all":
                    merged.setdefault(name, {"hosts": []})["hosts"] += group.get("hosts", [])
        variables = self.awx.one("inventories", "Keyfleet instances").fields["variables"]
        merged["all"]["vars"] = json.loads(variables)
        return merged

    def _read(self, source: Item) -> dict[str, Any]:
        environment = {
            **self._inject(source.fields["credential"]).environment,
            **json.loads(source.fields["source_vars"]),
        }
        path = self.project / source.fields["source_path"]
        done = self._run("ansible-inventory", "-i", str(path), "--list", **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "__ansible_unsafe" not in done.stdout, "AWX would show that in the variables of hosts"
        return dict(json.loads(done.stdout))

    def _run(self, program: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program of the execution environment, with nothing else of this machine but ssh."""
        tools = self.directory / "tools"
        if not tools.exists():
            tools.mkdir()
            for name in ("ssh", "ssh-keygen", "sh", "cat"):
                (tools / name).symlink_to(shutil.which(name) or "/bin/false")
        return subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.project,
            env={
                "HOME": str(self.directory),
                "PATH": os.pathsep.join([str(self.programs), str(tools), "/usr/bin", "/bin"]),
                "LC_ALL": "C.UTF-8",
                "AWX_PRIVATE_DATA_DIR": str(self.directory),
                "PWD": os.devnull,  # wherever AWX itself was started: nothing can be made there
                "NO_PROXY": "127.0.0.1",
                "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
                "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
                "ANSIBLE_SHOW_CUSTOM_STATS": "true",
                "ANSIBLE_NOCOLOR": "true",
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
