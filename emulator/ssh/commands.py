# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a guest answers to a command. Nothing is run: the answers are fixed, and most commands do not exist."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

_SHELLS = frozenset(("sh", "/bin/sh", "/usr/bin/sh", "bash", "/bin/bash", "/usr/bin/bash"))
_SEPARATORS = frozenset(("&&", "||", ";"))
_PUNCTUATION = frozenset("();<>|&")


@dataclass(frozen=True)
class Reply:
    """What a command leaves behind."""

    stdout: str = ""
    stderr: str = ""
    status: int = 0


@dataclass(frozen=True)
class Session:
    """Who is logged in where."""

    username: str
    hostname: str

    def run(self, line: str) -> Reply:
        """Answer a command line of simple commands, joined by ``&&``, ``||`` and ``;`` or wrapped in ``sh -c``."""
        try:
            words = _words(line)
        except ValueError as error:
            return Reply(stderr=f"sh: {error}\n", status=2)
        total, operator, command = Reply(), ";", list[str]()
        for word in [*words, ";"]:
            if word not in _SEPARATORS:
                command.append(word)
                continue
            if command and _is_due(operator, total.status):
                reply = self._simple(command)
                total = Reply(total.stdout + reply.stdout, total.stderr + reply.stderr, reply.status)
                if command[0] == "exit":
                    return total
            operator, command = word, []
        return total

    def _simple(self, command: list[str]) -> Reply:
        name, arguments = command[0], command[1:]
        if any(set(word) <= _PUNCTUATION for word in command if word):
            return Reply(stderr="sh: only simple commands are answered here\n", status=2)
        if name in _SHELLS and arguments[:1] == ["-c"] and len(arguments) > 1:
            return self.run(arguments[1])
        answer = _ANSWERS.get(name)
        if answer is None:
            return Reply(stderr=f"sh: {name}: command not found\n", status=127)
        return answer(self, arguments)


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)


def _is_due(operator: str, status: int) -> bool:
    return operator == ";" or (operator == "&&") == (status == 0)


def _echo(_session: Session, arguments: list[str]) -> Reply:
    bare = arguments[:1] == ["-n"]
    return Reply(" ".join(arguments[1:] if bare else arguments) + ("" if bare else "\n"))


def _exit(_session: Session, arguments: list[str]) -> Reply:
    return Reply(status=int(arguments[0]) % 256 if arguments[:1] and arguments[0].isdecimal() else 0)


_ANSWERS: dict[str, Callable[[Session, list[str]], Reply]] = {
    "true": lambda _session, _arguments: Reply(),
    ":": lambda _session, _arguments: Reply(),
    "false": lambda _session, _arguments: Reply(status=1),
    "sleep": lambda _session, _arguments: Reply(),
    "echo": _echo,
    "exit": _exit,
    "hostname": lambda session, _arguments: Reply(f"{session.hostname}\n"),
    "whoami": lambda session, _arguments: Reply(f"{session.username}\n"),
}
