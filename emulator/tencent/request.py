# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading an API 3.0 request: where its signature scheme keeps the common parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..errors import ApiError
from ..http_types import Request
from ..signatures import tc3
from ..signatures.primitives import MalformedAuthorization
from .parameters import decode_form, decode_json, nest

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
#: what the vendor's SDK sends as Authorization where an action needs no signature
_UNSIGNED = "SKIP"
_KIB, _MIB = 1024, 1024 * 1024

#: common parameters of signature v1 (vendor page "Common parameters")
COMMON_NAMES = frozenset(
    {
        "Action",
        "Language",
        "Nonce",
        "Region",
        "RequestClient",
        "SecretId",
        "Signature",
        "SignatureMethod",
        "Timestamp",
        "Token",
        "Version",
    }
)


@dataclass
class ApiRequest:
    """What a request says before anybody believes it.

    ``problem`` is what is wrong with its shape; ``typed`` tells JSON values from text. ``flat`` holds all parameters of
    signature v1 as received, for the signature. ``unsigned``: the request says that it has no signature on purpose.
    """

    action: str = ""
    version: str = ""
    region: str | None = None
    timestamp: str = ""
    secret_id: str | None = None
    token: str | None = None
    nonce: str = ""
    signature: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    typed: bool = False
    flat: dict[str, str] = field(default_factory=dict)
    authorization: tc3.Authorization | None = None
    problem: ApiError | None = None
    unsigned: bool = False


def read_request(request: Request) -> ApiRequest:
    """Take an API 3.0 request apart; never raises, see ApiRequest.problem."""
    if "authorization" in request.headers or "x-tc-action" in request.headers:
        return _read_tc3(request)
    return read_v1(request)


def _read_tc3(request: Request) -> ApiRequest:
    found = ApiRequest(
        action=request.header("x-tc-action"),
        version=request.header("x-tc-version"),
        region=request.header("x-tc-region") or None,
        timestamp=request.header("x-tc-timestamp"),
        token=request.header("x-tc-token") or None,
    )
    try:
        _check_size(request, get_limit=32 * _KIB, post_limit=10 * _MIB)
        found.unsigned = request.header("authorization") == _UNSIGNED
        if not found.unsigned:
            found.authorization = tc3.parse_authorization(request.header("authorization"))
            found.secret_id = found.authorization.access_key_id
    except MalformedAuthorization as error:
        found.problem = ApiError("AuthFailure.InvalidAuthorization", f"The Authorization header is invalid: {error}.")
    except ApiError as error:
        found.problem = error
    try:
        if request.method == "GET":
            found.params = nest(decode_form(request.query))
        else:
            found.typed = True
            found.params = _read_body(request)
    except ApiError as error:
        found.problem = found.problem or error
    return found


def _read_body(request: Request) -> dict[str, Any]:
    if request.header("content-type").partition(";")[0].strip().lower() != _JSON:
        raise ApiError("UnsupportedProtocol", f"A POST request signed with {tc3.ALGORITHM} must be of type {_JSON}.")
    return decode_json(request.body)


def read_v1(request: Request) -> ApiRequest:
    """Read a request of signature v1, also used by API 2.0: everything is in the query (GET) or the form (POST)."""
    problem: ApiError | None = None
    try:
        _check_size(request, get_limit=32 * _KIB, post_limit=_MIB)
    except ApiError as error:
        problem = error
    flat: dict[str, str] = {}
    if request.method == "GET":
        flat = decode_form(request.query)
    elif request.header("content-type").lower().startswith(_FORM):
        flat = decode_form(request.body.decode("utf-8", "replace"))
    elif problem is None:
        problem = ApiError("UnsupportedProtocol", f"A POST request signed with parameters must be of type {_FORM}.")
    return ApiRequest(
        action=flat.get("Action", ""),
        version=flat.get("Version", ""),
        region=flat.get("Region") or None,
        timestamp=flat.get("Timestamp", ""),
        secret_id=flat.get("SecretId") or None,
        token=flat.get("Token") or None,
        nonce=flat.get("Nonce", ""),
        signature=flat.get("Signature", ""),
        params=nest({name: value for name, value in flat.items() if name not in COMMON_NAMES}),
        flat=flat,
        problem=problem,
    )


def _check_size(request: Request, get_limit: int, post_limit: int) -> None:
    """Sizes as on the vendor page "Request structure"."""
    if request.method not in ("GET", "POST"):
        raise ApiError("UnsupportedProtocol", "Only the methods GET and POST are supported.")
    size, limit = (len(request.query), get_limit) if request.method == "GET" else (len(request.body), post_limit)
    if size > limit:
        raise ApiError("RequestSizeLimitExceeded", f"The request has {size} bytes; the limit is {limit}.")
