# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the documentation's site into ``.build/docs/html``: pages of plugins, guides and the index.

antsibull-docs writes the sources from the plugins and from docs/docsite, Sphinx makes them HTML. Nothing is fetched.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

from bootstrap import ROOT
from stage import BUILD

SITE = BUILD / "docs"
SOURCES, HTML, CACHE = SITE / "rst", SITE / "html", SITE / "doctrees"
SETTINGS = ROOT / ".config" / "sphinx"


def main() -> int:
    shutil.rmtree(SOURCES, ignore_errors=True)
    SOURCES.mkdir(parents=True)
    settings = ("--fail-on-error", "--no-add-antsibull-docs-version", "--use-current", "--squash-hierarchy")
    sphinx = ("sphinx-build", "--quiet", "--fail-on-warning", "--keep-going", "--builder", "html")
    try:
        _run("antsibull-docs", "collection", *settings, "--dest-dir", str(SOURCES), "keyfleet.cloud")
        shutil.copy(SETTINGS / "index.rst", SOURCES)  # in place of a bare list of plugins
        _run(*sphinx, "--conf-dir", str(SETTINGS), "-d", str(CACHE), str(SOURCES), str(HTML))
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"The documentation is in {HTML.relative_to(ROOT)}/index.html")
    return 0


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
