# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The integer codes of API 2.0 (vendor page "Common error codes" of API 2.0) for what API 3.0 says in words."""

from __future__ import annotations

from ...errors import ApiError

#: beginning of a code of API 3.0 -> integer, first match counts
_PREFIXES = (
    ("AuthFailure.SignatureExpire", 4500),
    ("AuthFailure.UnauthorizedOperation", 4300),
    ("AuthFailure", 4100),
    ("UnauthorizedOperation", 4300),
    ("RequestLimitExceeded", 4400),
    ("InvalidKeyPair.LimitExceeded", 4400),
    ("LimitExceeded", 4400),
    ("InvalidInstance.NotSupported", 5100),
    ("NoSuchVersion", 6100),
    ("Internal", 6000),
    ("ServiceUnavailable", 6200),
    ("OperationDenied", 5100),
    ("MutexOperation", 5100),
    ("UnsupportedOperation", 5100),
    ("FailedOperation", 5100),
)
_NOT_FOUND = ".NotFound"


def integer_code(error: ApiError) -> int:
    """Return the integer for an error; 4000 (bad parameter) for whatever has no other."""
    if error.code.endswith(_NOT_FOUND):
        return 5000
    return next((number for prefix, number in _PREFIXES if error.code.startswith(prefix)), 4000)
