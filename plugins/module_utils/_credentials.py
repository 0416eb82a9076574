# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Credentials: found late, per vendor, in the order that the vendor's own tools use.

Never one vendor's secret for the other.

A chain is a sequence of sources; the first one that has anything decides. Further sources (profile files, instance
roles) are further entries of a chain.
"""

from __future__ import annotations

import dataclasses
import typing as t
import urllib.parse

from ._errors import InputError

Environ = t.Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Credentials:
    """An access key. Its text form shows no secret."""

    access_key_id: str
    access_key_secret: str = dataclasses.field(repr=False)
    security_token: str | None = dataclasses.field(default=None, repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return what must not appear anywhere; vendors quote a request's token percent-encoded in messages."""
        values = [value for value in (self.access_key_secret, self.security_token) if value]
        return tuple(dict.fromkeys([*values, *(urllib.parse.quote(value, safe="") for value in values)]))


@dataclasses.dataclass(frozen=True)
class EnvironmentNames:
    """One family of environment variables. An ID of one family is never combined with a secret of another."""

    access_key_id: str
    access_key_secret: str
    security_tokens: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Vendor:
    """What differs between vendors: the names of their variables."""

    title: str
    families: tuple[EnvironmentNames, ...]
    regions: tuple[str, ...]


# Names of the SDKs, of tccli (TENCENTCLOUD_TOKEN) and of the Terraform provider (TENCENTCLOUD_SECURITY_TOKEN).
TENCENT = Vendor(
    title="Tencent Cloud",
    families=(
        EnvironmentNames(
            "TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", ("TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN")
        ),
    ),
    regions=("TENCENTCLOUD_REGION",),
)

# Names of alibabacloud-credentials, then those of older Ansible and Terraform releases.
ALIBABA = Vendor(
    title="Alibaba Cloud",
    families=(
        EnvironmentNames(
            "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", ("ALIBABA_CLOUD_SECURITY_TOKEN",)
        ),
        EnvironmentNames("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", ("ALICLOUD_SECURITY_TOKEN",)),
    ),
    regions=("ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION"),
)


@dataclasses.dataclass(frozen=True)
class CredentialOptions:
    """The credentials among a task's options; an empty text counts as not given."""

    access_key_id: str | None = None
    access_key_secret: str | None = dataclasses.field(default=None, repr=False)
    security_token: str | None = dataclasses.field(default=None, repr=False)


def resolve_credentials(vendor: Vendor, options: CredentialOptions, environ: Environ) -> Credentials:
    """Return the first credentials found.

    Raises InputError naming what was looked at and what was missing, never a value.
    """
    for found in (_from_options(options), *(_from_environment(family, environ) for family in vendor.families)):
        if found is not None:
            return found
    variables = " or ".join(f"{family.access_key_id} and {family.access_key_secret}" for family in vendor.families)
    raise InputError(
        f"No credentials for {vendor.title}: neither options nor environment variables supply them.",
        f"Set access_key_id and access_key_secret, or the environment variables {variables} "
        "(an empty variable counts as unset).",
        code="CredentialsMissing",
    )


def resolve_region(vendor: Vendor, option: str | None, environ: Environ) -> str:
    """Return the region from the option or the vendor's variables.

    Raises InputError when there is none or it is malformed.
    """
    region = option or next((environ[name] for name in vendor.regions if environ.get(name)), None)
    if not region:
        raise InputError(
            f"No region for {vendor.title}.",
            f"Set the option region, or the environment variable {' or '.join(vendor.regions)}.",
            code="RegionMissing",
        )
    # The region becomes part of a host name on Alibaba Cloud, so nothing else may slip in with it.
    if not region.replace("-", "").isalnum() or not region.isascii() or region != region.lower():
        raise InputError(f"The region {region!r} is malformed.", "A region looks like ap-guangzhou or cn-hangzhou.")
    return region


def _from_options(options: CredentialOptions) -> Credentials | None:
    if not options.access_key_id and not options.access_key_secret:
        if options.security_token:
            raise InputError("security_token is set without access_key_id and access_key_secret.")
        return None
    if not options.access_key_id or not options.access_key_secret:
        present, absent = ("access_key_id", "access_key_secret")
        if not options.access_key_id:
            present, absent = absent, present
        raise InputError(
            f"{present} is set, but {absent} is not.",
            "Set both options, or neither to use the environment.",
            code="CredentialsMissing",
        )
    return Credentials(options.access_key_id, options.access_key_secret, options.security_token or None)


def _from_environment(family: EnvironmentNames, environ: Environ) -> Credentials | None:
    key_id, secret = environ.get(family.access_key_id), environ.get(family.access_key_secret)
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        present, absent = (
            (family.access_key_id, family.access_key_secret)
            if key_id
            else (family.access_key_secret, family.access_key_id)
        )
        raise InputError(
            f"The environment variable {present} is set, but {absent} is not (or is empty).",
            "Set both, or neither.",
            code="CredentialsMissing",
        )
    token = next((environ[name] for name in family.security_tokens if environ.get(name)), None)
    return Credentials(key_id, secret, token)
