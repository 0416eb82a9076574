# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud: where its tools look for credentials.

Options; environment; OIDC token file; profile of the CLI; file of the SDKs; role of the instance; a URL. The default
chain of alibabacloud-credentials, with the names of older Ansible and Terraform releases after those of the vendor.
"""

from __future__ import annotations

from . import alibaba_config, alibaba_ini, alibaba_metadata, alibaba_sts, alibaba_uri
from .environment import EnvironmentNames, RoleNames
from .vendor import MetadataPlace, RoleSyntax, Vendor
from .web_identity import WebIdentityNames

_KEY = EnvironmentNames(
    "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", ("ALIBABA_CLOUD_SECURITY_TOKEN",)
)
_OLD_KEY = EnvironmentNames("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", ("ALICLOUD_SECURITY_TOKEN",))
_WEB_IDENTITY = WebIdentityNames(
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
)

ALIBABA = Vendor(
    title="Alibaba Cloud",
    environment=(_KEY, _OLD_KEY, _WEB_IDENTITY),
    profiles=(alibaba_config.from_config, alibaba_ini.from_ini, alibaba_ini.from_plain),
    fallbacks=(alibaba_metadata.INSTANCE.from_role, alibaba_uri.from_uri),
    key_names=(_KEY, _OLD_KEY),
    role_names=RoleNames(
        "ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_SESSION_NAME", unless="ALIBABA_CLOUD_OIDC_TOKEN_FILE"
    ),
    role_syntax=RoleSyntax(
        arn=r"acs:ram::[0-9]+:role/[\w.@/-]+",
        session_name=r"[A-Za-z0-9.@_-]{2,64}",
        example="acs:ram::1000000000000001:role/ops",
    ),
    profile_name=alibaba_config.PROFILE,
    region_variables=("ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION"),
    profile_regions=(alibaba_config.region_of_config,),
    instance_region=alibaba_metadata.INSTANCE.own_region,
    metadata=MetadataPlace(
        alibaba_metadata.BASE,
        alibaba_metadata.ENDPOINT_VARIABLE,
        (alibaba_metadata.DISABLED_VARIABLE,),
    ),
    sts_host=alibaba_sts.public_host,
    sts=alibaba_sts.AlibabaSts,
)
