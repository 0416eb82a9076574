# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""From the connection options to a ready provider: region, endpoint, credentials, client."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ._capabilities import Capabilities
from ._client import Client
from ._clock import Clock, Deadline
from ._credentials import CredentialOptions, resolve_credentials, resolve_region
from ._endpoint import resolve_endpoint
from ._errors import InputError
from ._pacing import Pacer
from ._providers._protocol import Provider
from ._providers._registry import PROVIDERS
from ._transport import RequestsTransport


@dataclasses.dataclass(frozen=True)
class ConnectionOptions:
    """The options that all plugins share. An empty text counts as not given, as AWX surveys send it."""

    provider: str
    region: str | None = None
    credentials: CredentialOptions = dataclasses.field(default_factory=CredentialOptions)
    endpoint: str | None = None
    validate_certs: bool = True
    ca_path: str | None = None
    api_timeout: int = 30
    api_retries: int = 5

    @classmethod
    def from_options(cls, get: t.Callable[[str], t.Any]) -> ConnectionOptions:
        """Return the options of a plugin, whichever way it reads them."""
        return cls(
            provider=get("provider"),
            region=get("region"),
            credentials=CredentialOptions(get("access_key_id"), get("access_key_secret"), get("security_token")),
            endpoint=get("endpoint"),
            validate_certs=get("validate_certs"),
            ca_path=get("ca_path"),
            api_timeout=get("api_timeout"),
            api_retries=get("api_retries"),
        )

    @property
    def capabilities(self) -> Capabilities:
        """Return what the chosen provider can do; needs neither credentials nor network."""
        return PROVIDERS[self.provider].capabilities


@dataclasses.dataclass(frozen=True)
class Connection:
    """An open connection to one provider in one region. ``secrets`` must not appear in any output."""

    provider: Provider
    capabilities: Capabilities
    client: Client
    transport: RequestsTransport
    secrets: tuple[str, ...] = dataclasses.field(repr=False)

    def close(self) -> None:
        """Close the pooled connections."""
        self.transport.close()


def connect(options: ConnectionOptions, environ: t.Mapping[str, str], clock: Clock, deadline: Deadline) -> Connection:
    """Return a connection; nothing is sent yet. No retry waits beyond the deadline.

    Raises InputError for a missing or malformed region, endpoint, CA file or number, and for missing credentials.
    """
    _validate_numbers(options)
    registration = PROVIDERS[options.provider]
    region = resolve_region(registration.vendor, options.region, environ)
    endpoint = resolve_endpoint(options.endpoint, options.provider, environ, registration.public_host(region))
    credentials = resolve_credentials(registration.vendor, options.credentials, environ)
    capabilities = registration.capabilities
    transport = RequestsTransport(verify=_verify(options), timeout=float(options.api_timeout))
    client = Client(
        registration.dialect(region, endpoint, credentials),
        transport,
        Pacer(capabilities.rates, capabilities.default_rate, clock),
        clock,
        deadline,
        retries=options.api_retries,
        throttle_pause=capabilities.throttle_pause,
    )
    return Connection(registration.provider(client), capabilities, client, transport, credentials.secrets)


def _validate_numbers(options: ConnectionOptions) -> None:
    if options.api_timeout < 1:
        raise InputError(f"api_timeout must be at least 1 second, not {options.api_timeout}.")
    if options.api_retries < 0:
        raise InputError(f"api_retries must not be negative, but is {options.api_retries}.")


def _verify(options: ConnectionOptions) -> bool | str:
    if not options.validate_certs:
        return False
    if not options.ca_path:
        return True
    if not os.path.exists(options.ca_path):
        raise InputError(f"ca_path does not exist: {options.ca_path}.", "Give the path of a file with CA certificates.")
    return options.ca_path
