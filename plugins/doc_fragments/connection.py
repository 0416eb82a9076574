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
        E(ALICLOUD_REGION). Then the region of the profile, see O(profile). Then the region of the machine itself, if
        it is an instance, from its metadata service.
    type: str
  access_key_id:
    description:
      - The ID of the access key.
      - Credentials are looked for in the order in which the vendor's own tools look, and the first place that has any
        decides. One vendor's key is never used with the other. An empty variable counts as unset.
      - "Tencent Cloud: the options; E(TENCENTCLOUD_SECRET_ID) with E(TENCENTCLOUD_SECRET_KEY); the profile of tccli in
        C(~/.tccli); C(~/.tencentcloud/credentials); C(/etc/tencentcloud/credentials); the role of the instance; an OIDC
        token file (E(TKE_ROLE_ARN), E(TKE_PROVIDER_ID), E(TKE_WEB_IDENTITY_TOKEN_FILE))."
      - "Alibaba Cloud: the options; E(ALIBABA_CLOUD_ACCESS_KEY_ID) with E(ALIBABA_CLOUD_ACCESS_KEY_SECRET);
        E(ALICLOUD_ACCESS_KEY) with E(ALICLOUD_SECRET_KEY); an OIDC token file (E(ALIBABA_CLOUD_ROLE_ARN),
        E(ALIBABA_CLOUD_OIDC_PROVIDER_ARN), E(ALIBABA_CLOUD_OIDC_TOKEN_FILE)); the profile of the CLI in
        C(~/.aliyun/config.json); C(~/.alibabacloud/credentials.ini) and C(~/.alibabacloud/credentials), or the file
        that E(ALIBABA_CLOUD_CREDENTIALS_FILE) names; the role of the instance; E(ALIBABA_CLOUD_CREDENTIALS_URI)."
      - The guide on credentials has the details.
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
  profile:
    description:
      - The profile of the vendor's command line whose credentials and region to use.
      - With this option environment variables with credentials, role or region are ignored, as tccli does it with
        C(--profile), and no other place is looked at. Only O(access_key_id) and O(region) go before it.
      - Without it, E(TCCLI_PROFILE) or E(ALIBABA_CLOUD_PROFILE) names the profile, else it is the default one.
      - Of C(~/.aliyun/config.json) the modes V(AK), V(StsToken), V(RamRoleArn), V(EcsRamRole), V(ChainableRamRoleArn)
        and V(OIDC) can be used.
    type: str
  role_arn:
    description:
      - A role to assume, through STS, with the credentials that were found. For example
        V(qcs::cam::uin/100000000001:roleName/ops) or V(acs:ram::1000000000000001:role/ops).
      - A session of the role is renewed before it expires, so that a long wait does not outlive it.
      - Without it, E(TENCENTCLOUD_ROLE_ARN); or E(ALIBABA_CLOUD_ROLE_ARN), unless E(ALIBABA_CLOUD_OIDC_TOKEN_FILE) is
        set. These variables count for access keys, not for credentials that are those of a role already.
    type: str
  role_session_name:
    description:
      - How the session of the role is called in the vendor's audit log.
      - Without it, E(TENCENTCLOUD_ROLE_SESSION_NAME) or E(ALIBABA_CLOUD_ROLE_SESSION_NAME), else V(keyfleet).
    type: str
  expected_account_id:
    description:
      - The ID of the account that the credentials must belong to, after O(role_arn) if that is given.
      - If they belong to another account, the task fails before it does anything. This costs one call of
        C(GetCallerIdentity), in check mode as well.
    type: str
  endpoint:
    description:
      - Scheme, host and port of a private gateway or of the emulator, for example V(http://127.0.0.1:8080).
        The API's own path is added.
      - Without it, E(KEYFLEET_ENDPOINT_TENCENT_LIGHTHOUSE), E(KEYFLEET_ENDPOINT_TENCENT_CVM),
        E(KEYFLEET_ENDPOINT_TENCENT_CVM_LEGACY) or E(KEYFLEET_ENDPOINT_ALIBABA_ECS), else the vendor's public endpoint.
      - An endpoint that is given is used for STS as well.
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
  api_rate_share:
    description:
      - How many percent of the documented rates this task may use, from V(1) to V(100).
      - The vendors count the calls of an account, per region and action. For jobs that run at the same time on one
        account, such as the slices of an AWX job, give each its part, for example V(25) to each of four.
      - Without it, E(KEYFLEET_API_RATE_SHARE), else V(100). Jobs that know nothing of each other get along as well. A
        task slows down when it is told that there were too many calls, and goes faster again when it is not.
    type: int
notes:
  - The API is called from where the task runs. Run it on the controller, in a play for C(localhost) or with
    C(delegate_to=localhost), so that environment variables such as those of an AWX credential are there.
  - Proxies are taken from E(HTTPS_PROXY), E(HTTP_PROXY) and E(NO_PROXY).
"""
