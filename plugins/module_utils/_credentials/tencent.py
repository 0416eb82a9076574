# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud: where its tools look for credentials.

Options; environment; profile of tccli; files of the SDKs; role of the instance; OIDC token file. The SDKs' default
chain with tccli's profiles before the SDKs' files. With a profile in the options the environment does not count, as
with ``tccli --profile``.
"""

from __future__ import annotations

from . import tencent_files, tencent_metadata, tencent_sts
from .environment import EnvironmentNames, RoleNames
from .vendor import MetadataPlace, RoleSyntax, Vendor
from .web_identity import WebIdentityNames

# Names of the SDKs, of tccli (TENCENTCLOUD_TOKEN) and of the Terraform provider (TENCENTCLOUD_SECURITY_TOKEN).
_KEY = EnvironmentNames(
    "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", ("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN")
)

TENCENT = Vendor(
    title="Tencent Cloud",
    environment=(_KEY,),
    profiles=(tencent_files.from_tccli,),
    fallbacks=(
        tencent_files.from_home,
        tencent_files.from_etc,
        tencent_metadata.INSTANCE.from_role,
        WebIdentityNames("TKE_ROLE_ARN", "TKE_PROVIDER_ID", "TKE_WEB_IDENTITY_TOKEN_FILE"),
    ),
    key_names=(_KEY,),
    role_names=RoleNames("TENCENTCLOUD_ROLE_ARN", "TENCENTCLOUD_ROLE_SESSION_NAME"),
    role_syntax=RoleSyntax(
        arn=r"qcs::cam::uin/[0-9]+:role(Name)?/[\w.@+=,/-]+",
        session_name=r"[\w+=,.@-]{2,128}",
        example="qcs::cam::uin/100000000001:roleName/ops",
    ),
    profile_name=tencent_files.PROFILE,
    region_variables=("TENCENTCLOUD_REGION",),
    profile_regions=(tencent_files.region_of_tccli,),
    instance_region=tencent_metadata.INSTANCE.own_region,
    metadata=MetadataPlace(tencent_metadata.BASE, tencent_metadata.ENDPOINT_VARIABLE, ()),
    sts_host=lambda _environ: tencent_sts.PUBLIC_HOST,
    sts=tencent_sts.TencentSts,
)
