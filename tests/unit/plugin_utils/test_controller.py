# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What lookup and inventory share: errors without secrets, and texts from the cloud that never become templates."""

from __future__ import annotations

import json
import typing as t

import ansible.template
import pytest
from ansible.errors import AnsibleError, AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.keyfleet.cloud.plugins.module_utils._errors import KeyfleetError
from ansible_collections.keyfleet.cloud.plugins.module_utils._masking import MASK, Secrets
from ansible_collections.keyfleet.cloud.plugins.module_utils._models import ErrorInfo
from ansible_collections.keyfleet.cloud.plugins.plugin_utils import _controller
from ansible_collections.keyfleet.cloud.plugins.plugin_utils._controller import Controller
from ansible_collections.keyfleet.cloud.plugins.plugin_utils._unsafe import host_variable, make_unsafe


def failing(info: ErrorInfo) -> t.Callable[[], None]:
    def work() -> None:
        raise KeyfleetError(info)

    return work


def test_an_error_says_what_happened_what_to_do_and_what_to_tell_the_vendor() -> None:
    info = ErrorInfo("AuthFailure", "The key is unknown.", "Check it.", request_id="f192c1a9")

    with pytest.raises(AnsibleLookupError) as caught:
        Controller(AnsibleLookupError).run(failing(info))

    assert "The key is unknown. Check it. (AuthFailure, request ID f192c1a9)" in str(caught.value)


def test_no_error_shows_a_secret_nor_has_a_cause_that_does() -> None:
    controller = Controller(AnsibleError)
    controller.keep_options({"access_key_secret": "example-secret", "security_token": None})
    controller.surroundings.keep_secret(["example-token", ""])

    with pytest.raises(AnsibleError) as caught:
        controller.run(failing(ErrorInfo("X", "example-secret and example-token", "example-secret")))

    assert "example" not in str(caught.value)
    assert str(caught.value).count(MASK) == 3
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_secret_that_holds_another_one_is_masked_as_a_whole() -> None:
    secrets = Secrets()
    secrets.keep(["example", "example-secret"])

    assert secrets.masked("an example-secret, an example") == f"an {MASK}, an {MASK}"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_controller, "REQUESTS_IMPORT_ERROR", "ImportError")

    with pytest.raises(AnsibleError, match="requests"):
        Controller(AnsibleError).run(lambda: None)


TEMPLATE = "{{ 6 * 7 }}"


@pytest.mark.parametrize(
    "value",
    [
        TEMPLATE,
        "{% if true %}{{ 6 * 7 }}{% endif %}",
        {"tags": {"env": TEMPLATE}},
        [{"name": TEMPLATE}],
        {"list": (TEMPLATE,)},
    ],
)
@pytest.mark.parametrize("marked", [make_unsafe, host_variable])
def test_texts_from_the_cloud_stay_texts(marked: t.Callable[[t.Any], t.Any], value: t.Any) -> None:
    templar = Templar(loader=DataLoader(), variables={"found": marked(value)})

    assert "42" not in json.dumps(templar.template(templar.available_variables["found"]), default=str)


@pytest.mark.parametrize(
    ("text", "trusted"),
    [
        ("web-1", True),
        ("2026-01-31T02:00:00Z", True),
        ("上海 web 1", True),
        ("lookup('ansible.builtin.pipe', 'id')", False),
        ("name | map('extract')", False),
        ("web-1 (spare)", False),
        (TEMPLATE, False),
    ],
)
def test_what_could_do_something_is_not_trusted(text: str, trusted: bool) -> None:
    """Not even where a playbook evaluates a variable as an expression. Before 2.19, ansible-core knows no trust."""
    variable = host_variable(text)
    assert variable == text
    assert getattr(ansible.template, "is_trusted_as_template", lambda _text: trusted)(variable) is trusted


@pytest.mark.parametrize("value", [None, 1, True, "plain", ["a"], {"a": {"b": ["c"]}}])
def test_what_is_no_template_stays_as_it_is(value: t.Any) -> None:
    assert make_unsafe(value) == value
    assert type(make_unsafe(value)) is type(value)
    assert host_variable(value) == value
