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
from ..times import iso_time
from .context import Context
from .schema import INTEGER, STRUCTS, Action, Codes, Param, Product

_ROLE_ARN = re.compile(r"qcs::cam::uin/(?P<account>[0-9]+):(?:roleName/(?P<name>[\w.@+=,-]+)|role/(?P<id>[0-9]+))")
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,128}", re.ASCII)
#: what the key IDs of assumed roles begin with
_PREFIX = "AKIDEXAMPLE"
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
    account, role = _role(context, "ResourceNotFound.RoleNotFound")
    _check_policy(context.params["Policy"])
    expires = _expiry(context, role, "InvalidParameter.OverTimeError")
    session = context.params["RoleSessionName"]
    return _session(context.cloud.accounts.assume_role(context.key, _PREFIX, role, session, expires, account))


def _assume_role_with_web_identity(context: Context) -> dict[str, Any]:
    """AssumeRoleWithWebIdentity: the same for whoever has a valid token of a provider that the account trusts."""
    params, accounts = context.params, context.cloud.accounts
    account, role = _role(context, "InternalError.GetRoleError")
    expires = _expiry(context, role, _PARAM_ERROR)
    provider = accounts.identity_provider("tencent", account, params["ProviderId"])
    if provider is None or params["WebIdentityToken"] not in provider.tokens:
        raise ApiError("InvalidParameter.WebIdentityTokenError", "The token is invalid, or its provider is unknown.")
    return _session(accounts.issue("tencent", account, _PREFIX, role, params["RoleSessionName"], expires))


def _role(context: Context, missing: str) -> tuple[str, Role]:
    """The role that a call asks for, with its account; ``missing`` is the code for one that does not exist."""
    match = _ROLE_ARN.fullmatch(context.params["RoleArn"])
    if match is None:
        raise ApiError(_PARAM_ERROR, "`RoleArn` is not the name of a role.")
    if not _SESSION_NAME.fullmatch(context.params["RoleSessionName"]):
        raise ApiError(_PARAM_ERROR, "`RoleSessionName` must be 2 to 128 of letters, digits and _+=,.@-.")
    role = context.cloud.accounts.role("tencent", match["account"], match["name"] or match["id"])
    if role is None:
        raise ApiError(missing, "The role does not exist.")
    return match["account"], role


def _expiry(context: Context, role: Role, too_long: str) -> int:
    seconds: int = context.params["DurationSeconds"]
    if not 0 < seconds <= role.max_session_duration:
        raise ApiError(too_long, f"`DurationSeconds` must be 1 to {role.max_session_duration}.")
    return int(context.cloud.time) + seconds


def _session(key: AccessKey) -> dict[str, Any]:
    expires = int(key.expires_at or 0)
    credentials = {"Token": key.token, "TmpSecretId": key.id, "TmpSecretKey": key.secret}
    return {"Credentials": credentials, "ExpiredTime": expires, "Expiration": iso_time(expires)}


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


_SESSION = (
    Param("RoleArn", required=True),
    Param("RoleSessionName", required=True),
    Param("DurationSeconds", INTEGER, default=7200),
)
_TAG = (Param("Key", required=True), Param("Value", required=True))

_ACTIONS = (
    Action("GetCallerIdentity", 20, (), _caller_identity),
    Action(
        "AssumeRole",
        600,
        (
            *_SESSION,
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
    Action(
        "AssumeRoleWithWebIdentity",
        20,
        (*_SESSION, Param("ProviderId", required=True), Param("WebIdentityToken", required=True)),
        _assume_role_with_web_identity,
        anonymous=True,
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
