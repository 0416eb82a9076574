# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way of a request through the emulator: dialect, faults, answer, log."""

from __future__ import annotations

from .alibaba import AlibabaDialect
from .cloud import Cloud
from .dialect import Call, Dialect
from .errors import ApiError
from .faults import TRANSPORT_KINDS, Fault
from .http_types import Request, Response
from .metadata import service as metadata
from .routing import ALIBABA, LEGACY, TENCENT, dialect_of
from .tencent import LegacyDialect, TencentDialect

_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
_GARBAGE = b'{"Response": {"RequestId": "\x00\xff'


class Gateway:
    """Answers requests on behalf of one Cloud. ``handle`` may be called by many threads."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._dialects: dict[str, Dialect] = {
            TENCENT: TencentDialect(cloud),
            LEGACY: LegacyDialect(cloud),
            ALIBABA: AlibabaDialect(cloud),
        }

    def handle(self, request: Request) -> Response | None:
        """Return the answer to an API or metadata request; None means: close the connection without one."""
        if request.path.startswith(metadata.PREFIX):
            return metadata.answer(self._cloud, request)
        dialect = self._dialects.get(dialect_of(request) or "")
        if dialect is None:
            return Response(404, "text/plain", b"no such path\n")
        with self._cloud.lock:
            call = dialect.identify(request)
            call.fault = self._cloud.faults.take(call.provider, call.action, call.instance_ids)
        if call.fault is not None and call.fault.kind == "delay":
            self._cloud.clock.sleep(call.fault.seconds)
        if call.fault is not None and call.fault.kind in TRANSPORT_KINDS:
            response, code = _transport_fault(call.fault), None
        else:
            response, code = self._answer(dialect, call)
        if call.fault is not None and call.fault.kind == "cut_after":
            response = None
        self._record(call, response, code)
        return response

    def _answer(self, dialect: Dialect, call: Call) -> tuple[Response | None, str | None]:
        with self._cloud.lock:
            self._cloud.world.settle(self._cloud.now)
            try:
                return dialect.answer(call), None
            except ApiError as error:
                return dialect.refuse(call, error), error.code

    def _record(self, call: Call, response: Response | None, code: str | None) -> None:
        with self._cloud.lock:
            self._cloud.log.add(
                time=self._cloud.now,
                provider=call.provider,
                action=call.action,
                region=call.region,
                params=dict(call.params),
                access_key_id=call.access_key_id,
                request_id=call.request_id,
                code=code,
                http_status=None if response is None else response.status,
                write=call.write,
                fault=None if call.fault is None else call.fault.kind,
                connection=call.request.connection,
            )


def _transport_fault(fault: Fault) -> Response | None:
    if fault.kind == "http_5xx":
        return Response(fault.status, "text/plain", b"upstream unavailable\n")
    if fault.kind == "html":
        return Response(200, "text/html", _HTML)
    if fault.kind == "garbage":
        return Response(200, "application/json", _GARBAGE)
    return None
