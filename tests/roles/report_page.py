# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML page of a drift report, as a browser takes it apart."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

_LOADING = ("src", "srcset", "data", "action", "poster", "background")


class Page(HTMLParser):
    """What is in the page. Reading it raises AssertionError for a page that is not well-formed or not protected."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.scripts = 0
        """How many scripts may run."""
        self.outside: list[str] = []
        """Everything that would be loaded or that leads elsewhere, and everything that runs in an attribute."""
        self.policy = ""
        self.texts: list[str] = []
        self._open: list[str] = []
        self._attributes: dict[str, str | None] = {}

    @classmethod
    def read(cls, path: Path) -> Page:
        """Take the page apart."""
        page = cls()
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        assert page._open == [], f"not closed: {page._open}"
        assert page.policy.startswith("default-src 'none'; script-src 'nonce-")
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self._attributes = attributes
        if tag not in ("meta", "input", "link", "br"):
            self._open.append(tag)
        for name, value in attrs:
            runs, leaves = name.startswith("on"), name == "href" and not (value or "").startswith("#")
            if name in _LOADING or runs or leaves or name == "style" or tag == "link":
                self.outside.append(f"{tag} {name}={value}")
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"] or ""
        if tag in ("script", "style") and attributes.get("type") != "application/json":
            assert f"'nonce-{attributes.get('nonce')}'" in self.policy
            self.scripts += tag == "script"

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"{tag} was not open"
        assert self._open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, data: str) -> None:
        kind = self._open[-1] if self._open else ""
        if kind == "style" and re.search(r"url\(|@import", data):
            self.outside.append("style")
        if kind == "script" and self._attributes.get("id") == "report":
            self.data = json.loads(data)
        elif kind not in ("script", "style"):
            self.texts.append(data)
