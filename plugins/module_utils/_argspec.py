# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The arguments of the modules, as plain data; each block goes with a documentation fragment or a module."""

from __future__ import annotations

import typing as t

from ._providers._registry import PROVIDERS

ArgumentSpec = dict[str, dict[str, t.Any]]


def connection_arguments() -> ArgumentSpec:
    """Return the options that all plugins share; documented in the fragment ``connection``."""
    return {
        "provider": {"type": "str", "required": True, "choices": sorted(PROVIDERS)},
        "region": {"type": "str"},
        "access_key_id": {"type": "str", "aliases": ["secret_id"], "no_log": False},
        "access_key_secret": {"type": "str", "aliases": ["secret_key"], "no_log": True},
        "security_token": {"type": "str", "aliases": ["token"], "no_log": True},
        "profile": {"type": "str"},
        "role_arn": {"type": "str"},
        "role_session_name": {"type": "str"},
        "expected_account_id": {"type": "str"},
        "endpoint": {"type": "str"},
        "validate_certs": {"type": "bool", "default": True},
        "ca_path": {"type": "path"},
        "api_timeout": {"type": "int", "default": 30},
        "api_retries": {"type": "int", "default": 5},
        "api_rate_share": {"type": "int"},
    }


def entries_arguments() -> ArgumentSpec:
    """Return the options of modules that take entries for many places; documented in ``binding_entries``.

    The connection options are defaults for the entries, so that none of them is required. The members of an entry are
    not spelled out here: what is wrong with one is told in words that name the entry.
    """
    connection = connection_arguments()
    connection["provider"] = {"type": "str", "choices": sorted(PROVIDERS)}
    return {**connection, "bindings": {"type": "list", "elements": "raw", "default": []}}


def binding_plan_arguments() -> ArgumentSpec:
    """Return the options of its own that binding_plan has."""
    states = ["absent", "present"]
    return {
        **rollout_arguments(),
        "default_state": {"type": "str", "default": "present", "choices": states},
        "only_state": {"type": "str", "choices": states},
        "waves": {"type": "list", "elements": "str", "default": ["100%"]},
        "expected_key_pairs": {"type": "list", "elements": "str", "default": [], "no_log": False},
        "journal_path": {"type": "path"},
    }


def binding_wave_arguments() -> ArgumentSpec:
    """Return the options of its own that binding_wave has."""
    return {
        **rollout_arguments(),
        "restore": {"type": "list", "elements": "dict", "default": []},
        "known_key_pairs": {"type": "list", "elements": "dict", "default": [], "no_log": False},
        "journal_path": {"type": "path", "required": True},
        "lock_timeout": {"type": "int", "default": 900},
        "wait_timeout": {"type": "int", "default": 600},
        "run_name": {"type": "str"},
        "wait_for_ssh": {"type": "bool", "default": False},
        "prove_first": {"type": "bool", "default": False},
        "rollback": {"type": "str", "default": "none", "choices": ["failed", "none", "wave"]},
    }


def rollout_arguments() -> ArgumentSpec:
    """Return what a rollout may do; documented in the fragment ``rollout``."""
    return {
        "interruption": {"type": "str", "default": "none", "choices": ["force", "none", "soft"]},
        "make_effective": {"type": "bool", "default": True},
        "last_key_policy": {
            "type": "str",
            "default": "refuse",
            "choices": ["allow", "refuse", "warn"],
            "no_log": False,
        },
    }


def wait_arguments() -> ArgumentSpec:
    """Return the options of modules that wait; documented in the fragment ``wait``."""
    return {
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 600},
    }


def binding_arguments() -> ArgumentSpec:
    """Return the options of its own that keypair_binding has."""
    return {
        "key_pairs": {
            "type": "list",
            "elements": "str",
            "required": True,
            "aliases": ["key_ids", "key_pair_names"],
            "no_log": False,
        },
        "instance_ids": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "default": "present", "choices": ["absent", "present"]},
        "exclusive": {"type": "bool", "default": False},
        "force_stop": {"type": "bool", "default": False},
        "association_type": {"type": "str", "choices": ["offline", "online"]},
        "username": {"type": "str"},
        "last_key_policy": {
            "type": "str",
            "default": "warn",
            "choices": ["allow", "refuse", "warn"],
            "no_log": False,
        },
    }


def keypair_arguments() -> ArgumentSpec:
    """Return the options of its own that keypair has."""
    return {
        "name": {"type": "str", "required": True},
        "state": {"type": "str", "default": "present", "choices": ["absent", "present"]},
        "public_key": {"type": "str", "no_log": False},
        "private_key_path": {"type": "path", "no_log": False},
        "replace": {"type": "bool", "default": False},
        "tags": {"type": "dict"},
        "wait_timeout": {"type": "int", "default": 120},
    }


def instance_filter_arguments() -> ArgumentSpec:
    """Return the options of its own that instance_info has."""
    return {
        "instance_ids": {"type": "list", "elements": "str"},
        "names": {"type": "list", "elements": "str"},
        "tags": {"type": "dict"},
        "states": {"type": "list", "elements": "str"},
        "key_pair": {"type": "str", "no_log": False},
    }


def key_pair_filter_arguments() -> ArgumentSpec:
    """Return the options of its own that keypair_info has."""
    return {
        "names": {"type": "list", "elements": "str"},
        "ids": {"type": "list", "elements": "str"},
    }


def raw_arguments() -> ArgumentSpec:
    """Return the option of modules that describe what the vendor describes."""
    return {"include_raw": {"type": "bool", "default": False}}


def binding_filter_arguments() -> ArgumentSpec:
    """Return the options of its own that keypair_binding_info has."""
    return {
        "key_pairs": {
            "type": "list",
            "elements": "str",
            "aliases": ["key_ids", "key_pair_names"],
            "no_log": False,
        },
        "instance_ids": {"type": "list", "elements": "str"},
    }


def power_arguments() -> ArgumentSpec:
    """Return the options of its own that instance_power has."""
    return {
        "instance_ids": {"type": "list", "elements": "str", "required": True},
        "state": {"type": "str", "required": True, "choices": ["restarted", "running", "stopped"]},
        "stop_type": {"type": "str", "default": "soft_first", "choices": ["hard", "soft", "soft_first"]},
        "keep_charging": {"type": "bool", "default": True},
    }


def drift_arguments() -> ArgumentSpec:
    """Return the options of its own that drift_report has."""
    return {
        "json_path": {"type": "path"},
        "max_rows": {"type": "int", "default": 50},
        "title": {"type": "str", "default": "Key pair drift"},
        "facts": {"type": "dict", "default": {}},
    }
