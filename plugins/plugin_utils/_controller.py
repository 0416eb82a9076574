# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""What lookup and inventory share: they run on the controller, without AnsibleModule."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleError

from ..module_utils._clock import SystemClock
from ..module_utils._errors import KeyfleetError
from ..module_utils._masking import Secrets
from ..module_utils._services.regions import Surroundings
from ..module_utils._transport import REQUESTS_IMPORT_ERROR

T = t.TypeVar("T")

_OPTION_SECRETS = ("access_key_secret", "security_token")


class Controller:
    """Runs the work of one plugin, and turns errors into the kind that the plugin raises, without any secret."""

    def __init__(self, error_type: type[AnsibleError]) -> None:
        self._error_type = error_type
        self._secrets = Secrets()
        self.surroundings = Surroundings(os.environ, SystemClock(), self._secrets.keep)

    def run(self, work: t.Callable[[], T]) -> T:
        """Return what ``work`` returns."""
        if REQUESTS_IMPORT_ERROR is not None:
            raise self._error_type(
                "The Python library requests is missing. Install it for the Python that runs Ansible: "
                "pip install requests."
            )
        try:
            return work()
        except KeyfleetError as error:
            # The cause would be printed as well, and is not masked.
            raise self._error_type(self.text_of(error)) from None

    def keep_options(self, options: t.Mapping[str, t.Any]) -> None:
        """Remember the secrets among connection options."""
        self._secrets.keep(options[name] for name in _OPTION_SECRETS if options.get(name))

    def text_of(self, error: KeyfleetError) -> str:
        """Return an error in one line: what happened, what to do, and what to tell the vendor."""
        info = error.info
        request = f", request ID {info.request_id}" if info.request_id else ""
        return self.masked(f"{info.message} {info.hint}".rstrip() + f" ({info.code}{request})")

    def masked(self, text: str) -> str:
        """Return a text as it may be shown."""
        return self._secrets.masked(text)
