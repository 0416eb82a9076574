# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The guard against the wrong account: the task stops before anything is done with other people's credentials."""

from __future__ import annotations

from .._errors import InputError
from .model import CredentialsProvider
from .sts import Sts


def check_account(expected: str, credentials: CredentialsProvider, sts: Sts) -> None:
    """Ask STS whose credentials these are; one call.

    Raises InputError when they belong to another account, CredentialsError when STS does not tell.
    """
    actual = sts.account_id(credentials)
    if actual != expected:
        raise InputError(
            f"The credentials belong to the account {actual}, not to {expected} (expected_account_id). "
            "Nothing was changed.",
            "Check where the credentials come from (options, environment, profile, role) or correct "
            "expected_account_id.",
            code="WrongAccount",
        )
