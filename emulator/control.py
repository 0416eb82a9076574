# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Setting the clouds up and looking into them: the same operations for Python callers and for ``/_emulator/``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from . import checks
from .cloud import Cloud
from .errors import ControlError
from .http_types import Request, Response
from .inspection import logins, state
from .seed import apply_seed

PREFIX = "/_emulator/"


class Control:
    """The emulator's own interface. All methods may be called by many threads and raise ControlError on bad input."""

    def __init__(self, cloud: Cloud, seed: Any = None, settings: Any = None) -> None:
        self._cloud = cloud
        self._initial_seed = seed
        self._initial_settings = settings
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda _request: {"status": "ok"},
            ("POST", "reset"): lambda _request: self.reset(),
            ("POST", "seed"): lambda request: self.seed(_json_of(request)),
            ("GET", "settings"): lambda _request: self.settings(),
            ("POST", "settings"): lambda request: self.configure(_json_of(request)),
            ("GET", "faults"): lambda _request: self.faults(),
            ("POST", "faults"): lambda request: self.add_faults(_json_of(request)),
            ("DELETE", "faults"): lambda _request: self.clear_faults(),
            ("GET", "log"): lambda _request: self.log(),
            ("DELETE", "log"): lambda _request: self.clear_log(),
            ("GET", "state"): lambda _request: self.state(),
            ("GET", "logins"): self._logins,
        }
        self.reset()

    def handle(self, request: Request) -> Response:
        """Answer a request to ``/_emulator/…``; results are JSON, ``{"ok": true}`` where there is nothing to say."""
        name = request.path[len(PREFIX) :].strip("/")
        route = self._routes.get((request.method, name))
        if route is None:
            known = any(name == other for _method, other in self._routes)
            return _answer({"error": "method not allowed" if known else "no such control path"}, 405 if known else 404)
        try:
            result = route(request)
        except ControlError as error:
            return _answer({"error": str(error)}, 400)
        return _answer({"ok": True} if result is None else result)

    def reset(self) -> None:
        """Return to the state right after the start: initial settings and seed, no faults, empty log."""
        with self._cloud.lock:
            self._cloud.clear()
            if self._initial_settings is not None:
                self._cloud.settings.merge(self._initial_settings)
            if self._initial_seed is not None:
                apply_seed(self._cloud, self._initial_seed)

    def seed(self, value: Any) -> None:
        """Add accounts, key pairs, instances and fleets; all or nothing."""
        with self._cloud.lock:
            apply_seed(self._cloud, value)

    def configure(self, value: Any) -> None:
        """Merge settings."""
        with self._cloud.lock:
            self._cloud.settings.merge(value)

    def settings(self) -> dict[str, Any]:
        """Return all settings."""
        with self._cloud.lock:
            return self._cloud.settings.as_dict()

    def add_faults(self, value: Any) -> None:
        """Add a fault or a list of faults."""
        with self._cloud.lock:
            self._cloud.faults.add(value)

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults in force."""
        with self._cloud.lock:
            return self._cloud.faults.as_list()

    def clear_faults(self) -> None:
        """Remove all faults."""
        with self._cloud.lock:
            self._cloud.faults.clear()

    def log(self) -> list[dict[str, Any]]:
        """Return the log of API calls."""
        with self._cloud.lock:
            return self._cloud.log.entries()

    def clear_log(self) -> None:
        """Empty the log."""
        with self._cloud.lock:
            self._cloud.log.clear()

    def state(self) -> dict[str, Any]:
        """Return all instances and key pairs as they are now."""
        with self._cloud.lock:
            return state(self._cloud)

    def logins(self, provider: Any, region: Any, instance_id: Any) -> dict[str, Any]:
        """Return what the guest of an instance accepts now."""
        with self._cloud.lock:
            return logins(self._cloud, provider, region, instance_id)

    def _logins(self, request: Request) -> dict[str, Any]:
        query = {name: values[-1] for name, values in parse_qs(request.query).items()}
        checks.only(query, ("provider", "region", "instance_id"), "")
        return self.logins(query.get("provider"), query.get("region"), query.get("instance_id"))


def _json_of(request: Request) -> Any:
    try:
        return json.loads(request.body or b"null")
    except ValueError as error:
        raise ControlError("body", "is not JSON") from error


def _answer(value: Any, status: int = 200) -> Response:
    return Response(status, "application/json", json.dumps(value).encode())
