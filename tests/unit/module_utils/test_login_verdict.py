# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ssh says, and what that means for a proof of login."""

from __future__ import annotations

import pytest
from ansible_collections.keyfleet.cloud.plugins.module_utils._login.verdict import judge

OURS = "SHA256:KzRV0lLZQsDt5jMCIy/u717nmqtp9uhEE1RHV/G9Q5c"
THEIRS = "SHA256:3izFE4FKMcCfSnudfms9hqR1x39xWgnb18YmQEau7i8"
ACCEPTED = f"debug1: Server accepts key: /tmp/key RSA {OURS} explicit"
OTHER = f"debug1: Server accepts key: /home/me/.ssh/id_rsa RSA {THEIRS} agent"
CERTIFICATE = f"debug1: Server accepts key: /tmp/key RSA-CERT {OURS} explicit"
IN = 'Authenticated to 203.0.113.7 ([203.0.113.7]:22) using "publickey".'
ENDED = "Transferred: sent 2844, received 3080 bytes, in 0.0 seconds\ndebug1: Exit status 0"
DENIED = "root@203.0.113.7: Permission denied (publickey)."


@pytest.mark.parametrize(
    ("code", "stderr", "kind", "said"),
    [
        (0, f"{ACCEPTED}\n{IN}\n{ENDED}", "in", ""),
        (0, f"{ACCEPTED}\r\n{IN}\r\n{ENDED}\r\n", "in", ""),
        (0, f"{ACCEPTED.replace(' explicit', '')}\n{IN}", "in", ""),
        (0, f"{OTHER}\n{ACCEPTED}\n{IN}", "in", ""),
        # Somebody was let in, but the key is not the reason.
        (0, f"{OTHER}\n{IN}", "other_key", THEIRS),
        (0, f"{ACCEPTED}\n{OTHER}\n{IN}", "other_key", THEIRS),
        (0, f"{CERTIFICATE}\n{IN}", "other_key", "certificate"),
        (0, IN, "other_key", "did not name"),
        (0, f"debug1: Server accepts key: pkalg rsa-sha2-512 blen 279\n{IN}", "other_key", "did not name"),
        (0, f"{ACCEPTED}\n{IN.replace('publickey', 'none')}", "other_key", "without any key (none)"),
        (0, f"{ACCEPTED}\n{IN.replace('publickey', 'password')}", "other_key", "(password)"),
        (0, "", "not_yet", "nothing"),
        (0, f"Welcome! {ACCEPTED}\n{IN}", "other_key", "did not name"),
        # The key opens the account, which is of no use.
        (142, f"{ACCEPTED}\n{IN}\nPlease login as ubuntu", "no_command", "142: Please login as ubuntu"),
        (1, f"{ACCEPTED}\n{IN}\n{ENDED}", "no_command", "ended with 1: nothing"),
        (255, f"{ACCEPTED}\n{IN}\nConnection to 203.0.113.7 closed by remote host.", "not_yet", "remote host"),
        (None, f"{ACCEPTED}\n{IN}", "not_yet", "did not last"),
        # The server refuses the key.
        (255, f"debug1: Next authentication method: publickey\n{DENIED}", "denied", DENIED),
        (255, f"{ACCEPTED}\nidentity_sign: private key contents do not match public\n{DENIED}", "denied", DENIED),
        (255, "Received disconnect from 203.0.113.7 port 22:2: Too many authentication failures", "denied", "Too many"),
        # A guest that is down, or comes up.
        (255, "ssh: connect to host 203.0.113.7 port 22: Connection refused\r\n", "not_yet", "Connection refused"),
        (255, "ssh: connect to host 203.0.113.7 port 22: Connection timed out", "not_yet", "timed out"),
        (255, "ssh: connect to host 203.0.113.7 port 22: Permission denied", "not_yet", "Permission denied"),
        (255, "ssh: connect to host 203.0.113.7 port 22: No route to host", "not_yet", "No route"),
        (255, "kex_exchange_identification: Connection closed by remote host", "not_yet", "kex_exchange"),
        (255, "Connection reset by 203.0.113.7 port 22", "not_yet", "reset"),
        (255, "ssh: Could not resolve hostname web-1: Temporary failure in name resolution", "not_yet", "Temporary"),
        (None, "debug1: Connecting to 203.0.113.7", "not_yet", "one attempt"),
        # What no waiting helps against.
        (255, "ssh: Could not resolve hostname web-1: Name or service not known", "never", "not known"),
        (255, "Unable to negotiate with 203.0.113.7 port 22: no matching host key type found.", "never", "negotiate"),
        (255, "/etc/cfg: line 3: Bad configuration option: foo\n/etc/cfg: terminating, 1 bad configuration options",
         "never", "terminating"),
        (255, f"debug1: send_pubkey_test: no mutual signature algorithm\n{DENIED}", "never", "no mutual signature"),
        (255, f"sign_and_send_pubkey: no mutual signature supported\n{DENIED}", "never", "no mutual signature"),
        (255, "Bad owner or permissions on /home/me/config", "never", "Bad owner"),
        # Somebody else's server.
        (255, "@@@@@@\n@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\nHost key verification failed.",
         "host_key", "Host key verification failed."),
        (255, "No ED25519 host key is known for 203.0.113.7 and you have requested strict checking.\n"
         "Host key verification failed.", "host_key", "failed"),
    ],
)  # fmt: skip
def test_what_ssh_says_means(code: int | None, stderr: str, kind: str, said: str) -> None:
    verdict = judge(code, stderr, "", OURS)
    assert verdict.kind == kind
    assert said in verdict.said
    assert "\r" not in verdict.said


def test_a_message_of_the_guest_is_told_also_where_it_is_no_error() -> None:
    verdict = judge(1, f"{ACCEPTED}\n{IN}", "This account is currently not available.\r\n", OURS)
    assert verdict.said == "the command true ended with 1: This account is currently not available."


def test_a_server_cannot_write_to_the_terminal() -> None:
    verdict = judge(255, "\x1b]0;title\x07\x1b[2Jconnection " + "x" * 10_000, "", OURS)
    assert verdict.said.startswith("]0;title[2Jconnection x")
    assert len(verdict.said) == 500
