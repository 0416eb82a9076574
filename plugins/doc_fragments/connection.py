# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the options that all plugins share."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.connection``."""

    DOCUMENTATION = r"""
requirements:
  - requests
options:
  provider:
    description:
      - The API to talk to.
      - V(tencent_cvm_legacy) is the API 2.0 of Tencent Cloud, which the vendor has hidden since 2019 and may end.
        Use it only where V(tencent_cvm) cannot be reached.
    type: str
    required: true
    choices: [alibaba_ecs, tencent_cvm, tencent_cvm_legacy, tencent_lighthouse]
  region:
    description:
      - The region, for example V(ap-guangzhou) or V(cn-hangzhou).
      - Without it, E(TENCENTCLOUD_REGION), or E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID) or
        E(ALICLOUD_REGION).
    type: str
  access_key_id:
    description:
      - The ID of the access key.
      - Without it and O(access_key_secret), E(TENCENTCLOUD_SECRET_ID) with E(TENCENTCLOUD_SECRET_KEY), or
        E(ALIBABA_CLOUD_ACCESS_KEY_ID) with E(ALIBABA_CLOUD_ACCESS_KEY_SECRET), or E(ALICLOUD_ACCESS_KEY) with
        E(ALICLOUD_SECRET_KEY). One vendor's key is never used with the other. An empty variable counts as unset.
    type: str
    aliases: [secret_id]
  access_key_secret:
    description:
      - The secret of the access key.
    type: str
    aliases: [secret_key]
  security_token:
    description:
      - The token of temporary credentials, with O(access_key_id) and O(access_key_secret).
      - With credentials from the environment, E(TENCENTCLOUD_TOKEN) or E(TENCENTCLOUD_SECURITY_TOKEN),
        E(ALIBABA_CLOUD_SECURITY_TOKEN), E(ALICLOUD_SECURITY_TOKEN).
    type: str
    aliases: [token]
  endpoint:
    description:
      - Scheme, host and port of a private gateway or of the emulator, for example V(http://127.0.0.1:8080).
        The API's own path is added.
      - Without it, E(KEYFLEET_ENDPOINT_TENCENT_LIGHTHOUSE), E(KEYFLEET_ENDPOINT_TENCENT_CVM),
        E(KEYFLEET_ENDPOINT_TENCENT_CVM_LEGACY) or E(KEYFLEET_ENDPOINT_ALIBABA_ECS), else the vendor's public endpoint.
    type: str
  validate_certs:
    description:
      - Whether to check the TLS certificate of the endpoint.
    type: bool
    default: true
  ca_path:
    description:
      - A file with the CA certificates to trust instead of the usual ones.
    type: path
  api_timeout:
    description:
      - How many seconds to wait for the answer to one request.
    type: int
    default: 30
  api_retries:
    description:
      - How often to repeat one request after throttling, a server error or a broken connection, with growing pauses.
        A write whose answer was lost is not repeated; the bindings are read again first.
    type: int
    default: 5
notes:
  - The API is called from where the task runs. Run it on the controller, in a play for C(localhost) or with
    C(delegate_to=localhost), so that environment variables such as those of an AWX credential are there.
  - Proxies are taken from E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY).
"""
