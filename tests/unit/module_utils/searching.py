# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A search for credentials without a network: files in a directory of the test's own, services that answer by table."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.metadata import MetadataService
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.model import (
    Credentials,
    CredentialsProvider,
    Role,
    WebIdentity,
)
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.search import CredentialOptions, Search
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import NotSentError
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpRequest, HttpResponse
from ansible_collections.keyfleet.cloud.tests.unit.module_utils.fakes import FakeClock

METADATA = "http://metadata.example"
LIFETIME = 3600

Options = dict[str, str]

TENCENT_ENV = {"TENCENTCLOUD_SECRET_ID": "id", "TENCENTCLOUD_SECRET_KEY": "key"}
ALIBABA_ENV = {"ALIBABA_CLOUD_ACCESS_KEY_ID": "id", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "key"}
TCCLI = {"secretId": "file-id", "secretKey": "file-key"}
CONFIG = {
    "current": "work",
    "profiles": [
        {"name": "work", "mode": "AK", "access_key_id": "file-id", "access_key_secret": "file-key"},
        {"name": "home", "mode": "AK", "access_key_id": "home-id", "access_key_secret": "k", "region_id": "cn-home"},
    ],
}


@dataclasses.dataclass
class FakeSts:
    """Gives credentials that name the role and whoever assumed it, and remembers what it was asked."""

    clock: FakeClock
    roles: list[Role] = dataclasses.field(default_factory=list)
    tokens: list[str] = dataclasses.field(default_factory=list)
    account: str = "100000000001"
    asked_for_account: int = 0

    def assume_role(self, base: CredentialsProvider, role: Role) -> Credentials:
        self.roles.append(role)
        return self._session(f"{base().access_key_id}>{role.arn}")

    def assume_role_for(self, identity: WebIdentity, token: str) -> Credentials:
        self.roles.append(identity.role)
        self.tokens.append(token)
        return self._session(f"{identity.provider}>{identity.role.arn}")

    def account_id(self, credentials: CredentialsProvider) -> str:
        credentials()
        self.asked_for_account += 1
        return self.account

    def _session(self, name: str) -> Credentials:
        count = len(self.roles)
        return Credentials(name, f"secret-{count}", f"token-{count}", self.clock.timestamp() + LIFETIME)


class FakeMetadata:
    """Answers from a table of paths; a missing path is status 404, no table at all is silence."""

    def __init__(self, answers: t.Mapping[str, str | dict[str, t.Any]] | None = None) -> None:
        self.answers = answers
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        if self.answers is None:
            raise NotSentError(ErrorInfo("ConnectionFailed", "No connection."))
        path = request.url.removeprefix(METADATA)
        if path not in self.answers:
            return HttpResponse(404, {}, b"not found")
        answer = self.answers[path]
        return HttpResponse(200, {}, (answer if isinstance(answer, str) else json.dumps(answer)).encode())


@dataclasses.dataclass
class Place:
    """A user's home directory and the services around; ``search`` looks for credentials there."""

    home: Path
    clock: FakeClock
    sts: FakeSts
    metadata: FakeMetadata = dataclasses.field(default_factory=FakeMetadata)
    secrets: set[str] = dataclasses.field(default_factory=set)

    def write(self, path: str, content: str | dict[str, t.Any]) -> None:
        """Write a file in the home directory, JSON unless it is a text."""
        file = self.home / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    def search(
        self, environ: t.Mapping[str, str] | None = None, *, disabled: str | None = None, **options: str
    ) -> Search:
        """Return a search with this environment and these options."""
        return Search(
            options=CredentialOptions(**options),
            environ={"HOME": str(self.home), **(environ or {})},
            clock=self.clock,
            sts=self.sts,
            metadata=MetadataService(METADATA, disabled, self.metadata),
            keep_secret=self.secrets.update,
        )


def with_files(place: Place) -> Place:
    """A home directory in which both vendors' command lines are set up."""
    place.write(".tccli/default.credential", TCCLI)
    place.write(".tccli/home.credential", {"secretId": "home-id", "secretKey": "k"})
    place.write(".tccli/default.configure", {"_sys_param": {"region": "ap-file"}})
    place.write(".tccli/home.configure", {"_sys_param": {"region": "ap-home"}})
    place.write(".aliyun/config.json", CONFIG)
    return place
