# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX asks of a survey when it is saved, and of its answers when a job starts.

The rules of AWX 24.6.1: JobTemplateSurveySpec in its API, SurveyJobTemplateMixin in its models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPES = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": float,
}
CHOICES = ("multiplechoice", "multiselect")


class SurveyError(Exception):
    """AWX would refuse the survey."""


def check_survey(survey: Mapping[str, Any]) -> None:
    """Raise SurveyError unless AWX would save the survey."""
    for name, wanted in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(name), wanted):
            raise SurveyError(f"Expected {wanted.__name__} for field '{name}'.")
    if not survey["spec"]:
        raise SurveyError("'spec' doesn't contain any items.")
    variables = set()
    for number, question in enumerate(survey["spec"]):
        _check_question(number, question)
        if question["variable"] in variables:
            raise SurveyError(f"'variable' '{question['variable']}' duplicated in survey question {number}.")
        variables.add(question["variable"])


def _check_question(number: int, question: Any) -> None:
    if not isinstance(question, dict):
        raise SurveyError(f"Survey question {number} is not a json object.")
    for name in ("type", "question_name", "variable", "required"):
        wanted = bool if name == "required" else str
        if not isinstance(question.get(name), wanted):
            raise SurveyError(f"'{name}' in survey question {number} expected to be {wanted.__name__}.")
    kind = question["type"]
    if kind not in TYPES:
        raise SurveyError(f"'{kind}' in survey question {number} is not one of the allowed question types.")
    default = question.get("default", "")
    if default != "" and (not isinstance(default, TYPES[kind]) or isinstance(default, bool)):
        raise SurveyError(f"Default value {default} in survey question {number} expected to be {kind}.")
    for limit in ("min", "max"):
        if question.get(limit) is not None and not isinstance(question[limit], int):
            raise SurveyError(f"The {limit} limit in survey question {number} expected to be integer.")
    if kind in CHOICES:
        _check_choices(number, question)


def _check_choices(number: int, question: dict[str, Any]) -> None:
    if "choices" not in question:
        raise SurveyError(f"Survey question {number} of type {question['type']} must specify choices.")
    defaults = _lines(question.get("default", ""))
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        raise SurveyError("Multiple Choice (Single Select) can only have one default value.")
    if any(default not in _choices(question) for default in defaults):
        raise SurveyError("Default choice must be answered from the choices listed.")


def wrong_answers(survey: Mapping[str, Any], answers: Mapping[str, Any], *, need_all: bool = True) -> list[str]:
    """Return what AWX says against the answers; nothing if it takes them."""
    errors = []
    for question in survey.get("spec", []):
        if question["variable"] in answers:
            errors += _wrong_answer(question, answers[question["variable"]])
        elif question["required"] and need_all:
            errors.append(f"'{question['variable']}' value missing")
    return errors


def _wrong_answer(question: Mapping[str, Any], answer: Any) -> list[str]:
    name, kind = question["variable"], question["type"]
    if kind == "multiselect":
        if not isinstance(answer, list):
            return [f"'{name}' value is expected to be a list."]
        return [
            f"Value {value} for '{name}' expected to be one of." for value in answer if value not in _choices(question)
        ]
    if kind == "multiplechoice":
        return [] if answer in _choices(question) else [f"Value {answer} for '{name}' expected to be one of."]
    wanted = {"integer": (int,), "float": (float, int)}.get(kind, (str,))
    if type(answer) not in wanted:
        return [f"Value {answer} for '{name}' expected to be a {kind}."]
    size = len(answer) if isinstance(answer, str) else answer
    smallest, largest = question.get("min"), question.get("max")
    if smallest not in ("", None) and size < smallest:
        return [f"'{name}' value {answer} is too small."]
    if largest not in ("", None) and size > largest:
        return [f"'{name}' value {answer} is too large."]
    return []


def defaults(survey: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers that a job has that nobody was asked for: a schedule's, or a workflow's.

    The default of a multiselect question is a text, which is no valid answer to it, so AWX leaves it out, as it does an
    empty text that need not be answered.
    """
    given = {
        question["variable"]: question["default"]
        for question in survey["spec"]
        if question.get("default") is not None and (question["default"] != "" or question["required"])
    }
    return {name: value for name, value in given.items() if not wrong_answers(survey, {name: value}, need_all=False)}


def _choices(question: Mapping[str, Any]) -> list[str]:
    return _lines(question["choices"])


def _lines(value: Any) -> list[str]:
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return list(value)
