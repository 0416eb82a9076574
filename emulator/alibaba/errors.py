# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Alibaba's error codes with their HTTP statuses and texts."""

from __future__ import annotations

from ..errors import ApiError

# code: (HTTP status, text). Sources: the ECS "Service error codes" table and the error tables of the action pages.
CATALOGUE: dict[str, tuple[int, str]] = {
    # signature, clock, keys and tokens
    "IncompleteSignature": (400, "The request signature does not conform to Aliyun standards."),
    "SignatureDoesNotMatch": (400, "Specified signature is not matched with our calculation."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "IllegalTimestamp": (400, "The input parameter Timestamp that is mandatory is not supplied."),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": (400, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (400, "Specified SecurityToken mismatch with the AccessKey."),
    "MissingSecurityToken": (400, "SecurityToken is required for this action."),
    "Forbidden.Unauthorized": (403, "A required authorization for the specified action is not supplied."),
    "Forbidden.SubUser": (403, "The specified action is not available for you."),
    "Forbidden.RAM": (403, "User not authorized to operate on the specified resource."),
    "NoPermission": (403, "You are not authorized to do this action. You should be authorized by RAM."),
    # the request
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "InvalidAction.NotFound": (404, "Specified api is not found, please check your url and method."),
    "InvalidVersion": (404, "Specified parameter Version is not valid."),
    "UnsupportedHTTPMethod": (403, "This http method is not supported."),
    "MissingParameter": (400, "A mandatory parameter is not supplied."),
    "InvalidParameter": (400, "A specified parameter is not valid."),
    "InvalidRegionId.NotFound": (404, "The specified RegionId does not exist."),
    "UnsupportedParameter": (400, "A specified parameter is not supported."),
    "InvalidFilterKey.NotFound": (404, "The specified filter key is not found."),
    "Throttling": (400, "Request was denied due to request throttling."),
    "Throttling.Api": (400, "Request was denied due to api flow control."),
    "InternalError": (500, "The request processing has failed due to some unknown error."),
    "UnknownError": (400, "The request processing has failed due to some unknown error."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    "LastTokenProcessing": (403, "The last token request is processing."),
    # key pairs and bindings
    "InvalidKeyPairName.NotFound": (400, "The specified KeyPairName does not exist in our records."),
    "InvalidKeyPairName.Malformed": (400, "Specified Key Pair name is not valid."),
    "InvalidKeyPairNames.ValueNotSupported": (400, "The specified parameter KeyPairNames is not valid."),
    "InvalidPublicKeyBody.Malformed": (400, "The specified parameter PublicKeyBody is not valid."),
    "KeyPair.AlreadyExist": (400, "The key pair already exist."),
    "QuotaExceed.KeyPair": (403, "The key pair quota exceeds."),
    "InvalidParameter.KeypairAlreadyAttachedInstance": (
        400,
        "The specified parameter KeypairNames contain at least one key pair that has been attached to an instance.",
    ),
    "InstanceKeyPairLimitExceeded": (403, "The specified instances are beyond the permitted range."),
    "InvalidInstanceIds.ValueNotSupported": (400, "The specified parameter InstanceIds is not valid."),
    "DependencyViolation.WindowsInstance": (
        403,
        "The instance creating is windows, cannot use ssh key pair to login.",
    ),
    "DependencyViolation.IoOptimize": (400, "The specified instance is not I/O optimized."),
    "InvalidResourceGroup.NotFound": (404, "The ResourceGroup provided does not exist in our records."),
    # instances
    "InvalidInstanceId.NotFound": (404, "The specified InstanceId does not exist."),
    "IncorrectInstanceStatus": (403, "The current status of the resource does not support this operation."),
    "InstanceLockedForSecurity": (403, "The instance is locked due to security."),
    "InstanceExpired": (403, "The postPaid instance has been expired."),
    "InstanceExpiredOrInArrears": (403, "The specified instance has expired or has overdue payments."),
    "InstanceNotReady": (403, "The specified instance is not ready for use."),
    "InsufficientBalance": (403, "Your account does not have enough balance."),
    "DiskError": (403, "A disk of the specified instance is in an incorrect state."),
    "OperationDenied.NoStock": (403, "The requested resource is sold out in the specified zone."),
    "OperationConflict": (409, "Request was denied due to conflict with a previous request, please try again later."),
    "InvalidInstanceId.NotSupport": (403, "The specified instance does not support the StopCharging mode."),
    "InvalidStatus.NotFound": (404, "The specified Status does not exist."),
    "InvalidInstanceChargeType.NotFound": (404, "The specified InstanceChargeType does not exist."),
    "InvalidLockReason.NotFound": (404, "The specified LockReason is not found."),
    "InvalidNetworkType.NotFound": (404, "The specified InstanceNetworkType does not exist."),
    "InvalidTag.Mismatch": (400, "The specified Tag.n.Key and Tag.n.Value are not match."),
    "InvalidTagCount": (400, "The specified tags are beyond the permitted range."),
    "InvalidResourceType.NotFound": (404, "The ResourceType provided does not exist in our records."),
    "InvalidTagKey.Malformed": (400, "The specified Tag.n.Key is not valid."),
    "InvalidResourceId.NotFound": (404, "The specified ResourceIds are not found in our records."),
    "InvalidAcceptLanguage.NotFound": (404, "The specified AcceptLanguage does not exist."),
    "InvalidPassword.Malformed": (400, "The specified parameter Password is not valid."),
    # not failures: what an allowed dry run answers
    "DryRunOperation": (400, "Request validation has been passed with DryRun flag set."),
    "DRYRUN.SUCCESS": (400, "This request is a dryrun request. Request validation has been passed."),
    # STS
    "EntityNotExist.Role": (404, "The role does not exist."),
    "EntityNotExist.OIDCProvider": (404, "The OIDC provider does not exist."),
    "InvalidParameter.OIDCProviderArn": (400, "The parameter OIDCProviderArn is wrongly formed."),
    "AuthenticationFail.NoPermission": (403, "The role does not trust this OIDC provider."),
    "AuthenticationFail.OIDCToken.Invalid": (403, "The OIDC token is invalid."),
    "InvalidParameter.RoleArn": (400, "The parameter RoleArn is wrongly formed."),
    "InvalidParameter.RoleSessionName": (400, "The parameter RoleSessionName is wrongly formed."),
    "InvalidParameter.DurationSeconds": (400, "The Min/Max value of DurationSeconds is 15min/MaxSessionDuration."),
    "InvalidParameter.PolicyGrammar": (400, "The parameter Policy has not passed grammar check."),
}


def refusal(code: str, message: str | None = None, *, status: int | None = None) -> ApiError:
    """The error with the catalogue's text and HTTP status, or with others; an uncatalogued code gets 400."""
    catalogued_status, catalogued_message = CATALOGUE.get(code, (400, "The request was refused."))
    return ApiError(code, message or catalogued_message, status or catalogued_status)


def missing_parameter(name: str) -> ApiError:
    """400 ``MissingParameter`` that names the parameter."""
    text = f'The input parameter "{name}" that is mandatory for processing this request is not supplied.'
    return refusal("MissingParameter", text)


def invalid_parameter(name: str, why: str = "") -> ApiError:
    """400 ``InvalidParameter`` that names the parameter."""
    return refusal("InvalidParameter", f'The specified parameter "{name}" is not valid. {why}'.rstrip())


def forbidden(action: str) -> ApiError:
    """403 ``Forbidden.RAM`` with the object that newer answers carry beside the text."""
    error = refusal("Forbidden.RAM")
    detail = {"AuthAction": f"ecs:{action}", "AuthPrincipalType": "SubUser", "NoPermissionType": "ImplicitDeny"}
    return ApiError(error.code, error.message, error.status, {"AccessDeniedDetail": detail})


def recommendation(code: str) -> str:
    """The page on which the vendor explains a code."""
    return f"https://api.aliyun.com/troubleshoot?q={code}&product=Ecs"
