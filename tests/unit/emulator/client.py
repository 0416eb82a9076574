# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small Tencent Cloud client that signs by itself, and an emulated Tencent Cloud to point it at.

Nothing of ``emulator/signatures`` is used: the signers follow the vendor's text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from itertools import count
from typing import Any
from urllib.parse import urlencode

from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.emulator.clock import FakeClock

REGION = "ap-guangzhou"
ACCOUNT = "100000000001"
KEY = {"id": "AKIDEXAMPLE", "secret": "example-secret-key"}
LIGHTHOUSE = ("lighthouse", "2020-03-24")
CVM = ("cvm", "2017-03-12")
STS = ("sts", "2018-08-13")
REGIONS = ("region", "2022-06-27")
LEGACY_PATH = "/v2/index.php"

_nonces = count(1)


def flatten(params: Mapping[str, Any], first_index: int = 0) -> dict[str, str]:
    """``{"InstanceIds": ["a"]}`` as ``{"InstanceIds.0": "a"}``; booleans as ``True`` and ``False``."""
    flat: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, Mapping):
            inner: Mapping[str, Any] = value
        elif isinstance(value, (list, tuple)):
            inner = {str(number): item for number, item in enumerate(value, first_index)}
        else:
            flat[name] = str(value)
            continue
        flat.update({f"{name}.{key}": item for key, item in flatten(inner, first_index).items()})
    return flat


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; ``data`` is its JSON, or None if it is something else."""

    status: int
    headers: dict[str, str]
    body: bytes
    data: Any

    @property
    def response(self) -> dict[str, Any]:
        """What is in the envelope."""
        found: dict[str, Any] = self.data["Response"]
        return found

    @property
    def code(self) -> str | None:
        """The error code, None for success."""
        error = self.response.get("Error")
        return None if error is None else error["Code"]


@dataclass(frozen=True)
class Client:
    """One caller of one product. ``scheme`` is TC3, HmacSHA1 or HmacSHA256 (signature v1: all is in parameters)."""

    port: int
    clock: FakeClock
    product: tuple[str, str] = LIGHTHOUSE
    region: str | None = REGION
    secret_id: str = KEY["id"]
    secret: str = KEY["secret"]
    token: str | None = None
    scheme: str = "TC3"
    method: str = "POST"
    path: str = "/"
    host: str | None = None
    timestamp: float | None = None
    nonce: str | None = None
    first_index: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    common: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> Client:
        """The same caller with something different."""
        return replace(self, **changes)

    def call(self, action: str, params: Mapping[str, Any] | None = None, **more: Any) -> Answer:
        """Call an action and return whatever comes back."""
        given = {**(params or {}), **more}
        prepare = self.tc3 if self.scheme == "TC3" else self.v1
        return self.send(*prepare(action, given))

    def ok(self, action: str, **params: Any) -> dict[str, Any]:
        """Call an action that has to succeed."""
        answer = self.call(action, params)
        if answer.code is not None:
            raise AssertionError(f"{action} was refused: {answer.data}")
        return answer.response

    def refused(self, action: str, **params: Any) -> str | None:
        """Call an action that has to fail; its error code."""
        return self.call(action, params).code

    def send(self, target: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a prepared request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.putrequest(self.method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        try:
            data = json.loads(content)
        except ValueError:
            data = None
        received = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, received, content, data)

    def tc3(self, action: str, params: Mapping[str, Any]) -> tuple[str, bytes, dict[str, str]]:
        """Return target, body and headers of a call signed with TC3-HMAC-SHA256."""
        query = urlencode(flatten(params)) if self.method == "GET" else ""
        body = b"" if self.method == "GET" else json.dumps(params).encode()
        form = "application/x-www-form-urlencoded"
        now = int(self._time())
        headers = {
            "Host": self._host(),
            "Content-Type": form if self.method == "GET" else "application/json",
            "X-TC-Action": action,
            "X-TC-Version": self.product[1],
            "X-TC-Timestamp": str(now),
            **({"X-TC-Region": self.region} if self.region else {}),
            **({"X-TC-Token": self.token} if self.token else {}),
        }
        scope = f"{datetime.fromtimestamp(now, tz=timezone.utc):%Y-%m-%d}/{self.product[0]}/tc3_request"
        canonical = "\n".join(
            (
                self.method,
                "/",
                query,
                f"content-type:{headers['Content-Type']}\nhost:{headers['Host']}\n",
                "content-type;host",
                hashlib.sha256(body).hexdigest(),
            )
        )
        text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signing = f"TC3{self.secret}".encode()
        for part in scope.split("/"):
            signing = hmac.new(signing, part.encode(), "sha256").digest()
        signature = hmac.new(signing, text.encode(), "sha256").hexdigest()
        headers["Authorization"] = (
            f"TC3-HMAC-SHA256 Credential={self.secret_id}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}"
        )
        return f"/?{query}" if query else "/", body, {**headers, **self.headers}

    def v1(self, action: str, params: Mapping[str, Any]) -> tuple[str, bytes, dict[str, str]]:
        """Return target, body and headers of a call signed with signature v1."""
        flat = {
            **flatten(params, self.first_index),
            "Action": action,
            "Timestamp": str(int(self._time())),
            "Nonce": self.nonce or str(next(_nonces)),
            "SecretId": self.secret_id,
            "SignatureMethod": self.scheme,
            **({"Version": self.product[1]} if self.product[1] else {}),
            **({"Region": self.region} if self.region else {}),
            **({"Token": self.token} if self.token else {}),
            **self.common,
        }
        joined = "&".join(f"{name}={flat[name]}" for name in sorted(flat))
        text = f"{self.method}{self._host()}{self.path}?{joined}"
        digest = hmac.new(self.secret.encode(), text.encode(), self.scheme.removeprefix("Hmac").lower()).digest()
        flat.setdefault("Signature", base64.b64encode(digest).decode())
        headers = {"Host": self._host(), **self.headers}
        if self.method == "GET":
            return f"{self.path}?{urlencode(flat)}", b"", headers
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self.path, urlencode(flat).encode(), headers

    def _time(self) -> float:
        return self.clock.now() if self.timestamp is None else self.timestamp

    def _host(self) -> str:
        return self.host or f"127.0.0.1:{self.port}"


@dataclass(frozen=True)
class TencentCloud:
    """An emulator with a Tencent account, its clock, and one client for each API."""

    emulator: Emulator
    clock: FakeClock
    lighthouse: Client
    cvm: Client
    sts: Client
    legacy: Client

    def instance(self, instance_id: str) -> dict[str, Any]:
        """The instance as the emulator's state shows it."""
        return next(found for found in self.emulator.state()["instances"] if found["instance_id"] == instance_id)

    def login(self, instance_id: str) -> dict[str, Any]:
        """What the guest accepts."""
        provider = "tencent_lighthouse" if instance_id.startswith("lh") else "tencent_cvm"
        return self.emulator.logins(provider, REGION, instance_id)

    def switch(self, **switches: Any) -> None:
        """Set switches."""
        self.emulator.configure({"switches": switches})

    def fail_with(self, code: str) -> None:
        """Let the next call fail with that code."""
        self.emulator.add_faults({"kind": "error", "code": code})


@contextmanager
def tencent_cloud(
    *,
    key_pairs: Iterable[Mapping[str, Any]] = (),
    instances: Iterable[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
    access_keys: Iterable[Mapping[str, Any]] = (KEY,),
) -> Iterator[TencentCloud]:
    """Start an emulator. Key pairs and instances need their IDs only: they tell the provider; the region is REGION."""
    seed = {
        "accounts": [{"vendor": "tencent", "account_id": ACCOUNT, "access_keys": list(access_keys)}],
        "key_pairs": [{"name": key["key_id"].replace("-", "_"), **_located(key["key_id"]), **key} for key in key_pairs],
        "instances": [{**_located(found["instance_id"]), **found} for found in instances],
    }
    clock = FakeClock()
    with Emulator(port=0, seed=seed, settings=settings, clock=clock) as emulator:
        lighthouse = Client(emulator.port, clock)
        yield TencentCloud(
            emulator,
            clock,
            lighthouse,
            cvm=lighthouse.but(product=CVM),
            sts=lighthouse.but(product=STS),
            legacy=lighthouse.but(product=CVM, scheme="HmacSHA256", method="GET", path=LEGACY_PATH),
        )


def _located(resource_id: str) -> dict[str, Any]:
    return {"provider": "tencent_lighthouse" if resource_id.startswith("lh") else "tencent_cvm", "region": REGION}
