# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The four request signatures, recomputed from the request as it was received.

One module per scheme, pure functions only. Nothing here is shared with the
code that signs in ``plugins/``, so that the two can only agree by both
following the vendors' texts.
"""
