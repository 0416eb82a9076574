# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a call through Alibaba Cloud's gateway: identity, action, rate, permission, region, handler."""

from __future__ import annotations

import uuid

from ..accounts import AccessKey
from ..cloud import Cloud
from ..dialect import Call
from ..errors import ApiError
from ..http_types import Request, Response
from .actions import Action, find_action, host_of, provider_of
from .authentication import Authenticator
from .context import Context
from .envelope import CONTENT_TYPES, render
from .errors import forbidden, missing_parameter, recommendation, refusal
from .instance_query import nothing_visible
from .region_list import REGIONS
from .rpc_request import RpcRequest, read


class AlibabaDialect:
    """Alibaba Cloud's RPC protocol (see ``emulator.dialect.Dialect``)."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._authenticator = Authenticator(cloud)

    def identify(self, request: Request) -> Call:
        """Tell what is asked for, without judging it."""
        rpc = read(request)
        action = find_action(rpc.version, rpc.action)
        return Call(
            request=request,
            provider=provider_of(rpc.version),
            action=rpc.action,
            request_id=str(uuid.uuid4()).upper(),
            region=rpc.parameters.text("RegionId"),
            params=rpc.action_parameters,
            access_key_id=_claimed_key_id(request, rpc),
            instance_ids=rpc.instance_ids,
            write=action is not None and action.write,
            payload=rpc,
        )

    def answer(self, call: Call) -> Response:
        """Check and execute the call; raises ApiError."""
        rpc: RpcRequest = call.payload
        if call.request.method not in ("GET", "POST"):
            raise refusal("UnsupportedHTTPMethod")
        key = self._caller(call.request, rpc)
        if not rpc.action:
            raise missing_parameter("Action")
        if not provider_of(rpc.version, default=""):
            raise refusal("InvalidVersion")
        action = find_action(rpc.version, rpc.action)
        if action is None:
            raise refusal("InvalidAction.NotFound")
        self._limit_rate(call, key, action)
        _suffer(call)
        context = Context(self._cloud, call, key, rpc.parameters, _region(rpc, action))
        if not key.permits(rpc.action, action.write):
            result = self._without_permission(context)
        else:
            result = action.handler(context)
        return _response(call, 200, {"RequestId": call.request_id, **result}, f"{rpc.action}Response")

    def _caller(self, request: Request, rpc: RpcRequest) -> AccessKey:
        action = find_action(rpc.version, rpc.action)
        if action is not None and action.anonymous and not rpc.signed(request):
            return AccessKey("", "", vendor="alibaba")
        return self._authenticator.authenticate(request, rpc)

    def refuse(self, call: Call, error: ApiError) -> Response:
        """Return the error envelope, with an HTTP status of 400 or above."""
        body = {
            "RequestId": call.request_id,
            "HostId": host_of(call.payload.version, call.region),
            "Code": error.code,
            "Message": error.message,
            "Recommend": recommendation(error.code),
            **error.extra,
        }
        return _response(call, error.status, body, "Error")

    def _limit_rate(self, call: Call, key: AccessKey, action: Action) -> None:
        """Count the call against the limit per account, region and action.

        ECS counts by the minute: who is throttled in one may go on in the next.
        """
        limit = self._cloud.settings.rate(call.provider, call.action, action.rate)
        counted = (call.provider, key.account_id, call.region, call.action)
        calls = self._cloud.throttle.count(counted, self._cloud.now, action.window)
        if limit is not None and calls > limit:
            raise refusal("Throttling.User")

    def _without_permission(self, context: Context) -> dict[str, object]:
        """What a RAM user gets for an action that is denied.

        DescribeInstances page: without permission the list is empty, no error;
        a dry run tells the two apart.
        """
        hides = self._cloud.settings.switch("alibaba_no_permission") == "empty_list"
        if context.call.action == "DescribeInstances" and hides and not context.parameters.flag("DryRun"):
            return nothing_visible(context)
        raise forbidden(context.call.action)


def _suffer(call: Call) -> None:
    """Answer with the error that a fault prescribes, with the status that Alibaba gives its code."""
    error = call.fault.refusal("Throttling.User", "OperationConflict") if call.fault is not None else None
    if error is not None:
        raise refusal(error.code, error.message)


def _region(rpc: RpcRequest, action: Action) -> str:
    region = rpc.parameters.required("RegionId") if action.regional else rpc.parameters.text("RegionId") or ""
    if region and region not in REGIONS:
        raise refusal("InvalidRegionId.NotFound")
    return region


def _claimed_key_id(request: Request, rpc: RpcRequest) -> str | None:
    if not rpc.signature_v3:
        return rpc.parameters.text("AccessKeyId")
    return request.header("authorization").partition("Credential=")[2].partition(",")[0] or None


def _response(call: Call, status: int, answer: dict[str, object], root: str) -> Response:
    kind = call.payload.answer_format
    headers = {"x-acs-request-id": call.request_id}
    return Response(status, CONTENT_TYPES[kind], render(answer, root, kind), headers)
