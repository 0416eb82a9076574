# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for AWX: the part of its REST API that awx.awx uses to set things up, on a free port of this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ansible_collections.keyfleet.cloud.tests.awx.stand_in import rules, surveys
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.kinds import KINDS
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.rules import Refused
from ansible_collections.keyfleet.cloud.tests.awx.stand_in.store import ROOT, Item, Missing, Store

TOKEN = "example-token"
PAGE = 25
Answer = tuple[int, Any]


class AwxStandIn:
    """Serves until the block is left. ``writes`` are the requests that changed something."""

    def __init__(self, repositories: Mapping[str, Iterable[str]]) -> None:
        self.store = Store(repositories)
        self.writes: list[str] = []
        self._lock = threading.Lock()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def handle_all(self) -> None:
                stand_in._serve(self)

            do_GET = do_POST = do_PATCH = do_DELETE = handle_all  # noqa: N815

            def log_message(self, *_arguments: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AwxStandIn:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_arguments: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        parts = urlsplit(request.path)
        with self._lock:
            try:
                known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
                given = json.loads(body or b"{}")
                status, content = (
                    self._answer(
                        request.command, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), given
                    )
                    if known
                    else (401, {"detail": "Authentication credentials were not provided."})
                )
            except Refused as refused:
                status, content = 400, refused.errors
            except Missing:
                status, content = 404, {"detail": "Not found."}
        payload = b"" if content is None else json.dumps(content).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(payload)))
        request.send_header("X-API-Product-Name", "AWX")
        request.send_header("X-API-Product-Version", "24.6.1")
        request.end_headers()
        request.wfile.write(payload)

    def _answer(self, method: str, path: str, query: dict[str, str], given: Any) -> Answer:
        names = path.removeprefix(ROOT).strip("/").split("/")
        if names[0] == "project_updates":
            return 200, self.store.finish_update(int(names[1]))
        if method != "GET":
            self.writes.append(f"{method} {path}")
        if len(names) == 1:
            return self._list(method, names[0], query, given)
        item = self.store.get(names[0], int(names[1]))
        if len(names) == 2:
            if method == "PATCH":
                self.store.change(item, given)
            return 200, self.store.show(item)
        return self._below(method, item, names[2], given)

    def _list(self, method: str, endpoint: str, query: dict[str, str], given: Any) -> Answer:
        if endpoint not in (*KINDS, "unified_job_templates"):
            raise Missing
        if method == "POST":
            return 201, self.store.show(self.store.create(endpoint, given))
        return 200, self._page(self.store.find(endpoint, query))

    def _page(self, items: list[Item]) -> dict[str, Any]:
        shown = [self.store.show(item) for item in items]
        if len(shown) > PAGE:
            raise Missing  # the stand-in knows one page
        return {"count": len(shown), "next": None, "previous": None, "results": shown}

    def _below(self, method: str, item: Item, name: str, given: Any) -> Answer:
        if name == "survey_spec":
            return self._survey(method, item, given)
        if name == "update" and item.endpoint == "projects":
            return 202, {"id": (number := self.store.update_project(item)), "url": f"{ROOT}/project_updates/{number}/"}
        if name == "create_approval_template" and item.endpoint == "workflow_job_template_nodes":
            approval = self.store.create("workflow_approval_templates", given)
            item.fields["unified_job_template"] = approval.id
            return 201, self.store.show(approval)
        if name not in item.lists:
            raise Missing
        endpoint = KINDS[item.endpoint].lists[name]
        if method == "GET":
            return 200, self._page([self.store.get(endpoint, number) for number in item.lists[name]])
        child = self.store.get(endpoint, given["id"])
        if given.get("disassociate"):
            item.lists[name].remove(child.id)
        else:
            rules.check_association(self.store, item, name, child)
            item.lists[name].append(child.id)
        return 204, None

    @staticmethod
    def _survey(method: str, item: Item, given: Any) -> Answer:
        if method == "GET":
            return 200, item.extra.get("survey", {})
        try:
            surveys.check_survey(given)
        except surveys.SurveyError as error:
            raise Refused(error=str(error)) from error
        item.extra["survey"] = given
        return 200, {}
