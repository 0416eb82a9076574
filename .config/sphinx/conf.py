# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How Sphinx builds the documentation's site. tests/tools/site.py writes its sources and calls it."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

_GALAXY = yaml.safe_load((Path(__file__).parents[2] / "galaxy.yml").read_text(encoding="utf-8"))
_ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/reference_appendices"
_FOREIGN = {
    "ansible_configuration_settings": f"{_ANSIBLE}/config.html",
    "common_return_values": f"{_ANSIBLE}/common_return_values.html",
}
"""Where labels lead that Ansible's own documentation defines; fetching its index would take a network."""

_CONTENTS = re.compile(r"^\.\. contents::\n(?: +:\w+:.*\n)+", re.MULTILINE)
_TITLE = re.compile(r"^keyfleet\.cloud\.(\w+) \w+ -- (.+)\n(\++)$", re.MULTILINE)
_GLOB = re.compile(r"^ +(\*_\w+)\n", re.MULTILINE)

project = "Keyfleet"
author = _GALAXY["authors"][0]
project_copyright = f"2026, {author}"
version = release = _GALAXY["version"]
language = "en"

extensions = ["sphinx_antsibull_ext"]
antsibull_ext_color_scheme = "none"  # static/keyfleet.css has the colours, so that they follow the reader's choice
highlight_language = "YAML+Jinja"

html_theme = "furo"
html_title = f"keyfleet.cloud {version}"
html_static_path = ["static"]
html_css_files = ["keyfleet.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"


def setup(app: Sphinx) -> None:
    """Adapt the pages that antsibull-docs writes to the theme."""
    app.connect("source-read", _adapt_page)
    app.connect("source-read", _adapt_index)
    app.connect("missing-reference", _link_to_ansible)


def _adapt_page(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Take the table of contents out, which the theme has beside the text, and keep titles short for the side bar."""
    text = _CONTENTS.sub("", source[0])
    source[0] = _TITLE.sub(r"\1\n\3\n\n**\2**", text)


def _adapt_index(app: Sphinx, page: str, source: list[str]) -> None:
    """Leave out the kinds of plugins that do not exist: Sphinx complains about a pattern without pages."""
    if page == "index":
        source[0] = _GLOB.sub(lambda found: found[0] if any(app.srcdir.glob(f"{found[1]}.rst")) else "", source[0])


def _link_to_ansible(_app: Sphinx, _env: object, node: pending_xref, text: nodes.Element) -> nodes.reference | None:
    """Return a link into Ansible's documentation for a label of it; None makes Sphinx complain."""
    target = _FOREIGN.get(node.get("reftarget", ""))
    return nodes.reference("", "", text, internal=False, refuri=target) if target else None
