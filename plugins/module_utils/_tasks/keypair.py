# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The body of the module keypair."""

from __future__ import annotations

import typing as t

from .._argspec import ArgumentSpec, connection_arguments, keypair_arguments
from .._errors import KeyfleetError
from .._plan.keypair_model import KeyFile, Wish
from .._plan.keypair_validation import (
    validate_name,
    validate_public_key,
    validate_sources,
    validate_tags,
    weakness,
)
from .._private_key_file import PrivateKeyFile
from .._services.keypair import KeyPairResult, KeyPairService
from .._services.keypair_write import KeyPairWriter
from .._task import Outcome, Task


class Keypair:
    """Create, import, replace or delete a key pair, or say in check mode what would be done; see Body."""

    def arguments(self) -> ArgumentSpec:
        """See Body."""
        return {**connection_arguments(), **keypair_arguments()}

    def run(self, task: Task) -> Outcome:
        """See Body."""
        path = task.params["private_key_path"]
        file = PrivateKeyFile(path) if path else None
        wish = _wish(task, file)
        deadline = task.deadline()
        connection = task.connect(deadline)
        writer = KeyPairWriter(connection.provider, task.clock, deadline, task.keep_secret)
        service = KeyPairService(connection.provider, connection.capabilities, writer)
        return _outcome(service.ensure(wish, file, check=task.check_mode), weakness(wish.public_key))

    def failed(self, task: Task, error: KeyfleetError) -> t.Mapping[str, t.Any]:  # noqa: ARG002 — the same for all
        """See Body."""
        return KeyPairResult(None).as_dict()


def _wish(task: Task, file: PrivateKeyFile | None) -> Wish:
    """Return what the task asks for. Raises InputError for anything that cannot be right."""
    params, capabilities = task.params, task.options.capabilities
    public_key = (params["public_key"] or "").strip()
    if "PRIVATE KEY" in public_key:
        # Pasted by mistake; the result repeats a task's options.
        task.keep_secret((params["public_key"], public_key))
    validate_name(params["name"], capabilities)
    validate_sources(public_key, params["private_key_path"])
    return Wish(
        name=params["name"],
        state=params["state"],
        public_key=validate_public_key(public_key, capabilities) if public_key else None,
        file=_look_at(file) if file else None,
        replace=params["replace"],
        tags=validate_tags(params["tags"], capabilities),
    )


def _look_at(file: PrivateKeyFile) -> KeyFile:
    if file.exists:
        return KeyFile(file.path, exists=True, public_key=file.public_key())
    return KeyFile(file.path, problem=file.problem())


def _outcome(result: KeyPairResult, warnings: tuple[str, ...]) -> Outcome:
    error = result.error
    return Outcome(
        result=result.as_dict(),
        changed=result.changed,
        failure=f"{error.message} {error.hint}".rstrip() if error else None,
        diff=result.diff,
        warnings=(*warnings, *result.warnings),
    )
