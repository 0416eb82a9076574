# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types: what AWX takes, how it shows secrets, and what a job gets from them.

The rules of AWX 24.6.1: CredentialTypeInputField, CredentialTypeInjectorField and CredentialType.inject_credential.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import jinja2.sandbox

ENCRYPTED = "$encrypted$"
MEMBERS = {"id", "label", "type", "format", "choices", "help_text", "multiline", "secret", "ask_at_runtime", "default"}
INJECTORS = {
    "file": r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?",
    "env": r"[a-zA-Z_]+[a-zA-Z0-9_]*",
    "extra_vars": r"[a-zA-Z_]+[a-zA-Z0-9_]*",
}
AS_AWX_WRITES_FILES = 0o660


class CredentialError(Exception):
    """AWX would refuse it."""


def check_type(inputs: Mapping[str, Any], injectors: Mapping[str, Any]) -> None:
    """Raise CredentialError unless AWX would save the credential type."""
    ids = []
    for item in inputs.get("fields", []):
        unknown = set(item) - MEMBERS
        if unknown or "label" not in item or not re.fullmatch(r"[a-zA-Z_]+[a-zA-Z0-9_]*", item.get("id", "")):
            raise CredentialError(f"fields: {item}")
        if item["id"] == "tower" or item["id"] in ids:
            raise CredentialError(f"{item['id']} is reserved, or there twice")
        if item.get("type", "string") not in ("string", "boolean"):
            raise CredentialError(f"{item['type']} is no type")
        if item.get("format", "url") not in ("ssh_private_key", "url"):
            raise CredentialError(f"{item['format']} is no format")
        ids.append(item["id"])
    if set(inputs) - {"fields", "required"} or set(inputs.get("required", [])) - set(ids):
        raise CredentialError("required names no field")
    _check_injectors(injectors, ids)


def _check_injectors(injectors: Mapping[str, Any], ids: list[str]) -> None:
    files = [label.partition(".")[2] for label in injectors.get("file", {})]
    tower = SimpleNamespace(filename=SimpleNamespace(**dict.fromkeys(filter(None, files), "/file")))
    namespace = {**dict.fromkeys(ids, "value"), "tower": tower}
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for group, templates in injectors.items():
        if group not in INJECTORS:
            raise CredentialError(f"{group} is no kind of injector")
        for name, template in templates.items():
            if not re.fullmatch(INJECTORS[group], name) or (group == "env" and name.startswith("ANSIBLE_")):
                raise CredentialError(f"{name} cannot be injected")
            try:
                environment.from_string(template).render(namespace)
            except jinja2.UndefinedError as error:
                raise CredentialError(f"{group} {name} uses an undefined field: {error}") from error


def stored(inputs: Mapping[str, Any], given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AWX keeps of a credential's inputs: empty secrets are dropped; ``$encrypted$`` is as before."""
    fields = {item["id"]: item for item in inputs.get("fields", [])}
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise CredentialError(f"{', '.join(unknown)}: not among the fields of the type")
    kept = {}
    for name, value in given.items():
        secret = fields[name].get("secret", False)
        if secret and value == ENCRYPTED:
            kept[name] = before[name]
        elif value or not secret:
            kept[name] = value
        if value and fields[name].get("format") == "ssh_private_key" and "PRIVATE KEY-----" not in kept[name]:
            raise CredentialError(f"{name}: Invalid certificate or key")
    return kept


def shown(inputs: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a credential's inputs as AWX shows them."""
    secrets = {item["id"] for item in inputs.get("fields", []) if item.get("secret")}
    return {name: ENCRYPTED if name in secrets else value for name, value in kept.items()}


@dataclass
class Injected:
    """What a job gets."""

    environment: dict[str, str]
    extra_vars: dict[str, str]


def inject(kind: Mapping[str, Any], kept: Mapping[str, Any], directory: Path) -> Injected:
    """Return what a job gets from a credential of this type; files are written into the directory."""
    namespace: dict[str, Any] = {name: value for name, value in kept.items() if value}
    for item in kind["inputs"].get("fields", []):
        name = item["id"]
        if item.get("format") == "ssh_private_key" and name in namespace and not namespace[name].endswith("\n"):
            namespace[name] += "\n"
    environment = jinja2.sandbox.ImmutableSandboxedEnvironment()
    filename = SimpleNamespace()
    for label, template in kind["injectors"].get("file", {}).items():
        path = directory / label
        path.write_text(environment.from_string(template).render(namespace), encoding="utf-8")
        path.chmod(AS_AWX_WRITES_FILES)
        setattr(filename, label.partition(".")[2], str(path))
    namespace["tower"] = SimpleNamespace(filename=filename)

    def rendered(group: str) -> dict[str, str]:
        templates = kind["injectors"].get(group, {})
        return {name: environment.from_string(template).render(namespace) for name, template in templates.items()}

    return Injected(rendered("env"), rendered("extra_vars"))
