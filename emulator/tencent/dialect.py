# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API 3.0: one endpoint for all products, found by the credential scope's service and the version."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ..accounts import AccessKey
from ..cloud import Cloud
from ..dialect import Call
from ..errors import ApiError
from ..http_types import Request, Response
from . import cvm, lighthouse, region_service, sts
from .authentication import authenticate
from .context import Context
from .cvm.rules import BUSY_CODE
from .envelope import failure, success
from .lighthouse.rules import busy_code
from .regions import DEFAULT_REGION
from .request import ApiRequest, read_request
from .schema import Action, Product, validate

PRODUCTS = (lighthouse.PRODUCT, cvm.PRODUCT, sts.PRODUCT, region_service.PRODUCT)
_BY_SERVICE = {product.service: product for product in PRODUCTS}
_BY_VERSION = {product.version: product for product in PRODUCTS}
_WINDOW = 1.0


@dataclass(frozen=True)
class Target:
    """A parsed request together with what it is about, as far as that is known."""

    request: ApiRequest
    product: Product | None
    action: Action | None


class TencentDialect:
    """Tencent Cloud API 3.0. Checks in this order: shape, key, clock, signature, token, rate, action, parameters."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def identify(self, request: Request) -> Call:
        """See Dialect."""
        found = read_request(request)
        product = _product_of(found)
        action = product.actions.get(found.action) if product else None
        return make_call(request, Target(found, product, action), str(uuid.uuid4()))

    def answer(self, call: Call) -> Response:
        """See Dialect."""
        target: Target = call.payload
        key = self._caller(call)
        throttle(self._cloud, call, key, target.action)
        refuse_by_fault(self._cloud, call, target.action)
        product, action = _resolve(target)
        return success(execute(self._cloud, call, key, product, action), call.request_id)

    def _caller(self, call: Call) -> AccessKey:
        target: Target = call.payload
        if target.request.unsigned and target.request.problem is None:
            if target.action is None or not target.action.anonymous:
                raise ApiError("AuthFailure.InvalidAuthorization", "This action needs a signature.")
            return AccessKey("", "", vendor="tencent")
        return authenticate(self._cloud, call.request, target.request)

    def refuse(self, call: Call, error: ApiError) -> Response:
        """See Dialect."""
        return failure(error.code, error.message, call.request_id)


def make_call(request: Request, target: Target, request_id: str) -> Call:
    """Return the Call for a parsed request."""
    ids = target.request.params.get("InstanceIds")
    return Call(
        request=request,
        provider=target.product.provider if target.product else "tencent",
        action=target.request.action,
        request_id=request_id,
        region=target.request.region,
        params=target.request.params,
        access_key_id=target.request.secret_id,
        instance_ids=tuple(found for found in ids if isinstance(found, str)) if isinstance(ids, list) else (),
        write=target.action.write if target.action else False,
        payload=target,
    )


def throttle(cloud: Cloud, call: Call, key: AccessKey, action: Action | None) -> None:
    """Count the call against the rate per account, region and action (vendor page "Common error codes": per second)."""
    if action is None:
        return
    limit = cloud.settings.rate(call.provider, action.name, action.rate)
    calls = cloud.throttle.count((key.account_id, call.region, call.provider, action.name), cloud.now, _WINDOW)
    if limit is not None and calls > limit:
        raise ApiError(
            action.throttle_code,
            f"Your current request times equals to `{calls}` in a second, which exceeds the frequency limit `{limit}`.",
        )


def refuse_by_fault(cloud: Cloud, call: Call, action: Action | None) -> None:
    """Answer with the error that an injected fault asks for."""
    if call.fault is None:
        return
    busy = busy_code(cloud.settings) if call.provider == lighthouse.PRODUCT.provider else BUSY_CODE
    error = call.fault.refusal(action.throttle_code if action else "RequestLimitExceeded", busy)
    if error is not None:
        raise error


def execute(cloud: Cloud, call: Call, key: AccessKey, product: Product, action: Action) -> dict[str, object]:
    """Check region, parameters and permission, then do what the action does; return the fields of its answer."""
    request: ApiRequest = call.payload.request
    region = _region(cloud, product, call.region)
    codes = product.codes_of(action, cloud.settings)
    params = validate(action, codes, request.params, request.typed, action.hidden(cloud.settings))
    if not key.permits(action.name, action.write):
        raise ApiError(codes.no_permission, f"You are not authorized to perform {product.service}:{action.name}.")
    return dict(action.handler(Context(cloud, call, key, product, action, region, params)))


def _region(cloud: Cloud, product: Product, region: str | None) -> str:
    if region is None:
        if cloud.settings.switch("region_required") == "true" and not product.region_optional:
            raise ApiError("MissingParameter", "The request lacks the common parameter `Region`.")
        return DEFAULT_REGION
    if product.regions and region not in product.regions:
        raise ApiError("UnsupportedRegion", f"The product `{product.service}` does not exist in the region `{region}`.")
    return region


def _product_of(found: ApiRequest) -> Product | None:
    if found.authorization is not None:
        return _BY_SERVICE.get(found.authorization.service)
    return _BY_VERSION.get(found.version)


def _resolve(target: Target) -> tuple[Product, Action]:
    found = target.request
    for name in ("action", "version"):
        if not getattr(found, name):
            raise ApiError("MissingParameter", f"The request lacks the common parameter `{name.capitalize()}`.")
    if target.product is None and found.authorization is not None:
        raise ApiError("NoSuchProduct", f"There is no product `{found.authorization.service}`.")
    if target.product is None or target.product.version != found.version:
        raise ApiError("NoSuchVersion", f"There is no version `{found.version}` of this API.")
    if target.action is None:
        raise ApiError("InvalidAction", f"The action `{found.action}` is invalid or not found.")
    return target.product, target.action
