# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""Reading credential files. Errors name the file and what is wrong with it, and show nothing of what is in it."""

from __future__ import annotations

import configparser
import json
import typing as t

from .._errors import InputError
from .model import Absent


def read_text(path: str) -> str | Absent:
    """Return the text of a file, or why there is none. Raises InputError for a file that is not UTF-8."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except UnicodeDecodeError:
        raise _malformed(path, "a UTF-8 text") from None
    except FileNotFoundError:
        return Absent(path, "no such file")
    except OSError as error:
        return Absent(path, (error.strerror or type(error).__name__).lower())


def read_json(path: str) -> dict[str, t.Any] | Absent:
    """Return the JSON object in a file, or why there is none. Raises InputError for anything but an object."""
    text = read_text(path)
    if isinstance(text, Absent):
        return text
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise _malformed(path, "a JSON object")
    return document


def read_section(path: str, name: str) -> dict[str, str] | Absent:
    """Return a section of an INI file, or why there is none; values end before a ``#``, as in the vendors' readers.

    Raises InputError for a file that is no INI file.
    """
    text = read_text(path)
    if isinstance(text, Absent):
        return text
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        raise _malformed(path, "an INI file") from None
    if not parser.has_section(name):
        return Absent(path, f"no section [{name}]")
    return {key: value.split("#")[0].strip() for key, value in parser.items(name) if value}


def text_of(found: t.Mapping[str, t.Any], name: str) -> str | None:
    """Return a member as text; None for an absent, empty or null one."""
    value = found.get(name)
    return str(value) if value not in (None, "") else None


def _malformed(path: str, kind: str) -> InputError:
    return InputError(
        f"The file {path} is not {kind}.", "Correct it, or give credentials another way.", code="MalformedFile"
    )
