# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real SSH servers on loopback for chosen instances: who may log in is what their guests accept.

``doors`` holds ports and host keys, ``service`` opens and closes them, ``protocol`` speaks SSH (it alone needs the
library asyncssh and is imported only when a seed asks for SSH), ``commands`` answers what is run after a login.
"""
