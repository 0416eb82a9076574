# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS, version 2018-08-13: who am I, and temporary keys of roles."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from ..accounts import AccessKey, Role
from ..errors import ApiError
from .context import Context
from .schema import INTEGER, STRUCTS, Action, Codes, Param, Product
from .texts import iso_time

_ROLE_ARN = re.compile(r"qcs::cam::uin/(?P<account>[0-9]+):(?:roleName/(?P<name>[\w.@+=,-]+)|role/(?P<id>[0-9]+))")
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,128}", re.ASCII)
_PARAM_ERROR = "InvalidParameter.ParamError"


def _caller_identity(context: Context) -> dict[str, Any]:
    """GetCallerIdentity."""
    key = context.key
    if key.role is None:
        user_id = principal = key.user_id
        arn, kind = f"qcs::cam:{key.account_id}:uin/{user_id}", "CAMUser"
    else:
        principal = _role_id(key.account_id, key.role)
        user_id, kind = f"{principal}:{key.session}", "CAMRole"
        arn = f"qcs::sts:{key.account_id}:assumed-role/{principal}"
    return {"Arn": arn, "AccountId": key.account_id, "UserId": user_id, "PrincipalId": principal, "Type": kind}


def _assume_role(context: Context) -> dict[str, Any]:
    """AssumeRole: a key that works until it expires."""
    params = context.params
    match = _ROLE_ARN.fullmatch(params["RoleArn"])
    if match is None:
        raise ApiError(_PARAM_ERROR, "`RoleArn` is not the name of a role.")
    if not _SESSION_NAME.fullmatch(params["RoleSessionName"]):
        raise ApiError(_PARAM_ERROR, "`RoleSessionName` must be 2 to 128 of letters, digits and _+=,.@-.")
    _check_policy(params["Policy"])
    role = context.cloud.accounts.role("tencent", match["account"], match["name"] or match["id"])
    if role is None:
        raise ApiError("ResourceNotFound.RoleNotFound", "The role does not exist.")
    seconds = _lifetime(params["DurationSeconds"], role)
    expires = int(context.cloud.time) + seconds
    key = context.cloud.accounts.assume_role(
        context.key, "AKIDEXAMPLE", role, params["RoleSessionName"], expires, match["account"]
    )
    return {"Credentials": _credentials(key), "ExpiredTime": expires, "Expiration": iso_time(expires)}


def _credentials(key: AccessKey) -> dict[str, Any]:
    return {"Token": key.token, "TmpSecretId": key.id, "TmpSecretKey": key.secret}


def _lifetime(seconds: int, role: Role) -> int:
    if not 0 < seconds <= role.max_session_duration:
        raise ApiError("InvalidParameter.OverTimeError", f"`DurationSeconds` must be 1 to {role.max_session_duration}.")
    return seconds


def _check_policy(text: str | None) -> None:
    if text is None:
        return
    try:
        policy = json.loads(unquote(text))
    except ValueError:
        policy = None
    if not isinstance(policy, dict):
        raise ApiError("InvalidParameter.StrategyFormatError", "`Policy` is not URL-encoded JSON.")


def _role_id(account_id: str, name: str) -> str:
    return f"461168{crc32(f'{account_id}/{name}'.encode()):012d}"


_TAG = (Param("Key", required=True), Param("Value", required=True))

_ACTIONS = (
    Action("GetCallerIdentity", 20, (), _caller_identity),
    Action(
        "AssumeRole",
        600,
        (
            Param("RoleArn", required=True),
            Param("RoleSessionName", required=True),
            Param("DurationSeconds", INTEGER, default=7200),
            Param("Policy"),
            Param("ExternalId", most=128),
            Param("Tags", STRUCTS, most=50, members=_TAG),
            Param("SourceIdentity"),
            Param("SerialNumber"),
            Param("TokenCode"),
        ),
        _assume_role,
        throttle_code="InvalidParameter.OverLimit",
    ),
)

PRODUCT = Product(
    service="sts",
    version="2018-08-13",
    provider="tencent_sts",
    regions=(),
    codes=Codes(),
    actions={action.name: action for action in _ACTIONS},
)
