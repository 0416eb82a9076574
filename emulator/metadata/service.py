# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a metadata service: the path tells the vendor. Answers are text; what does not exist is status 404."""

from __future__ import annotations

import json
from urllib.parse import unquote

from ..cloud import Cloud
from ..http_types import Request, Response
from . import alibaba, tencent
from .machine import Machine
from .paths import Paths

PREFIX = "/latest/"

_VENDORS: dict[str, Paths] = {"tencent": tencent.PATHS, "alibaba": alibaba.PATHS}


def answer(cloud: Cloud, request: Request) -> Response:
    """Answer a request whose path begins with PREFIX. The call log has the calls of APIs only, not these."""
    with cloud.lock:
        for vendor, paths in _VENDORS.items():
            machine = cloud.machines.machines.get(vendor)
            if machine is not None and paths.contain(request.path):
                return _answer(cloud, machine, paths, request)
    return _text(404, "Not Found")


def _answer(cloud: Cloud, machine: Machine, paths: Paths, request: Request) -> Response:
    if request.path == paths.token:
        return alibaba.token(cloud, request)
    if request.method != "GET":
        return _text(405, "Method Not Allowed")
    if not paths.may_read(cloud, request):
        return _text(403, "Forbidden")
    found = _read(cloud, machine, paths, request.path)
    return _text(404, "Not Found") if found is None else _text(200, found)


def _read(cloud: Cloud, machine: Machine, paths: Paths, path: str) -> str | None:
    if path == paths.region:
        return machine.region
    name = unquote(path.removeprefix(paths.roles))
    if machine.role is None or name not in ("", machine.role.name):
        return None
    if not name:
        return machine.role.name
    return json.dumps(paths.document(machine, machine.lend(cloud.accounts, machine.role, cloud.time)))


def _text(status: int, text: str) -> Response:
    return Response(status, "text/plain", text.encode())
