# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the connection options to a ready provider: region, endpoint, credentials, client."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ._capabilities import Capabilities, Rate
from ._client import CallCounter, Client, Dialect
from ._clock import Clock, Deadline
from ._credentials.account_guard import check_account
from ._credentials.chain import check_options, resolve_credentials
from ._credentials.metadata import MetadataService
from ._credentials.region import resolve_region
from ._credentials.search import CredentialOptions, Search
from ._credentials.vendor import MetadataPlace
from ._endpoint import checked_endpoint, resolve_endpoint
from ._errors import InputError
from ._pacing import Pacer
from ._providers._protocol import Provider
from ._providers._registry import PROVIDERS
from ._transport import RequestsTransport

RATE_SHARE_VARIABLE = "KEYFLEET_API_RATE_SHARE"
METADATA_DISABLED_VARIABLE = "KEYFLEET_METADATA_DISABLED"
# GetCallerIdentity of Tencent Cloud has the lowest rate of the actions used: 20 a second.
STS_RATE = Rate(20)

KeepSecret = t.Callable[[t.Iterable[str]], None]


@dataclasses.dataclass(frozen=True)
class ConnectionOptions:
    """The options that all plugins share. An empty text counts as not given, as AWX surveys send it."""

    provider: str
    region: str | None = None
    credentials: CredentialOptions = dataclasses.field(default_factory=CredentialOptions)
    expected_account_id: str | None = None
    endpoint: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    api_timeout: int = 30
    api_retries: int = 5
    api_rate_share: int | None = None

    @classmethod
    def from_options(cls, get: t.Callable[[str], t.Any]) -> ConnectionOptions:
        """Return the options of a plugin, whichever way it reads them."""
        return cls(
            provider=get("provider"),
            region=get("region"),
            credentials=CredentialOptions(
                **{field.name: get(field.name) for field in dataclasses.fields(CredentialOptions)}
            ),
            expected_account_id=get("expected_account_id"),
            endpoint=get("endpoint"),
            validate_certs=get("validate_certs"),
            ca_path=get("ca_path"),
            api_timeout=get("api_timeout"),
            api_retries=get("api_retries"),
            api_rate_share=get("api_rate_share"),
        )

    @property
    def capabilities(self) -> Capabilities:
        """Return what the chosen provider can do; needs neither credentials nor network."""
        return PROVIDERS[self.provider].capabilities


@dataclasses.dataclass(frozen=True)
class Connection:
    """An open connection to one provider in one region."""

    region: str
    provider: Provider
    capabilities: Capabilities
    client: Client
    transport: RequestsTransport

    def close(self) -> None:
        """Close the pooled connections."""
        self.transport.close()


def connect(
    options: ConnectionOptions,
    environ: t.Mapping[str, str],
    clock: Clock,
    deadline: Deadline,
    *,
    keep_secret: KeepSecret = lambda _secrets: None,
    counter: CallCounter | None = None,
) -> Connection:
    """Return a connection. No retry waits beyond the deadline.

    Options are checked before anything is sent. Then the metadata service is asked if nothing else gave a region or
    credentials, STS for a role if one is to be assumed, and STS for the account if one is expected. ``keep_secret`` is
    told every secret as soon as it is found, also those that are renewed later, from other threads; ``counter`` counts
    the calls of STS as well.

    Raises InputError for a missing or malformed region, endpoint, CA file, role or number, for missing or incomplete
    credentials and for the wrong account; CredentialsError when STS or a metadata service does not help.
    """
    _validate_numbers(options)
    share = _rate_share(options.api_rate_share, environ)
    check_options(PROVIDERS[options.provider].vendor, options.credentials, options.expected_account_id)
    transport = RequestsTransport(verify=_verify(options), timeout=float(options.api_timeout))
    try:
        builder = _Builder(options, environ, clock, deadline, transport, counter or CallCounter(), share)
        return builder.connection(keep_secret)
    except BaseException:
        transport.close()
        raise


class _Builder:
    """Puts a connection together."""

    def __init__(
        self,
        options: ConnectionOptions,
        environ: t.Mapping[str, str],
        clock: Clock,
        deadline: Deadline,
        transport: RequestsTransport,
        counter: CallCounter,
        share: float,
    ) -> None:
        self._options = options
        self._environ = environ
        self._clock = clock
        self._deadline = deadline
        self._transport = transport
        self._counter = counter
        self._share = share
        self._registration = PROVIDERS[options.provider]

    def connection(self, keep_secret: KeepSecret) -> Connection:
        """Return the connection; see connect."""
        registration, vendor = self._registration, self._registration.vendor
        sts = vendor.sts(self._endpoint(vendor.sts_host(self._environ)), self._sts_client)
        metadata = _metadata(vendor.metadata, self._environ)
        search = Search(self._options.credentials, self._environ, self._clock, sts, metadata, keep_secret)
        region = resolve_region(vendor, self._options.region, search)
        endpoint = self._endpoint(registration.public_host(region))
        credentials = resolve_credentials(vendor, search)
        # A role that cannot be assumed is found out here, once, and not by the first requests, side by side.
        credentials()
        if self._options.expected_account_id:
            check_account(self._options.expected_account_id, credentials, sts)
        capabilities = registration.capabilities
        client = self._client(
            registration.dialect(region, endpoint, credentials),
            Pacer(capabilities.rates, capabilities.default_rate, self._clock, share=self._share),
        )
        return Connection(region, registration.provider(client), capabilities, client, self._transport)

    def _endpoint(self, public_host: str) -> str:
        """Return where to send requests: an endpoint that is given stands for STS as well."""
        return resolve_endpoint(self._options.endpoint, self._options.provider, self._environ, public_host)

    def _sts_client(self, dialect: Dialect) -> Client:
        return self._client(dialect, Pacer({}, STS_RATE, self._clock, share=self._share))

    def _client(self, dialect: Dialect, pacer: Pacer) -> Client:
        return Client(
            dialect,
            self._transport,
            pacer,
            self._clock,
            self._deadline,
            retries=self._options.api_retries,
            throttle_pause=self._registration.capabilities.throttle_pause,
            counter=self._counter,
        )


def _metadata(place: MetadataPlace, environ: t.Mapping[str, str]) -> MetadataService:
    forbidding = (METADATA_DISABLED_VARIABLE, *place.disabled)
    disabled = next((f"{name} is true" for name in forbidding if environ.get(name, "").lower() == "true"), None)
    base = place.base
    if environ.get(place.variable):
        base = checked_endpoint(environ[place.variable], f"The environment variable {place.variable}")
    return MetadataService(base, disabled)


def _validate_numbers(options: ConnectionOptions) -> None:
    if options.api_timeout < 1:
        raise InputError(f"api_timeout must be at least 1 second, not {options.api_timeout}.")
    if options.api_retries < 0:
        raise InputError(f"api_retries must not be negative, but is {options.api_retries}.")


def _rate_share(option: int | None, environ: t.Mapping[str, str]) -> float:
    """Return the part of the documented rates that this task may use."""
    name, value = "api_rate_share", str(option) if option is not None else ""
    if not value:
        name, value = f"The environment variable {RATE_SHARE_VARIABLE}", environ.get(RATE_SHARE_VARIABLE, "").strip()
    if not value:
        return 1.0
    if not value.isdecimal() or not 1 <= int(value) <= 100:
        raise InputError(
            f"{name} must be a whole number from 1 to 100, but is {value}.",
            "It is the percentage of the documented rates that this job may use; see the option api_rate_share.",
        )
    return int(value) / 100


def _verify(options: ConnectionOptions) -> bool | str:
    if not options.validate_certs:
        return False
    if not options.ca_path:
        return True
    if not os.path.exists(options.ca_path):
        raise InputError(f"ca_path does not exist: {options.ca_path}.", "Give the path of a file with CA certificates.")
    return options.ca_path
