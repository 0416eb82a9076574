# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of how a login is proved."""

from __future__ import annotations


class ModuleDocFragment:
    """The fragment ``keyfleet.cloud.login``."""

    DOCUMENTATION = r"""
options:
  wait_for_ssh:
    description:
      - Wait until the SSH server of every running instance answers. A login that is proved implies it.
    type: bool
    default: false
  login:
    description:
      - How to log in. With V(private_key_path), a login is proved on every running instance, with OpenSSH's own client
        on the host where the task runs; the proof is that the server accepted this very key.
    type: dict
    suboptions:
      private_key_path:
        description:
          - The private key, without passphrase. It has to belong to a key pair that the instances are to have.
        type: path
      user:
        description:
          - The account in the guest, where the entry's V(logins) name none.
        type: str
        default: root
      port:
        description:
          - The port of the SSH server, where the entry's V(logins) name none.
        type: int
        default: 22
      address:
        description:
          - Which address of the instance to use, where the entry's V(logins) name no host.
        type: str
        choices: [private, public]
        default: public
      timeout:
        description:
          - How many seconds a guest may take until one can log in.
        type: int
        default: 300
      connect_timeout:
        description:
          - How many seconds one attempt may take to connect.
        type: int
        default: 10
      denied_grace:
        description:
          - How many seconds a guest that answers may refuse the key until it applies it.
        type: int
        default: 10
      known_hosts_path:
        description:
          - The file of known host keys, instead of the user's own.
        type: path
      host_key_checking:
        description:
          - V(accept_new) remembers the host key of a server that is not known, and refuses another one for a known
            server. V(strict) refuses what is not known. V(off) accepts everything.
        type: str
        choices: [accept_new, "off", strict]
        default: accept_new
      ssh_config_path:
        description:
          - A configuration file for the client, for jump hosts and the like. By default none is read.
        type: path
      ssh_path:
        description:
          - The client.
        type: path
        default: ssh
"""
