# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Tencent Cloud's error codes: what each means for the caller, and what a user can do.

Vendor pages: "Common error codes" and the error tables of AssociateInstancesKeyPairs, DisassociateInstancesKeyPairs,
DescribeInstances and DescribeKeyPairs.

The longest matching prefix decides.
"""

from __future__ import annotations

import typing as t

from .._errors import ApiError
from .._models import ErrorInfo
from ._meanings import Meaning, meaning_of

_AGAIN = "This passes by itself; run the task again."
_STATE = "Wait until the instance is RUNNING or STOPPED, then run the task again."
_WINDOWS = "SSH key pairs exist for Linux instances only; take this instance out of the list."
_MISSING = "Check the instance ID and the region; the instance may have been released."
_KEY_MISSING = "Check the key pair and the region: key pairs belong to one region."
_DENIED = "Allow the action for these credentials in CAM (see the notes on permissions in the module's documentation)."
_MFA = "This account wants MFA for the action; use credentials of a role or sub-account without that condition."
_KEY = "The access key is unknown, disabled or mistyped; check access_key_id or the TENCENTCLOUD_* variables."
_RUNNING = "Stop the instance first, or set force_stop=true to let the API power it off."

_NAME_TAKEN = "A key pair of that name was there first; run the task again, it compares the public keys."
_KEY_TAKEN = "Another key pair of the region has this public key; use that one, or delete it first."
_KEY_MALFORMED = "The vendor takes RSA keys in OpenSSH format only; check public_key."
_QUOTA = "A quota of the account is used up; see the vendor's message."

MEANINGS: t.Mapping[str, Meaning] = {
    # passing faults
    "RequestLimitExceeded": Meaning("throttled", "The account's request rate is used up; run fewer jobs at once."),
    "InternalError": Meaning("transient", _AGAIN),
    "InternalServerError": Meaning("transient", _AGAIN),
    "ServiceUnavailable": Meaning("transient", _AGAIN),
    "FailedOperation.DescribeInstanceStatus": Meaning("transient", _AGAIN),
    # the instance is in the middle of something
    "OperationDenied.InstanceOperationInProgress": Meaning("busy", _STATE),
    "OperationDenied.InstanceCreating": Meaning("busy", _STATE),
    "UnsupportedOperation.LatestOperationUnfinished": Meaning("busy", _STATE),
    "MutexOperation": Meaning("busy", _STATE),
    "ResourceInUse": Meaning("busy", _STATE),
    # somebody else was quicker
    "UnsupportedOperation.KeyPairBindDuplicate": Meaning("done"),
    "UnsupportedOperation.KeyPairNotBoundToInstance": Meaning("done"),
    # one of the instances
    "InvalidParameterValue": Meaning("instance"),
    "UnsupportedOperation": Meaning(
        "instance", "See the vendor's message; the instance does not take this operation now."
    ),
    "UnsupportedOperation.InvalidInstanceState": Meaning("instance", _STATE),
    "UnsupportedOperation.InstanceState": Meaning("instance", _STATE),
    "UnsupportedOperation.InstanceStateRunning": Meaning("instance", _RUNNING),
    "UnsupportedOperation.StoppedModeStopCharging": Meaning(
        "instance", "The instance was stopped without charging; start it, or stop it again keeping charge, then bind."
    ),
    "UnsupportedOperation.InstanceOsWindows": Meaning("instance", _WINDOWS),
    "UnsupportedOperation.WindowsNotSupportKeyPair": Meaning("instance", _WINDOWS),
    "UnsupportedOperation.WindowsNotAllowToAssociateKeyPair": Meaning("instance", _WINDOWS),
    "UnsupportedOperation.KeyPairUnbindUsernameMismatch": Meaning(
        "instance",
        "The key pair is bound for another user name; give that one with association_type=online and username.",
    ),
    "InvalidInstance.NotSupported": Meaning(
        "instance", "The instance does not support this operation in its state; stop it first."
    ),
    "InvalidInstanceId": Meaning("instance", _MISSING),
    "InvalidParameterValue.InstanceIdMalformed": Meaning("instance", _MISSING),
    "ResourceNotFound.InstanceIdNotFound": Meaning("instance", _MISSING),
    "ResourceNotFound.InstanceNotFound": Meaning("instance", _MISSING),
    "FailedOperation": Meaning(
        "instance", "The vendor could not finish the operation; look at the instance in the console."
    ),
    "OperationDenied": Meaning("instance", "The vendor refuses the operation for this instance; see its message."),
    # credentials and permissions
    "AuthFailure": Meaning("request", _KEY),
    "AuthFailure.SignatureExpire": Meaning(
        "request", "This machine's clock is more than five minutes off; correct it (NTP)."
    ),
    "AuthFailure.SignatureFailure": Meaning(
        "request", "The secret does not belong to the key ID; check access_key_secret."
    ),
    "AuthFailure.TokenFailure": Meaning("request", "The security token is wrong or has expired; get a new one."),
    "AuthFailure.MFAFailure": Meaning("request", _MFA),
    "AuthFailure.UnauthorizedOperation": Meaning("denied", _DENIED),
    "UnauthorizedOperation": Meaning("denied", _DENIED),
    "UnauthorizedOperation.MFA": Meaning("request", _MFA),
    # the request as a whole
    "MissingParameter": Meaning("request"),
    "InvalidParameter": Meaning("request"),
    "InvalidParameter.OverLimit": Meaning("throttled", "STS is asked too often; run fewer jobs at once."),
    "InvalidParameter.WebIdentityTokenError": Meaning(
        "request", "The OIDC token is wrong or has expired, or its provider is not known to CAM."
    ),
    "ResourceNotFound.RoleNotFound": Meaning("request", "Check role_arn and the role's account."),
    "InvalidParameterValue.Duplicated": Meaning("request"),
    "InvalidParameterValue.DuplicateParameterValue": Meaning("request", _NAME_TAKEN),
    "InvalidParameterValue.KeyPairPublicKeyDuplicated": Meaning("request", _KEY_TAKEN),
    "InvalidParameterValue.KeyPairPublicKeyMalformed": Meaning("request", _KEY_MALFORMED),
    "InvalidKeyPair.LimitExceeded": Meaning("request", _QUOTA),
    "InvalidKeyPairName": Meaning("request"),
    "InvalidKeyPairName.Duplicate": Meaning("request", _NAME_TAKEN),
    "InvalidPublicKey.Duplicate": Meaning("request", _KEY_TAKEN),
    "InvalidPublicKey.Malformed": Meaning("request", _KEY_MALFORMED),
    "FailedOperation.TagKeyReserved": Meaning("request", "Choose another tag key; this one is the vendor's own."),
    "UnsupportedOperation.KeyPairBindToBlueprints": Meaning(
        "request", "A custom image refers to the key pair; delete the image first."
    ),
    "InvalidParameterValue.LimitExceeded": Meaning("request"),
    "InvalidParameterValue.OutOfRange": Meaning("request"),
    "LimitExceeded": Meaning("request", _QUOTA),
    "ResourceNotFound.KeyIdNotFound": Meaning("request", _KEY_MISSING),
    "InvalidKeyPairId": Meaning("request", _KEY_MISSING),
    "InvalidParameterValue.KeyPair": Meaning("request", _KEY_MISSING),
    "InvalidParameterValue.KeyPairNotSupported": Meaning(
        "instance", "The key pair does not take this operation; look in the console whether an image refers to it."
    ),
    "UnknownParameter": Meaning(
        "request",
        "This endpoint does not know one of the options used (association_type is missing on the international site).",
    ),
    "UnsupportedRegion": Meaning("request", "Check the option region; not every product exists in every region."),
    "InvalidAction": Meaning("request", "The endpoint does not know the action; check endpoint and provider."),
    "NoSuch": Meaning("request", "The endpoint does not know the API version; check endpoint and provider."),
    "UnsupportedProtocol": Meaning("request", "The API wants HTTPS; check the option endpoint."),
}

# The gateway's integers (vendor page: "Common error codes" of API 2.0) in the words of API 3.0.
_LEGACY: t.Mapping[int, str] = {
    4000: "InvalidParameter",
    4100: "AuthFailure.SignatureFailure",
    4200: "AuthFailure.SignatureExpire",
    4300: "UnauthorizedOperation",
    4400: "RequestLimitExceeded",
    4500: "AuthFailure.SignatureExpire",
    4600: "UnsupportedProtocol",
    5000: "ResourceNotFound",
    5100: "FailedOperation",
    6000: "InternalError",
    6200: "ServiceUnavailable",
}


def legacy_code(number: t.Any) -> str:
    """Return a legacy integer code in the words of API 3.0, the number itself kept visible where it has none."""
    try:
        return _LEGACY.get(int(number), f"Legacy.{number}")
    except (TypeError, ValueError):
        return f"Legacy.{number}"


def error_info(code: str, message: str, request_id: str | None = None) -> ErrorInfo:
    """Return the vendor's error as a user sees it."""
    return meaning_of(MEANINGS, code).error_info(code, message, request_id)


def api_error(action: str, code: str, message: str, request_id: str | None) -> ApiError:
    """Return the exception for an error answer."""
    return ApiError(action, meaning_of(MEANINGS, code).kind, error_info(code, message, request_id))
