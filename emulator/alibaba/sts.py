# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS 2015-04-01: GetCallerIdentity, AssumeRole and AssumeRoleWithOIDC."""

from __future__ import annotations

import json
import re
from typing import Any
from zlib import crc32

from ..accounts import AccessKey, Role
from ..times import iso_time
from .context import Context
from .errors import refusal

_ROLE_ARN = re.compile(r"acs:ram::(?P<account>[0-9]+):role/(?P<name>[A-Za-z0-9.-]{1,64})", re.IGNORECASE)
_PROVIDER_ARN = re.compile(r"acs:ram::(?P<account>[0-9]+):oidc-provider/(?P<name>[A-Za-z0-9_.-]{1,128})", re.IGNORECASE)
_SESSION_NAME = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_DURATION = re.compile(r"[0-9]{1,6}")
_SHORTEST, _DEFAULT = 900, 3600


def get_caller_identity(context: Context) -> dict[str, Any]:
    """``GetCallerIdentity``: the account itself, a RAM user, or a session of a role."""
    key = context.key
    account = key.account_id
    if key.role is not None:
        role_id = _role_id(account, key.role)
        return {
            "IdentityType": "AssumedRoleUser",
            "AccountId": account,
            "RoleId": role_id,
            "PrincipalId": f"{role_id}:{key.session}",
            "Arn": _session_arn(key),
        }
    return {
        "IdentityType": "Account" if key.root else "RAMUser",
        "AccountId": account,
        "UserId": key.user_id,
        "PrincipalId": key.user_id,
        "Arn": f"acs:ram::{account}:root" if key.root else f"acs:ram::{account}:user/{key.user_id}",
    }


def assume_role(context: Context) -> dict[str, Any]:
    """``AssumeRole``: temporary credentials that work until they expire. Not for the account's own key."""
    account, role_name, session = _wanted(context)
    if context.key.root:
        raise refusal("NoPermission", "Roles may not be assumed by root accounts.")
    role = _role(context, account, role_name)
    if account != context.key.account_id:
        raise refusal("NoPermission")
    expires_at = _expiry(context, role)
    return _session_of(context.cloud.accounts.assume_role(context.key, "STS.", role, session, expires_at))


def assume_role_with_oidc(context: Context) -> dict[str, Any]:
    """``AssumeRoleWithOIDC``: the same for whoever has a valid token of a provider that the account trusts."""
    account, role_name, session = _wanted(context)
    provider_arn, token = context.parameters.required("OIDCProviderArn"), context.parameters.required("OIDCToken")
    match = _PROVIDER_ARN.fullmatch(provider_arn)
    if match is None:
        raise refusal("InvalidParameter.OIDCProviderArn")
    role = _role(context, account, role_name)
    accounts = context.cloud.accounts
    provider = accounts.identity_provider("alibaba", match["account"], match["name"])
    if provider is None:
        raise refusal("EntityNotExist.OIDCProvider")
    if match["account"] != account:
        raise refusal("AuthenticationFail.NoPermission")
    if token not in provider.tokens:
        raise refusal("AuthenticationFail.OIDCToken.Invalid")
    return _session_of(accounts.issue("alibaba", account, "STS.", role, session, _expiry(context, role)))


def _wanted(context: Context) -> tuple[str, str, str]:
    """Account and name of the role that a call asks for, and the name of the session."""
    parameters = context.parameters
    arn, session = parameters.required("RoleArn"), parameters.required("RoleSessionName")
    match = _ROLE_ARN.fullmatch(arn)
    if match is None:
        raise refusal("InvalidParameter.RoleArn")
    if not _SESSION_NAME.fullmatch(session):
        raise refusal("InvalidParameter.RoleSessionName")
    _check_policy(parameters.text("Policy"))
    return match["account"], match["name"], session


def _role(context: Context, account: str, name: str) -> Role:
    role = context.cloud.accounts.role("alibaba", account, name)
    if role is None:
        raise refusal("EntityNotExist.Role", f"The role not exists: acs:ram::{account}:role/{name}.")
    return role


def _expiry(context: Context, role: Role) -> float:
    seconds = _duration(context.parameters.text("DurationSeconds"), role.max_session_duration)
    return float(int(context.cloud.time) + seconds)


def _session_of(key: AccessKey) -> dict[str, Any]:
    return {
        "Credentials": {
            "AccessKeyId": key.id,
            "AccessKeySecret": key.secret,
            "SecurityToken": key.token,
            "Expiration": iso_time(key.expires_at or 0),
        },
        "AssumedRoleUser": {
            "Arn": _session_arn(key),
            "AssumedRoleId": f"{_role_id(key.account_id, key.role or '')}:{key.session}",
        },
    }


def _session_arn(key: AccessKey) -> str:
    return f"acs:ram::{key.account_id}:role/{key.role}/{key.session}"


def _role_id(account_id: str, role: str) -> str:
    return f"3{crc32(f'{account_id}/{role}'.encode()):017d}"


def _duration(text: str | None, longest: int) -> int:
    if text is None:
        return min(_DEFAULT, longest)
    if not _DURATION.fullmatch(text) or not _SHORTEST <= int(text) <= longest:
        raise refusal("InvalidParameter.DurationSeconds")
    return int(text)


def _check_policy(text: str | None) -> None:
    try:
        valid = text is None or isinstance(json.loads(text).get("Statement"), list)
    except (ValueError, AttributeError):
        valid = False
    if not valid:
        raise refusal("InvalidParameter.PolicyGrammar")
