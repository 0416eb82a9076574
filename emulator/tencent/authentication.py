# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is calling? Key, clock, signature and token, in the order in which the vendor checks them."""

from __future__ import annotations

from ..accounts import AccessKey
from ..cloud import Cloud
from ..errors import ApiError
from ..http_types import Request
from ..signatures import tc3, tencent_v1
from ..signatures.primitives import UnsupportedSignature
from .request import ApiRequest

#: permitted difference between the clocks, seconds (vendor page "Signature v3")
MAXIMUM_SKEW = 300


def authenticate(cloud: Cloud, request: Request, found: ApiRequest) -> AccessKey:
    """Return the caller's access key; raises ApiError with one of the codes ``AuthFailure.…`` or MissingParameter."""
    if found.problem is not None:
        raise found.problem
    if found.authorization is None:
        for name, value in (
            ("SecretId", found.secret_id),
            ("Signature", found.signature),
            ("Nonce", found.nonce),
        ):
            if not value:
                raise ApiError("MissingParameter", f"The request lacks the common parameter `{name}`.")
    key = known_key(cloud, found)
    check_clock(cloud, timestamp_of(found), MAXIMUM_SKEW)
    if not _signature_matches(request, found, key):
        raise ApiError(
            "AuthFailure.SignatureFailure",
            "The provided credentials could not be validated. Please check your signature is correct.",
        )
    check_token(cloud, key, found.token)
    return key


def known_key(cloud: Cloud, found: ApiRequest) -> AccessKey:
    """Return the key that the request names, if it exists and is enabled."""
    key = cloud.accounts.find("tencent", found.secret_id or "")
    if key is None or key.disabled:
        raise ApiError("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that it is correct.")
    return key


def timestamp_of(found: ApiRequest) -> int:
    """Return the request's time, Unix seconds."""
    if not found.timestamp:
        name = "Timestamp" if found.authorization is None else "X-TC-Timestamp"
        raise ApiError("MissingParameter", f"The request lacks the common parameter `{name}`.")
    if not found.timestamp.isascii() or not found.timestamp.isdigit() or len(found.timestamp) > 11:
        raise ApiError("InvalidParameter", "The timestamp is not a number of seconds.")
    return int(found.timestamp)


def check_clock(cloud: Cloud, timestamp: int, tolerance: float) -> None:
    """Refuse a request that was signed too long ago or too far in the future."""
    if abs(cloud.time - timestamp) > tolerance:
        raise ApiError(
            "AuthFailure.SignatureExpire",
            f"The signature has expired: the request's time differs from the server's by more than {tolerance:.0f} s.",
        )


def check_token(cloud: Cloud, key: AccessKey, token: str | None) -> None:
    """A temporary key needs its token, and only until it expires; a permanent key has none."""
    if token != key.token or (key.expires_at is not None and cloud.time >= key.expires_at):
        raise ApiError("AuthFailure.TokenFailure", "The token is wrong or has expired.")


def _signature_matches(request: Request, found: ApiRequest, key: AccessKey) -> bool:
    if found.authorization is None:
        return v1_signature_matches(request, found, key, tencent_v1.API3_PATH)
    computed = tc3.compute(
        found.authorization,
        method=request.method,
        raw_query=request.query,
        headers=request.headers,
        body=request.body,
        timestamp=timestamp_of(found),
        secret_key=key.secret,
    )
    return tc3.matches(found.authorization, computed)


def v1_signature_matches(request: Request, found: ApiRequest, key: AccessKey, path: str) -> bool:
    """Is the parameter ``Signature`` right for that path?"""
    try:
        computed = tencent_v1.compute(
            method=request.method, host=request.header("host"), path=path, params=found.flat, secret_key=key.secret
        )
    except UnsupportedSignature:
        return False
    return tencent_v1.matches(found.signature, computed)
