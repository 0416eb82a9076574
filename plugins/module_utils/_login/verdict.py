# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What ssh's words mean. OpenSSH tells with -v which key the server accepted; all other lines are for people."""

from __future__ import annotations

import re

from .model import Verdict

# A certificate has the fingerprint of its key, but is accepted for the sake of who signed it.
_ACCEPTED = re.compile(r"debug1: Server accepts key: .* (\S+) (SHA256:[A-Za-z0-9+/]{43})(?: |$)")
_CERTIFICATE = "-CERT"
_AUTHENTICATED = re.compile(r'Authenticated to .* using "([a-z-]+)"')
# "debug1: …", and what else -v adds.
_CHATTER = re.compile(
    r"debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: |Pseudo-terminal |@@@|"
    r"Warning: Permanently added|Identity added"
)
# Guests older than OpenSSH 7.2 know RSA with SHA-1 only, which newer clients do not use any more (-v says so).
_NO_SIGNATURE = re.compile(r"no mutual signature (?:algorithm|supported)")
_DENIED = re.compile(r"Permission denied \(|Too many authentication failures")
_HOST_KEY = re.compile(r"Host key verification failed|No \S+ host key is known for|HOST IDENTIFICATION HAS CHANGED")
_NEVER = re.compile(
    r"Bad configuration option|terminating, \d+ bad configuration|command-line: line|"
    r"Bad owner or permissions|Unable to negotiate|no matching |"
    r"[Nn]ame or service not known|No address associated|nodename nor servname|"
    r"hostname contains invalid characters|remote username contains invalid characters"
)
# What ssh itself ends with when there was no login, or when the connection broke.
_FAILED = 255


def judge(code: int | None, stderr: str, stdout: str, fingerprint: str) -> Verdict:
    """Return what one run of ``ssh -v … true`` shows; ``code`` None: it was ended for taking too long.

    ``fingerprint``: that of the key (SHA256:…) which has to be the reason for the login.
    """
    lines = [_printable(line) for line in stderr.splitlines()]
    authenticated = [index for index, line in enumerate(lines) if _AUTHENTICATED.match(line)]
    if authenticated:
        return _inside(code, lines, authenticated[-1], stdout, fingerprint)
    words = [line for line in lines if line and not _CHATTER.match(line)]
    said = words[-1] if words else "nothing"
    if code is None:
        return Verdict("not_yet", f"no end within the time that one attempt has (last: {said})")
    if any(_NO_SIGNATURE.search(line) for line in lines):
        return Verdict("never", f"no mutual signature algorithm for this key; a configuration can allow one ({said})")
    for pattern, kind in ((_HOST_KEY, "host_key"), (_NEVER, "never"), (_DENIED, "denied")):
        found = [line for line in words if pattern.search(line)]
        if found:
            return Verdict(kind, found[-1])  # type: ignore[arg-type]
    return Verdict("not_yet", said)


def _inside(code: int | None, lines: list[str], at: int, stdout: str, fingerprint: str) -> Verdict:
    """Somebody was let in, at line ``at``: because of this key, and with what use?"""
    method = _AUTHENTICATED.match(lines[at])
    accepted = [found.groups() for line in lines[:at] if (found := _ACCEPTED.match(line))]
    if method is None or method.group(1) != "publickey":
        return Verdict("other_key", f"let in without any key ({method.group(1) if method else 'unknown'})")
    key_type, accepted_one = accepted[-1] if accepted else ("", "that ssh did not name")
    if key_type.endswith(_CERTIFICATE):
        return Verdict("other_key", f"let in because of a certificate for the key {accepted_one}")
    if accepted_one != fingerprint:
        return Verdict("other_key", f"let in because of the key {accepted_one}")
    if code == 0:
        return Verdict("in")
    words = [line for line in lines[at:] if line and not _CHATTER.match(line)]
    words += [_printable(line) for line in stdout.splitlines() if line.strip()]
    said = words[-1] if words else "nothing"
    if code is None or code == _FAILED:
        return Verdict("not_yet", f"logged in, but the connection did not last: {said}")
    return Verdict("no_command", f"the command true ended with {code}: {said}")


def _printable(line: str) -> str:
    """Return a line as it may be shown: a server chooses some of the words, and a terminal obeys some characters."""
    return "".join(character for character in line if character.isprintable()).strip()[:500]
