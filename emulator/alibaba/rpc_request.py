# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading an RPC request: what is asked for, in which spelling, and in which format the answer goes."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..http_types import Request
from .envelope import answer_format
from .parameters import Parameters, merge

#: parameters that belong to the protocol, not to an action
_PROTOCOL = frozenset(
    (
        "AccessKeyId",
        "Action",
        "Format",
        "RegionId",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureNonce",
        "SignatureType",
        "SignatureVersion",
        "Timestamp",
        "Version",
    )
)


@dataclass(frozen=True)
class RpcRequest:
    """The decoded request. ``signature_v3`` tells ACS3-HMAC-SHA256 from signature 1.0."""

    parameters: Parameters
    action: str
    version: str
    signature_v3: bool
    answer_format: str

    @property
    def action_parameters(self) -> dict[str, str]:
        """The parameters without those of the protocol."""
        return {name: value for name, value in self.parameters.values.items() if name not in _PROTOCOL}

    def signed(self, request: Request) -> bool:
        """Does the request claim to be signed?"""
        return "authorization" in request.headers or "Signature" in self.parameters.values

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """Every instance the request names, in whatever spelling; not validated."""
        values = self.parameters.values
        found = [values[name] for name in sorted(values) if name == "InstanceId" or name.startswith("InstanceId.")]
        found += [value for name, value in values.items() if name.startswith("ResourceId.")]
        try:
            listed = json.loads(values.get("InstanceIds", "[]"))
        except ValueError:
            listed = []
        if isinstance(listed, list):
            found += [item for item in listed if isinstance(item, str)]
        return tuple(found)


def read(request: Request) -> RpcRequest:
    """Decode a request; never raises.

    Both official clients send ``x-acs-action`` with signature 1.0, too, so the
    header alone does not tell V3: V3 is an ``ACS3-`` authorization, or that
    header without a ``Signature`` parameter.
    """
    values = merge(request.query, request.header("content-type"), request.body)
    signature_v3 = request.header("authorization").startswith("ACS3-") or (
        "x-acs-action" in request.headers and "Signature" not in values
    )
    action, version = values.get("Action", ""), values.get("Version", "")
    if signature_v3:
        action, version = request.header("x-acs-action"), request.header("x-acs-version")
    return RpcRequest(
        parameters=Parameters(values),
        action=action,
        version=version,
        signature_v3=signature_v3,
        answer_format=answer_format(values.get("Format"), request.header("accept"), signature_v3=signature_v3),
    )
