# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of the project, one session each. "make help" shows them; "make test" runs all of them.

They start in the order of this file: the long ones first, so that the short ones fill up the end.
The sessions share .venv, and one environment for each other ansible-core (tests/tools/cores.py); nox makes none.
A session that this machine has no Python for is listed as NOT RUN, never as passed.
"""

from __future__ import annotations

import os
import sys
import typing as t
from pathlib import Path

import nox

sys.path.insert(0, str(Path(__file__).parent / "tests" / "tools"))

import ansible_test
import bootstrap
import cores
import stage

nox.options.default_venv_backend = "none"
nox.options.allow_parallel = True
nox.options.envdir = ".build/nox"
nox.options.error_on_external_run = False

os.environ["PATH"] = os.pathsep.join([str(bootstrap.VENV / "bin"), os.environ["PATH"]])
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(stage.link())
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # kept byte code saves each of thousands of processes compiling it

SERIES = sorted(cores.CORES, key=cores.is_default, reverse=True)  # most is done on the machine's own
each_core = nox.parametrize("core", [nox.param(series, id=series) for series in SERIES])


# Releases of ansible-core differ in how they run modules, lookup, inventory, filters and roles, and each has its own
# Python. So the others run, with one provider, every test of what Ansible calls; every provider is tried on the
# machine's own ansible-core, and so is what knows nothing of Ansible: the emulator, the inner parts of the modules,
# their laws (thousands of random cases) and their deaths (a process for each). Sanity tests compile and import every
# shipped file on each.
OTHER_CORES_UNITS = (
    *(f"tests/unit/{part}" for part in ("modules", "filter", "plugin_utils")),
    *("-k", "not tencent_lighthouse and not tencent_cvm and not laws and not deaths"),
)
OTHER_CORES_ROLES = ("-k", "wrong_variables or check_mode or serial or too_many or cloud_makes")
OTHER_CORES_TARGETS = ("reading", "inventory_instances", "binding_wave")
EXECUTION_ENVIRONMENT = "tests/awx/test_execution_environment.py"
NOT_SHIPPED = ("--exclude", "tests/")  # to pylint they are most of the collection


def prepare(session: nox.Session, *layers: str) -> None:
    """Installs requirement files into .venv."""
    try:
        bootstrap.install(bootstrap.VENV, ["run", "emulator", "tools", *layers])
    except bootstrap.BootstrapError as error:
        session.error(str(error))


def core_environment(session: nox.Session, core: str) -> cores.Environment:
    try:
        environment = cores.environment(core)
    except bootstrap.BootstrapError as error:
        session.error(str(error))
    if environment is None:
        not_run(session, core)
    return environment


def not_run(session: nox.Session, core: str) -> t.NoReturn:
    """Says in the list at the end that this machine has no Python for that ansible-core."""
    session.skip(f"NOT RUN: ansible-core {core} needs Python {' or '.join(cores.CORES[core].pythons)}")


def run_ansible_test(session: nox.Session, core: str, subcommand: str, *arguments: str) -> None:
    """Runs ansible-test without containers on a staged copy; arguments after "--" on nox's command line are added."""
    environment = core_environment(session, core)
    command = (str(environment.bin / "ansible-test"), subcommand, "--python", environment.python, *arguments)
    place = f"{subcommand}-{core}"
    home = ansible_test.home(place, environment)
    session.run("python", "tests/tools/stage.py", place, *command, *session.posargs, env=home)


def run_all(session: nox.Session, *commands: tuple[str, ...]) -> None:
    """Runs every command, so that one complaint does not hide the next, and fails if any of them failed."""
    failed = []
    for command in commands:
        try:
            session.run(*command)
        except nox.command.CommandFailed:
            failed.append(" ".join(command))
    if failed:
        session.warn("Failed: " + "; ".join(failed))
        raise nox.command.CommandFailed


@nox.session
@each_core
def units(session: nox.Session, core: str) -> None:
    """Unit tests, all of them on the machine's own ansible-core; on the others what Ansible or Python may change."""
    environment = core_environment(session, core)
    bootstrap.provide({"ssh": "openssh-client", "sshd": "openssh-server"})  # they try the emulator's SSH servers
    selection = ("tests/unit",) if cores.is_default(core) or session.posargs else OTHER_CORES_UNITS
    session.run(str(environment.bin / "pytest"), *selection, *session.posargs)


@nox.session
@each_core
def integration(session: nox.Session, core: str) -> None:
    """Playbooks against the emulator: all targets on the machine's own ansible-core, some on the others."""
    targets = () if cores.is_default(core) or session.posargs else OTHER_CORES_TARGETS
    run_ansible_test(session, core, "integration", *targets)


@nox.session
@each_core
def roles(session: nox.Session, core: str) -> None:
    """Roles, in real playbooks with real log-ins: all of it on the machine's own ansible-core, some on the others."""
    environment = core_environment(session, core)
    bootstrap.provide({"ssh": "openssh-client"})
    selection = () if cores.is_default(core) or session.posargs else OTHER_CORES_ROLES
    workers = ("-n", "2", "--dist", "worksteal")  # what takes long is waiting for processes
    session.run(str(environment.bin / "pytest"), "tests/roles", *workers, *selection, *session.posargs)


@nox.session
def awx(session: nox.Session) -> None:
    """AWX: its assets on a stand-in, with the real awx.awx."""
    prepare(session, "test", "awx")
    bootstrap.provide({"ssh": "openssh-client"})
    session.run("pytest", "tests/awx", f"--ignore={EXECUTION_ENVIRONMENT}", *session.posargs)


@nox.session(name="execution-environment")
def execution_environment(session: nox.Session) -> None:
    """AWX's jobs in the execution environment, without its container."""
    if cores.python(cores.IMAGE) is None:
        not_run(session, cores.IMAGE)
    prepare(session, "test", "awx")
    bootstrap.provide({"ssh": "openssh-client"})
    session.run("pytest", EXECUTION_ENVIRONMENT, *session.posargs)


@nox.session
def examples(session: nox.Session) -> None:
    """Every example in the documentation, run against the emulator."""
    prepare(session, "test")
    session.run("pytest", "tests/examples", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """The archive: contents, size, and a working installation of it."""
    prepare(session)
    session.run("python", "tests/tools/build_check.py")


@nox.session
@each_core
def sanity(session: nox.Session, core: str) -> None:
    """ansible-test sanity, no ignore file: all files on the machine's own core, what is shipped on the others."""
    selection = () if cores.is_default(core) or session.posargs else NOT_SHIPPED
    run_ansible_test(session, core, "sanity", "--requirements", *selection)


@nox.session(name="sanity-all", default=False)
@each_core
def sanity_all(session: nox.Session, core: str) -> None:
    """ansible-test sanity without an ignore file, all files on every core."""
    run_ansible_test(session, core, "sanity", "--requirements")


@nox.session
def conformance(session: nox.Session) -> None:
    """The vendors' own clients against the emulator."""
    prepare(session, "test", "conformance")
    session.run("pytest", "tests/conformance", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Style, types, licences, changelog, action group and playbooks."""
    prepare(session, "test", "lint")
    run_all(
        session,
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("mypy", "--cache-dir", ".build/mypy-tools", "noxfile.py", "tests/tools"),
        ("yamllint", "--strict", "--config-file", ".config/yamllint.yml", "."),
        ("reuse", "lint", "--lines"),
        ("antsibull-changelog", "lint"),
        ("python", "tests/tools/action_groups.py"),
        ("python", "tests/tools/stage.py", "lint", "ansible-lint", "--offline", "--strict"),
    )


@nox.session(name="docs-lint")
def docs_lint(session: nox.Session) -> None:
    """Documentation of plugins and roles: schema, markup, references."""
    prepare(session, "lint")
    command = ("antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=all")
    session.run("python", "tests/tools/stage.py", "docs", *command, "--disallow-unknown-collection-refs", ".")


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation's site, in .build/docs/html; every warning is an error."""
    prepare(session, "lint", "docs")
    session.run("python", "tests/tools/site.py")


@nox.session(default=False)
def demo(session: nox.Session) -> None:
    """The whole story on the embedded emulator: drift, bind, rotate, revoke."""
    prepare(session)
    bootstrap.provide({"ssh": "openssh-client"})
    session.run(
        "ansible-playbook", "keyfleet.cloud.demo", *session.posargs, env={"ANSIBLE_DISPLAY_SKIPPED_HOSTS": "no"}
    )


@nox.session(default=False)
def benchmark(session: nox.Session) -> None:
    """Measure: "-- rate_budget" (several jobs on one account) or "-- large_inventory"; "--help" shows the options."""
    prepare(session, "test")
    name, *options = session.posargs or ["rate_budget", "--help"]
    module = f"ansible_collections.keyfleet.cloud.tests.benchmarks.{name}"
    session.run("python", "-m", module, *options, env={"PYTHONPATH": str(stage.link())})


@nox.session(default=False)
def changelog(session: nox.Session) -> None:
    """Write the changelog of the version that galaxy.yml names, from changelogs/fragments and the plugins."""
    prepare(session, "lint")
    session.run("antsibull-changelog", "release", "--reload-plugins", "--update-existing", *session.posargs)
