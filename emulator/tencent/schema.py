# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Actions and their parameters as data, and the checks that follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import ApiError
from ..settings import Settings

INTEGER, BOOLEAN, STRING, STRINGS, STRUCTS = "integer", "boolean", "string", "array of strings", "array of objects"
#: filters have error codes of their own, so their shape is checked where they are used
FILTERS = "array of filters"


@dataclass(frozen=True)
class Codes:
    """A product's error codes for what can be wrong with a parameter."""

    duplicate: str = "InvalidParameterValue"
    too_many: str = "InvalidParameterValue.LimitExceeded"
    empty: str = "MissingParameter"
    value: str = "InvalidParameterValue"
    too_long: str = "InvalidParameterValue"
    limit: str = "InvalidParameterValue"
    offset: str = "InvalidParameterValue"
    conflict: str = "InvalidParameter"
    malformed_instance_id: str = "InvalidParameterValue"
    malformed_key_id: str = "InvalidParameterValue"
    no_permission: str = "UnauthorizedOperation"


@dataclass(frozen=True)
class Param:
    """One parameter. ``most`` limits the items of a list or the characters of a text; ``ids``: what the items identify.

    ``members`` are the parameters of the objects in a list of objects.
    """

    name: str
    kind: str = STRING
    required: bool = False
    default: Any = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    ids: str | None = None
    members: tuple[Param, ...] = ()


@dataclass(frozen=True)
class Action:
    """An API action: ``rate`` is the documented number of requests per second, ``handler`` executes a validated call.

    ``hidden`` names the parameters that the server, as it is set up, does not know. ``anonymous``: needs no signature.
    """

    name: str
    rate: int
    params: tuple[Param, ...]
    handler: Callable[[Any], Mapping[str, Any]]
    write: bool = False
    codes: Codes | None = None
    throttle_code: str = "RequestLimitExceeded"
    hidden: Callable[[Settings], frozenset[str]] = lambda _settings: frozenset()
    anonymous: bool = False


@dataclass(frozen=True)
class Product:
    """A product of API 3.0: TC3 service name, version, where it exists and its actions.

    No ``regions``: any will do. ``adjust_codes`` lays the settings' choice over the error codes, and ``force_ignored``
    tells whether ForceStop has no effect.
    """

    service: str
    version: str
    provider: str
    regions: tuple[str, ...]
    codes: Codes
    actions: Mapping[str, Action]
    region_optional: bool = False
    adjust_codes: Callable[[Codes, Settings], Codes] = lambda codes, _settings: codes
    force_ignored: Callable[[Settings], bool] = lambda _settings: False

    def codes_of(self, action: Action, settings: Settings) -> Codes:
        """Return the codes that apply to an action."""
        return self.adjust_codes(action.codes or self.codes, settings)


def validate(
    action: Action, codes: Codes, given: Mapping[str, Any], typed: bool, hidden: frozenset[str]
) -> dict[str, Any]:
    """Return the parameters of a call, of the right types and with defaults; raises ApiError.

    ``typed`` tells a JSON body from text; parameters in ``hidden`` are unknown to this server.
    """
    known = {param.name: param for param in action.params if param.name not in hidden}
    for param in known.values():
        if param.required and param.name not in given:
            raise ApiError("MissingParameter", f"The request lacks the required parameter `{param.name}`.")
    for name in given:
        if name not in known:
            raise ApiError("UnknownParameter", f"The parameter `{name}` is not recognized.")
    values = {name: _typed(known[name], value, typed, name) for name, value in given.items()}
    for name, value in values.items():
        _check(known[name], value, codes)
    return {name: values.get(name, param.default) for name, param in known.items()}


def _typed(param: Param, value: Any, typed: bool, path: str) -> Any:
    if param.kind == FILTERS:
        return value
    if param.kind in (STRINGS, STRUCTS):
        if not isinstance(value, list):
            raise _ill_typed(param, path)
        if param.kind == STRINGS:
            return [_scalar(STRING, item, True, param, f"{path}.{n}") for n, item in enumerate(value)]
        return [_struct(param, item, typed, f"{path}.{n}") for n, item in enumerate(value)]
    return _scalar(param.kind, value, typed, param, path)


def _scalar(kind: str, value: Any, typed: bool, param: Param, path: str) -> Any:
    if kind == STRING and isinstance(value, str):
        return value
    if typed:
        if kind == BOOLEAN and isinstance(value, bool):
            return value
        if kind == INTEGER and isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, str):
        if kind == BOOLEAN and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if kind == INTEGER and re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
    raise _ill_typed(param, path)


def _struct(param: Param, value: Any, typed: bool, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _ill_typed(param, path)
    known = {member.name: member for member in param.members}
    for member in param.members:
        if member.required and value.get(member.name) is None:
            raise ApiError("MissingParameter", f"The request lacks the required parameter `{path}.{member.name}`.")
    for name in value:
        if name not in known:
            raise ApiError("UnknownParameter", f"The parameter `{path}.{name}` is not recognized.")
    return {
        name: _typed(known[name], item, typed, f"{path}.{name}") for name, item in value.items() if item is not None
    }


def _ill_typed(param: Param, path: str) -> ApiError:
    return ApiError("InvalidParameter", f"The value type of parameter `{path}` is not valid; it must be {param.kind}.")


def _check(param: Param, value: Any, codes: Codes) -> None:
    if isinstance(value, list):
        if param.required and not value:
            raise ApiError(codes.empty, f"`{param.name}` is empty.")
        if param.most is not None and len(value) > param.most:
            raise ApiError(codes.too_many, f"`{param.name}` has {len(value)} items; the limit is {param.most}.")
        if param.ids is not None and len(set(value)) < len(value):
            raise ApiError(codes.duplicate, f"`{param.name}` contains duplicates.")
    elif isinstance(value, str):
        if param.most is not None and len(value) > param.most:
            raise ApiError(codes.too_long, f"`{param.name}` is longer than {param.most} characters.")
        if param.choices and value not in param.choices:
            raise ApiError(codes.value, f"`{param.name}` must be one of {', '.join(param.choices)}.")
