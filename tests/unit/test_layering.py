# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the code to its layers: imports point downwards only, and the rules of size and style are kept.

The first half looks at the collection, the second half shows each rule at work on a file that breaks it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.tests.unit import layering
from ansible_collections.keyfleet.cloud.tests.unit.layering import Source

ROOT = Path(__file__).parents[2]
PLUGINS = layering.read(ROOT, "plugins")
EMULATOR = layering.read(ROOT, "emulator")
IMPORTS = layering.graph([*PLUGINS, *EMULATOR])

UTILS = "plugins.module_utils"
MODULE, TASKS, SERVICE, PLAN, PROVIDERS, SIGNING, TRANSPORT = (
    f"{UTILS}.{name}" for name in ("_module", "_tasks", "_services", "_plan", "_providers", "_signing", "_transport")
)
CALLABLE = tuple(f"plugins.{kind}" for kind in ("action", "filter", "inventory", "lookup", "modules"))
PROVIDER_NAMES = frozenset(
    Path(source.path).stem
    for source in PLUGINS
    if Path(source.path).parent.name == "_providers" and not Path(source.path).stem.startswith("_")
)


# What must hold.


def test_there_is_something_to_look_at() -> None:
    assert {MODULE, SERVICE, TRANSPORT} <= set(IMPORTS)
    assert {"tencent_lighthouse", "tencent_cvm", "tencent_cvm_legacy", "alibaba_ecs"} <= PROVIDER_NAMES
    assert len(EMULATOR) > 20


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        (UTILS, CALLABLE),
        (TASKS, (MODULE,)),
        (SERVICE, (MODULE, TASKS)),
        (PLAN, (MODULE, TASKS, SERVICE, PROVIDERS, SIGNING, TRANSPORT, "ansible", "requests")),
        (PROVIDERS, (MODULE, TASKS, SERVICE, PLAN)),
        (SIGNING, (MODULE, TASKS, SERVICE, PLAN, PROVIDERS, TRANSPORT, "ansible", "requests")),
        (TRANSPORT, (MODULE, TASKS, SERVICE, PLAN, PROVIDERS, SIGNING, "ansible")),
        ("plugins", ("emulator",)),
        ("emulator", ("plugins",)),
    ],
)
def test_imports_point_downwards_only(lower: str, higher: tuple[str, ...]) -> None:
    assert layering.upward(IMPORTS, lower, *higher) == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert layering.cycles(IMPORTS) == []


def test_one_file_knows_the_ansible_module() -> None:
    assert layering.importers(IMPORTS, "ansible.module_utils.basic", MODULE) == []


def test_below_it_nothing_knows_ansible() -> None:
    utils = {module: names for module, names in IMPORTS.items() if layering.within(module, UTILS)}
    assert layering.importers(utils, "ansible", MODULE) == []


def test_one_file_knows_the_http_library() -> None:
    assert layering.importers(IMPORTS, "requests", TRANSPORT) == []


def test_the_emulator_needs_nothing_but_the_standard_library() -> None:
    """SSH servers are an extra: one file, imported only when a seed asks for them (emulator/test_ssh_seed.py)."""
    assert [complaint for source in EMULATOR for complaint in layering.strangers(source)] == [
        "emulator/ssh/protocol.py must not import asyncssh"
    ]


def test_above_the_providers_nobody_asks_which_provider_it_is() -> None:
    below = {
        name for module in IMPORTS if layering.within(module, PROVIDERS) for name in layering.reached(IMPORTS, module)
    }
    above = [
        source for source in PLUGINS if source.module not in below and not layering.within(source.module, PROVIDERS)
    ]
    assert [complaint for source in above for complaint in layering.comparisons(source, PROVIDER_NAMES)] == []


def test_plugins_have_no_assert() -> None:
    assert [complaint for source in PLUGINS for complaint in layering.asserts(source)] == []


def test_files_and_functions_are_short() -> None:
    sources = [*PLUGINS, *EMULATOR]
    assert [complaint for source in sources for complaint in layering.oversized(source, 300, 50)] == []


# That the rules bite.


def files(**texts: str) -> list[Source]:
    """Made-up files of module_utils: name (``__`` for a folder) -> text."""
    return [Source(f"plugins/module_utils/{name.replace('__', '/')}.py", text) for name, text in texts.items()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import requests", {"requests"}),
        ("import requests.adapters as a", {"requests.adapters"}),
        ("from ..  import _errors", {"plugins.module_utils", "plugins.module_utils._errors"}),
        ("from .._errors import E", {"plugins.module_utils._errors", "plugins.module_utils._errors.E"}),
        ("from .rows import Row", {"plugins.module_utils._plan.rows", "plugins.module_utils._plan.rows.Row"}),
        (
            "from ansible_collections.keyfleet.cloud.plugins.module_utils import _module",
            {"plugins.module_utils", "plugins.module_utils._module"},
        ),
        ("def late():\n    import requests", {"requests"}),
        ("if t.TYPE_CHECKING:\n    import requests", {"requests"}),
    ],
)
def test_every_form_of_import_is_seen(text: str, expected: set[str]) -> None:
    assert layering.imports(Source("plugins/module_utils/_plan/plan.py", text)) == expected


def test_an_import_in_a_package_counts_from_the_package() -> None:
    assert layering.imports(Source("emulator/world/__init__.py", "from .model import World")) == {
        "emulator.world.model",
        "emulator.world.model.World",
    }


def test_an_upward_import_is_found_also_by_way_of_a_helper() -> None:
    edges = layering.graph(
        files(
            _services="x = 1",
            _helper="from ._services import x",
            _providers__alibaba_ecs="from .._helper import y",
        )
    )
    assert layering.upward(edges, PROVIDERS, SERVICE) == [f"{PROVIDERS}.alibaba_ecs must not reach {SERVICE}"]
    assert layering.upward(edges, SERVICE, PROVIDERS) == []


def test_a_library_is_found_also_by_way_of_a_helper() -> None:
    edges = layering.graph(files(_helper="import requests.adapters", _plan__plan="from .._helper import y"))
    assert layering.upward(edges, PLAN, "requests") == [f"{PLAN}.plan must not reach requests.adapters"]


def test_a_library_in_the_wrong_file_is_found() -> None:
    edges = layering.graph(
        files(_services="from ansible.module_utils.basic import AnsibleModule", _module="import ansible")
    )
    assert layering.importers(edges, "ansible", MODULE) == [f"{SERVICE} must not import ansible"]


def test_a_circle_is_found() -> None:
    edges = layering.graph(
        files(_a="from ._b import b", _b="from . import _c", _c="from ._a import a", _d="from ._a import a")
    )
    assert layering.cycles(edges) == [f"{UTILS}.{name} imports itself by way of others" for name in ("_a", "_b", "_c")]


@pytest.mark.parametrize(
    "text", ["import asyncssh", "from cryptography.x import y", "from ..plugins import module_utils"]
)
def test_the_emulator_is_seen_to_import_a_stranger(text: str) -> None:
    assert layering.strangers(Source("emulator/server.py", text))


@pytest.mark.parametrize(
    "text", ["import json", "from .world import model", "from . import seed", "import http.server"]
)
def test_the_emulator_may_import_the_standard_library_and_itself(text: str) -> None:
    assert layering.strangers(Source("emulator/server.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        'x = provider == "tencent_cvm"',
        'x = provider != "tencent_cvm"',
        'x = provider in ("alibaba_ecs", "tencent_cvm")',
        'x = provider.startswith(("tencent_cvm",))',
        'match provider:\n    case "tencent_cvm" | "other":\n        pass',
    ],
)
def test_a_question_for_a_provider_is_found(text: str) -> None:
    found = layering.comparisons(Source("plugins/module_utils/_service.py", text), frozenset({"tencent_cvm"}))
    assert len(found) == 1
    assert found[0].endswith("asks for 'tencent_cvm'")


def test_a_table_of_providers_is_no_question() -> None:
    text = 'choices = ["tencent_cvm"]\nendpoints = {"tencent_cvm": 1}\nx = state == "present"'
    assert layering.comparisons(Source("plugins/module_utils/_argspec.py", text), frozenset({"tencent_cvm"})) == []


def test_an_assert_is_found() -> None:
    assert layering.asserts(Source("plugins/lookup/x.py", "def f(x):\n    assert x")) == [
        "plugins/lookup/x.py:2 has an assert"
    ]


def test_a_long_file_and_a_long_function_are_found() -> None:
    function = "def f():\n" + "    x = 1\n" * 50
    assert layering.oversized(Source("emulator/x.py", function), 300, 50) == ["emulator/x.py:1 f has 51 lines"]
    assert layering.oversized(Source("emulator/x.py", "x = 1\n" * 301), 300, 50) == ["emulator/x.py has 301 lines"]
    assert layering.oversized(Source("emulator/x.py", "x = 1\n" * 300), 300, 50) == []
