# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks? Signature, clock, nonce and token of a request, under both signature versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from ..accounts import AccessKey
from ..cloud import Cloud
from ..http_types import Request
from ..signatures import acs3, alibaba_rpc
from ..signatures.primitives import MalformedAuthorization, UnsupportedSignature
from .errors import missing_parameter, refusal
from .rpc_request import RpcRequest

#: how far a timestamp may be off, and for how long a nonce is remembered, in seconds
TOLERANCE = 15 * 60

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True)
class _Claim:
    """What a request says about itself. ``mismatch`` takes the secret and returns the complaint, or None."""

    access_key_id: str
    timestamp: str
    nonce: str
    token: str
    mismatch: Callable[[str], str | None]


class Authenticator:
    """Checks requests against the accounts of a cloud."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def authenticate(self, request: Request, rpc: RpcRequest) -> AccessKey:
        """Return the key with which the request is signed.

        :raises ApiError: any of the codes of the ECS "Service error codes" table for keys, signatures and tokens.
        """
        claim = _claim_v3(request) if rpc.signature_v3 else _claim_v1(request, rpc)
        key = self._cloud.accounts.find("alibaba", claim.access_key_id)
        if key is None:
            raise refusal("InvalidAccessKeyId.NotFound")
        if key.disabled:
            raise refusal("InvalidAccessKeyId.Inactive")
        self._check_time(claim.timestamp)
        mismatch = claim.mismatch(key.secret)
        if mismatch is not None:
            raise refusal("SignatureDoesNotMatch", mismatch)
        self._check_nonce(key, claim.nonce)
        self._check_token(key, claim.token)
        return key

    def _check_time(self, timestamp: str) -> None:
        if not timestamp:
            raise refusal("IllegalTimestamp")
        try:
            if not _TIMESTAMP.fullmatch(timestamp):
                raise ValueError(timestamp)
            moment = datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        except ValueError:
            raise refusal("InvalidTimeStamp.Format") from None
        if abs(moment.timestamp() - self._cloud.time) > TOLERANCE:
            raise refusal("InvalidTimeStamp.Expired")

    def _check_nonce(self, key: AccessKey, nonce: str) -> None:
        if not nonce:
            raise missing_parameter("SignatureNonce")
        if self._cloud.nonces.seen(key.id, nonce, self._cloud.time, TOLERANCE):
            raise refusal("SignatureNonceUsed")

    def _check_token(self, key: AccessKey, token: str) -> None:
        if key.token is None:
            if token:
                raise refusal("InvalidSecurityToken.MismatchWithAccessKey")
            return
        if not token:
            raise refusal("MissingSecurityToken")
        if token != key.token:
            raise refusal("InvalidSecurityToken.Malformed")
        if key.expires_at is not None and key.expires_at <= self._cloud.time:
            raise refusal("InvalidSecurityToken.Expired")


def _claim_v1(request: Request, rpc: RpcRequest) -> _Claim:
    parameters = rpc.parameters
    signature = parameters.required("Signature")

    def mismatch(secret: str) -> str | None:
        try:
            computed = alibaba_rpc.compute(method=request.method, params=parameters.values, secret=secret)
        except UnsupportedSignature as error:
            raise refusal("IncompleteSignature", str(error)) from None
        return None if alibaba_rpc.matches(signature, computed) else _mismatch_text(computed.string_to_sign)

    return _Claim(
        access_key_id=parameters.required("AccessKeyId"),
        timestamp=parameters.text("Timestamp") or "",
        nonce=parameters.text("SignatureNonce") or "",
        token=parameters.text("SecurityToken") or "",
        mismatch=mismatch,
    )


def _claim_v3(request: Request) -> _Claim:
    try:
        authorization = acs3.parse_authorization(request.header("authorization"))
    except MalformedAuthorization as error:
        raise refusal("IncompleteSignature", str(error)) from None
    unsigned = acs3.unsigned_headers(authorization, request.headers, request.body)
    if unsigned:
        raise refusal("IncompleteSignature", f"SignedHeaders lacks {', '.join(unsigned)}.")

    def mismatch(secret: str) -> str | None:
        computed = acs3.compute(
            authorization,
            method=request.method,
            raw_query=request.query,
            headers=request.headers,
            body=request.body,
            secret=secret,
        )
        if acs3.matches(authorization, computed, request.headers):
            return None
        return _mismatch_text(computed.string_to_sign, computed.canonical_request)

    return _Claim(
        access_key_id=authorization.access_key_id,
        timestamp=request.header("x-acs-date"),
        nonce=request.header("x-acs-signature-nonce"),
        token=request.header("x-acs-security-token"),
        mismatch=mismatch,
    )


def _mismatch_text(string_to_sign: str, canonical_request: str | None = None) -> str:
    """The vendor shows what it signed, so that a client can compare."""
    canonical = "" if canonical_request is None else f" server CanonicalRequest is:[{canonical_request}]"
    text = "Specified signature is not matched with our calculation."
    return f"{text}{canonical} server string to sign is:{string_to_sign}"
