# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud CVM through the legacy API 2.0 (``/v2/index.php``, Version=2017-03-12).

The vendor has hidden this API since 2019 and may end it; it is used only where a task names this provider. Its
instances may not report their latest operation, so the end of a change is then seen in the bindings alone. Vendor
pages: DisassociateInstancesKeyPairs and DescribeInstances of API 2.0.
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._capabilities import Rate
from .._credentials.model import CredentialsProvider
from .._credentials.tencent import TENCENT
from .._models import Call
from . import tencent_cvm
from ._protocol import Registration
from ._tencent_api2 import TencentApi2
from ._tencent_key_store import LEGACY_RULES
from ._tencent_power import force_flag

# The pages print no rates; ten a second is what the same actions have in API 3.0.
CAPABILITIES = dataclasses.replace(
    tencent_cvm.CAPABILITIES,
    provider="tencent_cvm_legacy",
    rates={},
    default_rate=Rate(10),
    key_pair_rules=LEGACY_RULES,
    soft_first=False,
    reports_tags=False,
    stops_charging=False,
)


class CvmLegacyProvider(tencent_cvm.CvmProvider):
    """See Provider. StopType and StoppedMode came later, and so did tags; a stop keeps charging."""

    # The pages of this API do not name the filters instance-state and tag:….
    state_filter_values: t.ClassVar[int] = 0
    tag_filters: t.ClassVar[bool] = False

    def stop_params(self, call: Call) -> dict[str, t.Any]:
        """See TencentPower."""
        return force_flag(call)


def _dialect(region: str, endpoint: str, credentials: CredentialsProvider) -> TencentApi2:
    return TencentApi2("2017-03-12", region, endpoint, credentials)


REGISTRATION = Registration(
    capabilities=CAPABILITIES,
    vendor=TENCENT,
    public_host=lambda _region: "cvm.api.qcloud.com",
    dialect=_dialect,
    provider=CvmLegacyProvider,
)
