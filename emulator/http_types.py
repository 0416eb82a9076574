# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What travels between the HTTP server and the dialects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


class Headers(Mapping[str, str]):
    """Header fields by case-insensitive name. Of a repeated field the last value counts."""

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._items = {name.lower(): value for name, value in items}

    def __getitem__(self, name: str) -> str:
        return self._items[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._items


@dataclass(frozen=True)
class Request:
    """An HTTP request exactly as received: nothing is decoded, because signatures cover the raw text.

    ``target`` is the request target, ``path`` and ``query`` its two halves without the question mark;
    ``connection`` numbers the TCP connections of this server from 1.
    """

    method: str
    target: str
    headers: Headers
    body: bytes = b""
    connection: int = 0

    @property
    def path(self) -> str:
        """The target before the first question mark, an absolute target without its scheme and host."""
        path = self.target.partition("?")[0]
        if "://" in path:
            path = "/" + path.partition("://")[2].partition("/")[2]
        return path

    @property
    def query(self) -> str:
        """The target after the first question mark, as sent."""
        return self.target.partition("?")[2]

    def header(self, name: str, default: str = "") -> str:
        """Return a header's value without surrounding blanks."""
        return self.headers.get(name, default).strip()


@dataclass(frozen=True)
class Response:
    """An HTTP answer. The server adds Content-Length, Date and Connection."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
