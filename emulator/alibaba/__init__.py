# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba Cloud: the RPC APIs of ECS (2014-05-26) and STS (2015-04-01).

A request passes ``rpc_request`` (what is asked for), ``authentication`` (who
asks), ``dialect`` (may they, and is it known) and then one handler, which
``actions`` finds by name.
"""

from __future__ import annotations

from .dialect import AlibabaDialect

__all__ = ["AlibabaDialect"]
