# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Alibaba Cloud's error codes: what each means for the caller, and what a user can do.

Vendor pages: AttachKeyPair, DetachKeyPair, StartInstances, StopInstances, RebootInstances, "Common error codes". The
longest matching prefix decides.
"""

from __future__ import annotations

import typing as t

from .._errors import ApiError
from .._models import ErrorInfo
from ._meanings import Meaning, meaning_of

_AGAIN = "This passes by itself; run the task again."
_DENIED = "Allow the action for these credentials in RAM (see the notes on permissions in the module's documentation)."
_KEY = "The access key is unknown, disabled or mistyped; check access_key_id or the ALIBABA_CLOUD_* variables."
_TOKEN = "The security token is missing, wrong or has expired; get a new one."
_CLOCK = "This machine's clock is more than 15 minutes off; correct it (NTP)."
_WINDOWS = "SSH key pairs exist for Linux instances only; take this instance out of the list."
_MISSING = "Check the instance ID and the region, and that the instance is Running or Stopped."

MEANINGS: t.Mapping[str, Meaning] = {
    "Throttling": Meaning("throttled", "The account's request rate is used up; run fewer jobs at once."),
    "InternalError": Meaning("transient", _AGAIN),
    "UnknownError": Meaning("transient", _AGAIN),
    "ServiceUnavailable": Meaning("transient", _AGAIN),
    "OperationConflict": Meaning("busy", _AGAIN),
    "LastTokenProcessing": Meaning("busy", _AGAIN),
    "IncorrectInstanceStatus": Meaning(
        "busy", "Wait until the instance is Running or Stopped, then run the task again."
    ),
    "InstanceNotReady": Meaning("busy", _AGAIN),
    "InvalidInstanceIds.ValueNotSupported": Meaning("instance", _MISSING),
    "InvalidInstanceId": Meaning("instance", _MISSING),
    "InvalidInstanceId.NotSupport": Meaning(
        "instance", "The instance cannot be stopped without charging (a subscription, for example); keep_charging=true."
    ),
    "InstanceExpired": Meaning("instance", "The instance has expired or payment is due; renew it or pay first."),
    "InsufficientBalance": Meaning("instance", "The account lacks the money for this; top it up first."),
    "OperationDenied.NoStock": Meaning(
        "instance", "The zone has no capacity for this instance now, as it was stopped without charging; try later."
    ),
    "DependencyViolation.WindowsInstance": Meaning("instance", _WINDOWS),
    "DependencyViolation.IoOptimize": Meaning(
        "instance", "Only I/O optimized instances take key pairs; change the instance type."
    ),
    "InstanceLockedForSecurity": Meaning(
        "instance", "The instance is locked for security reasons; unlock it in the console first."
    ),
    "InvalidKeyPairName": Meaning(
        "request", "Check the key pair's name and the region: key pairs belong to one region."
    ),
    "InstanceKeyPairLimitExceeded": Meaning("request"),
    "KeyPair.AlreadyExist": Meaning(
        "request", "A key pair of that name was there first; run the task again, it compares the public keys."
    ),
    "QuotaExceed.KeyPair": Meaning("request", "The account's quota of key pairs in this region is used up."),
    "InvalidKeyPairNames": Meaning("request"),
    "InvalidPublicKeyBody": Meaning("request", "The vendor does not take this public key; check public_key."),
    "InvalidTag": Meaning("request"),
    "InvalidRegionId": Meaning("request", "Check the option region."),
    "MissingParameter": Meaning("request"),
    "InvalidParameter": Meaning("request"),
    "UnsupportedParameter": Meaning("request"),
    "InvalidAction": Meaning("request", "The endpoint does not know the action; check endpoint and provider."),
    "InvalidVersion": Meaning("request", "The endpoint does not know the API version; check endpoint and provider."),
    "SignatureDoesNotMatch": Meaning("request", "The secret does not belong to the key ID; check access_key_secret."),
    "IncompleteSignature": Meaning("request", _KEY),
    "SignatureNonceUsed": Meaning("request", _AGAIN),
    "InvalidAccessKeyId": Meaning("request", _KEY),
    "Forbidden.AccessKeyDisabled": Meaning("request", _KEY),
    "InvalidTimeStamp": Meaning("request", _CLOCK),
    "IllegalTimestamp": Meaning("request", _CLOCK),
    "InvalidSecurityToken": Meaning("request", _TOKEN),
    "MissingSecurityToken": Meaning("request", _TOKEN),
    "Forbidden": Meaning("denied", _DENIED),
    "NoPermission": Meaning("denied", _DENIED),
    "EntityNotExist": Meaning("request", "Check role_arn and the OIDC provider's ARN, and their account."),
    "AuthenticationFail": Meaning("request", "The OIDC token is wrong or has expired, or is not meant for this role."),
}


def error_info(code: str, message: str, request_id: str | None = None) -> ErrorInfo:
    """Return the vendor's error as a user sees it."""
    return meaning_of(MEANINGS, code).error_info(code, message, request_id)


def api_error(action: str, code: str, message: str, request_id: str | None) -> ApiError:
    """Return the exception for an error answer."""
    return ApiError(action, meaning_of(MEANINGS, code).kind, error_info(code, message, request_id))
