# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""tencentcloud-sdk-python, set up for the emulator in every way it can sign and send."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.conformance.clouds import KEY_ID, SECRET, TENCENT_REGION, address
from tencentcloud.common.abstract_client import AbstractClient
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.cvm.v20170312 import cvm_client
from tencentcloud.cvm.v20170312 import models as cvm_models
from tencentcloud.lighthouse.v20200324 import lighthouse_client
from tencentcloud.lighthouse.v20200324 import models as lighthouse_models
from tencentcloud.sts.v20180813 import models as sts_models
from tencentcloud.sts.v20180813 import sts_client

#: how the client can sign and send; form POSTs exist with parameter signatures only
DIALECTS = [
    pytest.param((sign, method), id=f"{sign} {method}")
    for sign in ("TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256")
    for method in ("GET", "POST")
]

_PRODUCTS = {
    "lighthouse": (lighthouse_client.LighthouseClient, lighthouse_models),
    "cvm": (cvm_client.CvmClient, cvm_models),
    "sts": (sts_client.StsClient, sts_models),
}


@dataclass(frozen=True)
class Sdk:
    """The client as an application uses it. ``certification`` is what TLS certificates are verified with."""

    emulator: Emulator
    sign: str = "TC3-HMAC-SHA256"
    method: str = "POST"
    secret_id: str = KEY_ID["tencent"]
    secret_key: str = SECRET
    token: str | None = None
    region: str = TENCENT_REGION
    endpoint: str | None = None
    protocol: str = "http"
    certification: Any = None

    def but(self, **changes: Any) -> Sdk:
        """The same client with something different."""
        return replace(self, **changes)

    def client(self, product: str) -> AbstractClient:
        """A client of a product."""
        return _PRODUCTS[product][0](self._credential(), self.region, self._profile())

    def call(self, product: str, action: str, **members: Any) -> dict[str, Any]:
        """Call an action through its product's client; the answer without its wrapper."""
        request = getattr(_PRODUCTS[product][1], f"{action}Request")()
        request.from_json_string(json.dumps(members))
        response = getattr(self.client(product), action)(request)
        answer: dict[str, Any] = json.loads(response.to_json_string())
        return answer

    def call_generic(self, product: str, version: str, action: str, **members: Any) -> dict[str, Any]:
        """Call an action through the client for all products."""
        client = CommonClient(product, version, self._credential(), self.region, profile=self._profile())
        answer: dict[str, Any] = client.call_json(action, members)["Response"]
        return answer

    def refused(self, product: str, action: str, **members: Any) -> str:
        """Call an action that has to fail; its error code."""
        with pytest.raises(TencentCloudSDKException) as caught:
            self.call(product, action, **members)
        assert caught.value.get_request_id()
        code: str = caught.value.get_code()
        return code

    def _credential(self) -> Credential:
        return Credential(self.secret_id, self.secret_key, self.token)

    def _profile(self) -> ClientProfile:
        http = HttpProfile(
            protocol=self.protocol,
            endpoint=self.endpoint or address(self.emulator),
            reqMethod=self.method,
            reqTimeout=10,
            certification=self.certification,
        )
        return ClientProfile(signMethod=self.sign, httpProfile=http, language="en-US")
