# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers as JSON or XML text."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

JSON = "JSON"
XML = "XML"

CONTENT_TYPES = {JSON: "application/json;charset=utf-8", XML: "text/xml;charset=utf-8"}


def answer_format(requested: str | None, accept: str, *, signature_v3: bool) -> str:
    """Which of the two formats the caller gets.

    ``Format`` decides for signature 1.0, where XML is the default; with V3
    the ``accept`` header does, and JSON is the default.
    """
    if requested is not None and requested.upper() in CONTENT_TYPES:
        return requested.upper()
    if signature_v3:
        return XML if "xml" in accept.lower() else JSON
    return XML


def render(answer: dict[str, Any], root: str, answer_format: str) -> bytes:
    """``answer`` as text; ``root`` names the XML root element (``<Action>Response`` or ``Error``)."""
    if answer_format == JSON:
        return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    element = ElementTree.Element(root)
    _append(element, answer)
    return b"<?xml version='1.0' encoding='UTF-8'?>" + ElementTree.tostring(element, encoding="unicode").encode()


def _append(parent: ElementTree.Element, answer: dict[str, Any]) -> None:
    """A list becomes one element per item, all with the list's name."""
    for name, value in answer.items():
        for item in value if isinstance(value, list) else [value]:
            child = ElementTree.SubElement(parent, name)
            if isinstance(item, dict):
                _append(child, item)
            else:
                child.text = _text(item)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
