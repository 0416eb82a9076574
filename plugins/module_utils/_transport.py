# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""HTTP: one pooled, kept-alive session per task. Knows nothing of clouds, retries or signatures."""

from __future__ import annotations

import dataclasses
import traceback
import typing as t
import warnings

from ._errors import AnswerLostError, InputError, NotSentError
from ._models import ErrorInfo
from ._parallel import WORKERS

try:
    import requests
    import requests.adapters
    import requests.exceptions

    REQUESTS_IMPORT_ERROR: str | None = None
except ImportError:
    REQUESTS_IMPORT_ERROR = traceback.format_exc()

CONNECT_TIMEOUT = 10.0


@dataclasses.dataclass(frozen=True)
class HttpRequest:
    """A signed request, ready to send. Its text form hides headers and query, which carry credentials."""

    method: str
    url: str
    headers: t.Mapping[str, str] = dataclasses.field(repr=False)
    body: bytes = dataclasses.field(default=b"", repr=False)


@dataclasses.dataclass(frozen=True)
class HttpResponse:
    """An answer: status, headers with lower-case names, body."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes


class Transport(t.Protocol):
    """Sends one request."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """Return the answer.

        Raises NotSentError when no connection came about and AnswerLostError when the request left without an answer.
        """


class RequestsTransport:
    """The real transport.

    ``verify``: True, False, or the path of a CA bundle; ``timeout``: seconds without an answer; ``direct``: never by
    way of a proxy.
    """

    def __init__(self, *, verify: bool | str, timeout: float, direct: bool = False) -> None:
        self._verify = verify
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = not direct
        # With a callable here requests does not look into ~/.netrc, whose entries would replace our Authorization
        # header.
        self._session.auth = lambda prepared: prepared
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=WORKERS, max_retries=0)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        if verify is False:
            warnings.filterwarnings("ignore", message="Unverified HTTPS request")

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send without following redirects; see Transport."""
        host = request.url.split("?", 1)[0]
        try:
            answer = self._session.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                data=request.body,
                timeout=(min(CONNECT_TIMEOUT, self._timeout), self._timeout),
                verify=self._verify,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise _tls_error(host, error) from None
        except requests.exceptions.RequestException as error:
            raise _network_error(host, error) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return HttpResponse(answer.status_code, headers, answer.content)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()


def _tls_error(host: str, error: Exception) -> InputError:
    return InputError(
        f"The TLS connection to {host} failed: {_innermost(error)}.",
        "Give the gateway's CA certificate with ca_path or REQUESTS_CA_BUNDLE; validate_certs=false is for tests only.",
        code="TlsError",
    )


def _network_error(host: str, error: Exception) -> NotSentError | AnswerLostError:
    if _never_sent(error):
        return NotSentError(
            ErrorInfo(
                code="ConnectionFailed",
                message=f"No connection to {host}: {_innermost(error)}.",
                hint="Check endpoint, region, name resolution, proxy variables and firewall.",
                retryable=True,
            )
        )
    return AnswerLostError(
        ErrorInfo(
            code="AnswerLost",
            message=f"The connection to {host} broke before an answer came: {_innermost(error)}.",
            hint="The request may have been processed; run the task again, it reads the bindings first.",
            retryable=True,
        )
    )


def _never_sent(error: Exception) -> bool:
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    # requests wraps urllib3's MaxRetryError; its reason tells a failed connect from a connection that broke later.
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return type(cause).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


def _innermost(error: BaseException) -> str:
    """Return the reason in a few words, without the URL, whose query may carry a signature."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    text = str(reason if reason is not None else type(error).__name__)
    return text.rsplit(": ", 1)[-1].rstrip(".")
