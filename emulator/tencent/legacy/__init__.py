# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVM's API 2.0 (``/v2/index.php``): two generations behind one address, told apart by the parameter Version."""

from __future__ import annotations

import uuid

from ...accounts import AccessKey
from ...cloud import Cloud
from ...dialect import Call
from ...errors import ApiError
from ...http_types import Request, Response
from ...signatures import tencent_v1
from ..authentication import check_clock, check_token, known_key, timestamp_of, v1_signature_matches
from ..cvm.rules import NOT_SUPPORTED
from ..dialect import Target, execute, make_call, refuse_by_fault, throttle
from ..envelope import failure, json_response, success
from ..regions import SHORT_NAMES
from ..request import ApiRequest, read_v1
from .integer_codes import integer_code
from .old_actions import OLD_PRODUCT
from .product import PRODUCT

#: permitted difference between the clocks and memory for nonces, seconds (vendor page "Common error codes", 4500)
TWO_HOURS = 7200


class GatewayError(ApiError):
    """An error that the gateway in front of the product found."""


class LegacyDialect:
    """Parameters as signature v1, path ``/v2/index.php``."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def identify(self, request: Request) -> Call:
        """See Dialect."""
        found = read_v1(request)
        found.region = SHORT_NAMES.get(found.region or "", found.region)
        # The official client upper-cases the first letter, also of unBindInstanceKey.
        found.action = found.action[:1].upper() + found.action[1:]
        product = PRODUCT if found.version else OLD_PRODUCT
        target = Target(found, product, product.actions.get(found.action))
        call = make_call(request, target, str(uuid.uuid4()).upper())
        if not found.version and isinstance(found.params.get("instanceIds"), list):
            call.instance_ids = tuple(str(item) for item in found.params["instanceIds"])
        return call

    def answer(self, call: Call) -> Response:
        """See Dialect."""
        target: Target = call.payload
        try:
            key = self._authenticate(call.request, target.request)
            throttle(self._cloud, call, key, target.action)
        except ApiError as error:
            raise GatewayError(error.code, error.message) from error
        refuse_by_fault(self._cloud, call, target.action)
        fields = self._execute(call, key, target)
        if not target.request.version:
            return json_response({"code": 0, "message": "", "codeDesc": "Success", **fields})
        return success(fields, call.request_id, self._cloud.settings.switch("legacy_request_id_field"))

    def refuse(self, call: Call, error: ApiError) -> Response:
        """See Dialect. Of errors of the gateway one cannot be sure: switch ``legacy_auth_errors``."""
        integers = isinstance(error, GatewayError) and self._cloud.settings.switch("legacy_auth_errors") == "integers"
        if integers or not call.payload.request.version:
            number = integer_code(error)
            return json_response({"code": number, "message": f"({number}) {error.message}", "codeDesc": error.code})
        field = self._cloud.settings.switch("legacy_request_id_field")
        return failure(error.code, error.message, call.request_id, field)

    def _authenticate(self, request: Request, found: ApiRequest) -> AccessKey:
        if found.problem is not None:
            raise found.problem
        for name in ("Action", "SecretId", "Timestamp", "Nonce", "Signature"):
            if not found.flat.get(name):
                raise ApiError("MissingParameter", f"The request lacks the common parameter `{name}`.")
        key = known_key(self._cloud, found)
        check_clock(self._cloud, timestamp_of(found), TWO_HOURS)
        if not v1_signature_matches(request, found, key, tencent_v1.LEGACY_PATH):
            raise ApiError("AuthFailure.SignatureFailure", "The signature does not match.")
        if self._cloud.nonces.seen(key.id, found.nonce, self._cloud.time, TWO_HOURS):
            raise ApiError("AuthFailure.SignatureExpire", "This nonce was used before.")
        check_token(self._cloud, key, found.token)
        return key

    def _execute(self, call: Call, key: AccessKey, target: Target) -> dict[str, object]:
        if target.product is None or target.product.version != target.request.version:
            raise ApiError("NoSuchVersion", f"There is no version `{target.request.version}` of this API.")
        if target.action is None:
            raise ApiError("InvalidAction", f"The action `{target.request.action}` is invalid or not found.")
        try:
            return execute(self._cloud, call, key, target.product, target.action)
        except ApiError as error:
            # This API knows one code for all that an instance may be unsuitable for.
            if error.code.startswith("UnsupportedOperation."):
                raise ApiError(NOT_SUPPORTED, error.message) from error
            raise
