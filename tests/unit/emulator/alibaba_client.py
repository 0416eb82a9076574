# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small Alibaba client that signs by itself, and an emulated Alibaba Cloud to point it at.

Nothing of ``emulator/signatures`` is used: both signers follow the vendor's text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock

REGION = "cn-hangzhou"
ECS = "2014-05-26"
STS = "2015-04-01"
ACCOUNT = "1000000000000001"
KEY = {"id": "LTAIEXAMPLE", "secret": "example-secret"}

_nonces = count()


def ids(*instance_ids: str) -> str:
    """A list as the actions of the first kind take it: JSON text in one parameter."""
    return json.dumps(instance_ids)


def numbered(name: str, *values: str) -> dict[str, str]:
    """A list as the actions of the second kind take it: ``name.1``, ``name.2``, …"""
    return {f"{name}.{number}": value for number, value in enumerate(values, 1)}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. ``data`` is its JSON, or None if it is something else."""

    status: int
    headers: dict[str, str]
    body: bytes
    data: Any

    @property
    def code(self) -> str | None:
        """The error code, None for success."""
        return None if self.status == 200 else self.data["Code"]


@dataclass(frozen=True)
class Client:
    """One caller. ``signature`` is ``1.0`` (in parameters) or ``V3`` (in headers)."""

    port: int
    clock: FakeClock
    access_key_id: str = KEY["id"]
    secret: str = KEY["secret"]
    token: str | None = None
    signature: str = "V3"
    method: str = "POST"
    version: str = ECS
    form: bool = False
    format: str | None = "JSON"
    timestamp: str | None = None
    nonce: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> Client:
        """The same caller with something different."""
        return replace(self, **changes)

    def call(self, action: str, **params: str | None) -> Answer:
        """Call an action in the usual region; parameters that are None are left out."""
        wanted = {"RegionId": REGION, **params}
        return self._send(*self.signed(action, {name: value for name, value in wanted.items() if value is not None}))

    def signed(self, action: str, params: dict[str, str]) -> tuple[str, bytes, dict[str, str]]:
        """Query, body and headers of a signed request."""
        return self._signed_v1(action, params) if self.signature == "1.0" else self._signed_v3(action, params)

    def ok(self, action: str, **params: str | None) -> dict[str, Any]:
        """Call an action that has to succeed."""
        answer = self.call(action, **params)
        if answer.status != 200:
            raise AssertionError(f"{action} was refused: {answer.body!r}")
        data: dict[str, Any] = answer.data
        return data

    def refused(self, action: str, **params: str | None) -> tuple[int, str | None]:
        """Call an action that has to fail; its HTTP status and error code."""
        answer = self.call(action, **params)
        return answer.status, answer.code

    def _time(self) -> str:
        now = datetime.fromtimestamp(self.clock.now(), tz=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return now if self.timestamp is None else self.timestamp

    def _nonce(self) -> str:
        return self.nonce or f"nonce-{next(_nonces)}"

    def _signed_v1(self, action: str, params: dict[str, str]) -> tuple[str, bytes, dict[str, str]]:
        common = {
            "Action": action,
            "Version": self.version,
            "AccessKeyId": self.access_key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": self._nonce(),
            "Timestamp": self._time(),
        }
        if self.format is not None:
            common["Format"] = self.format
        if self.token is not None:
            common["SecurityToken"] = self.token
        signed = {**params, **common, **self.extra}
        joined = urlencode(sorted(signed.items()), quote_via=quote, safe="~")
        text = f"{self.method}&%2F&{quote(joined, safe='~')}"
        digest = hmac.new(f"{self.secret}&".encode(), text.encode(), "sha1").digest()
        signed.setdefault("Signature", base64.b64encode(digest).decode())
        if not self.form:
            return urlencode(signed), b"", {}
        in_query = {name: signed.pop(name) for name in common}
        return urlencode(in_query), urlencode(signed).encode(), {"content-type": "application/x-www-form-urlencoded"}

    def _signed_v3(self, action: str, params: dict[str, str]) -> tuple[str, bytes, dict[str, str]]:
        query, body = (params, b"") if not self.form else ({}, urlencode(params).encode())
        headers = {
            "host": f"127.0.0.1:{self.port}",
            "accept": "application/xml" if self.format == "XML" else "application/json",
            "x-acs-action": action,
            "x-acs-version": self.version,
            "x-acs-date": self._time(),
            "x-acs-signature-nonce": self._nonce(),
            "x-acs-content-sha256": hashlib.sha256(body).hexdigest(),
        }
        if self.form:
            headers["content-type"] = "application/x-www-form-urlencoded"
        if self.token is not None:
            headers["x-acs-security-token"] = self.token
        headers.update(self.extra)
        names = sorted(name for name in headers if name != "authorization")
        lines = "".join(f"{name}:{headers[name]}\n" for name in names)
        canonical_query = urlencode(sorted(query.items()), quote_via=quote, safe="~")
        request = "\n".join(
            (self.method, "/", canonical_query, lines, ";".join(names), headers["x-acs-content-sha256"])
        )
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self.secret.encode(), text.encode(), "sha256").hexdigest()
        headers.setdefault(
            "authorization",
            f"ACS3-HMAC-SHA256 Credential={self.access_key_id},SignedHeaders={';'.join(names)},Signature={signature}",
        )
        return urlencode(query), body, headers

    def _send(self, query: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(self.method, f"/?{query}", body=body, headers=headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        received = {name.lower(): value for name, value in response.getheaders()}
        try:
            data = json.loads(content)
        except ValueError:
            data = None
        return Answer(response.status, received, content, data)


@dataclass(frozen=True)
class AlibabaCloud:
    """An emulator with an Alibaba account, its clock, and a client with all rights."""

    emulator: Emulator
    clock: FakeClock
    client: Client

    def instance(self, instance_id: str) -> dict[str, Any]:
        """The instance as the emulator's state shows it."""
        return next(found for found in self.emulator.state()["instances"] if found["instance_id"] == instance_id)

    def login(self, instance_id: str) -> dict[str, Any]:
        """What the guest accepts."""
        return self.emulator.logins("alibaba_ecs", REGION, instance_id)


@contextmanager
def alibaba_cloud(
    *,
    instances: list[dict[str, Any]] | None = None,
    key_pairs: tuple[str, ...] = (),
    more_keys: list[dict[str, Any]] | None = None,
    fleets: list[dict[str, Any]] | None = None,
    roles: list[dict[str, Any]] | None = None,
    settings: dict[str, Any] | None = None,
) -> Iterator[AlibabaCloud]:
    """Run an emulator that holds these things in the usual region of one account."""
    place = {"provider": "alibaba_ecs", "region": REGION}
    account: dict[str, Any] = {"vendor": "alibaba", "account_id": ACCOUNT, "access_keys": [KEY, *(more_keys or [])]}
    if roles is not None:
        account["roles"] = roles
    seed = {
        "accounts": [account],
        "key_pairs": [{**place, "name": name} for name in key_pairs],
        "instances": [{**place, **instance} for instance in instances or []],
        "fleets": [{**place, **fleet} for fleet in fleets or []],
    }
    clock = FakeClock()
    with Emulator(port=0, seed=seed, settings=settings, clock=clock) as emulator:
        yield AlibabaCloud(emulator, clock, Client(emulator.port, clock))
