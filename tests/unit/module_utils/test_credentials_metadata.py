# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata service is asked directly, once, and never for long."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials import metadata
from ansible_collections.keyfleet.cloud.plugins.module_utils._credentials.metadata import MetadataError, MetadataService
from ansible_collections.keyfleet.cloud.plugins.module_utils._transport import HttpRequest, HttpResponse

REGION = "/latest/meta-data/placement/region"


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """One that is sure to answer, however long this machine takes."""
    monkeypatch.setattr(metadata, "TIMEOUT", 60)
    monkeypatch.setattr(metadata, "LIMIT", 120)
    seed = {
        "accounts": [{"vendor": "tencent", "account_id": "1"}],
        "metadata": [{"vendor": "tencent", "region": "ap-guangzhou"}],
    }
    with Emulator(seed=seed) as running:
        yield running


def test_no_proxy_stands_between(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert MetadataService(emulator.url).ask(REGION) == "ap-guangzhou"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        base = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(MetadataError, match="no answer"):
        MetadataService(base).ask(REGION)


def test_a_service_that_never_answers_is_given_up_and_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "LIMIT", 0.05)
    released = threading.Event()
    asked: list[str] = []

    def hang(request: HttpRequest) -> HttpResponse:
        asked.append(request.url)
        released.wait(600)
        return HttpResponse(200, {}, b"late")

    service = MetadataService("http://metadata.example", send=hang)
    start = time.monotonic()
    for _attempt in range(3):
        with pytest.raises(MetadataError, match="no answer"):
            service.ask(REGION)
    released.set()
    assert len(asked) == 1
    assert time.monotonic() - start < 60


def test_an_answer_that_is_an_error_does_not_silence_the_service() -> None:
    answers = iter([HttpResponse(404, {}, b""), HttpResponse(200, {}, b"ops\n")])
    service = MetadataService("http://metadata.example", send=lambda _request: next(answers))
    with pytest.raises(MetadataError, match="HTTP status 404"):
        service.ask(REGION)
    assert service.ask(REGION) == "ops"


def test_nothing_is_sent_where_it_is_forbidden() -> None:
    service = MetadataService("http://metadata.example", "it is off", send=lambda _request: pytest.fail("it was asked"))
    with pytest.raises(MetadataError, match="it is off"):
        service.ask(REGION)
