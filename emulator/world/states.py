# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The vendors' words for what an instance is doing."""

from __future__ import annotations

from ..providers import CVM, ECS, LIGHTHOUSE

_TENCENT = (
    "PENDING",
    "LAUNCH_FAILED",
    "RUNNING",
    "STOPPED",
    "STARTING",
    "STOPPING",
    "REBOOTING",
    "SHUTDOWN",
    "TERMINATING",
    "ENTER_RESCUE_MODE",
    "RESCUE_MODE",
    "EXIT_RESCUE_MODE",
)

#: provider -> instance states (InstanceState of DescribeInstances at Tencent Cloud, Status at Alibaba Cloud). Those of
#: CVM that only occur in its error codes (UnsupportedOperation.InstanceState<X>) are included.
STATES: dict[str, tuple[str, ...]] = {
    LIGHTHOUSE: (*_TENCENT, "DELETING", "FREEZING"),
    CVM: (
        *_TENCENT,
        "ENTER_SERVICE_LIVE_MIGRATE",
        "SERVICE_LIVE_MIGRATE",
        "EXIT_SERVICE_LIVE_MIGRATE",
        "FREEZING",
        "BANNING",
        "CORRUPTED",
        "ISOLATING",
        "TERMINATED",
    ),
    ECS: ("Pending", "Running", "Starting", "Stopping", "Stopped"),
}

#: the guest is up and answers
UP = frozenset({"RUNNING", "Running"})
