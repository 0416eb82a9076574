# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stop, start and reboot: one instance (``InstanceId``) or many (``InstanceId.N``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..errors import ApiError
from ..providers import ECS
from ..world import Instance, Timeline
from .context import Context
from .errors import refusal

MAX_INSTANCES = 100

_STOPPED_MODES = ("KeepCharging", "StopCharging")
_BATCHES = ("AllTogether", "SuccessFirst")


@dataclass(frozen=True)
class _Transition:
    """From ``before`` through ``during`` to ``after``, in the time of the phase ``duration``.

    ``boots``: the guest starts, and so takes over the recorded key or password. ``failed`` is where a failure ends.
    """

    duration: str
    before: str
    during: str
    after: str
    failed: str
    boots: bool


_STOP = _Transition("stop", "Running", "Stopping", "Stopped", failed="Running", boots=False)
_START = _Transition("start", "Stopped", "Starting", "Running", failed="Stopped", boots=True)
_REBOOT = _Transition("reboot", "Running", "Starting", "Running", failed="Stopped", boots=True)


def stop_instance(context: Context) -> dict[str, Any]:
    """``StopInstance``; ``ForceStop`` changes nothing that a client could see."""
    return _one(context, _STOP, force="ForceStop")


def start_instance(context: Context) -> dict[str, Any]:
    """``StartInstance``."""
    return _one(context, _START)


def reboot_instance(context: Context) -> dict[str, Any]:
    """``RebootInstance``; its force parameter is ``ForceStop``."""
    return _one(context, _REBOOT, force="ForceStop")


def stop_instances(context: Context) -> dict[str, Any]:
    """``StopInstances``."""
    return _many(context, _STOP, force="ForceStop")


def start_instances(context: Context) -> dict[str, Any]:
    """``StartInstances``."""
    return _many(context, _START)


def reboot_instances(context: Context) -> dict[str, Any]:
    """``RebootInstances``; its force parameter is ``ForceReboot``."""
    return _many(context, _REBOOT, force="ForceReboot")


def _one(context: Context, transition: _Transition, force: str | None = None) -> dict[str, Any]:
    change = _prepare(context, transition, force)
    instance_id = context.parameters.required("InstanceId")
    context.authorize([instance_id])
    instance = context.find_anywhere(instance_id)
    _check(instance, transition, context.parameters.text("StoppedMode"))
    if context.parameters.flag("DryRun"):
        raise refusal("DryRunOperation")
    change(instance)
    return {}


def _many(context: Context, transition: _Transition, force: str | None = None) -> dict[str, Any]:
    """AllTogether: one unfit instance refuses the call; SuccessFirst: each instance has its own code."""
    change = _prepare(context, transition, force)
    ids = list(dict.fromkeys(context.parameters.repeated("InstanceId", maximum=MAX_INSTANCES)))
    if not ids:
        context.parameters.required("InstanceId.1")
    context.authorize(ids)
    success_first = context.parameters.choice("BatchOptimization", _BATCHES) == "SuccessFirst"
    outcomes = {instance_id: _outcome(context, instance_id, transition) for instance_id in ids}
    if not success_first:
        for error in outcomes.values():
            if isinstance(error, ApiError):
                raise error
    if context.parameters.flag("DryRun"):
        raise refusal("DRYRUN.SUCCESS")
    responses = [_response(instance_id, outcome, change) for instance_id, outcome in outcomes.items()]
    return {"InstanceResponses": {"InstanceResponse": responses}}


def _outcome(context: Context, instance_id: str, transition: _Transition) -> Instance | ApiError:
    """The instance, if it is fit for the change; otherwise why not."""
    try:
        code = context.injected_failure(instance_id)
        if code is not None:
            raise refusal(code)
        instance = context.find_anywhere(instance_id)
        _check(instance, transition, context.parameters.text("StoppedMode"))
    except ApiError as error:
        return error
    return instance


def _response(instance_id: str, outcome: Instance | ApiError, change: Callable[[Instance], None]) -> dict[str, str]:
    if isinstance(outcome, ApiError):
        return {"InstanceId": instance_id, "Code": outcome.code, "Message": outcome.message}
    previous = outcome.state
    change(outcome)
    return {
        "InstanceId": instance_id,
        "Code": "200",
        "Message": "success",
        "PreviousStatus": previous,
        "CurrentStatus": outcome.state,
    }


def _check(instance: Instance, transition: _Transition, stopped_mode: str | None) -> None:
    """Is the instance fit for the change?

    :raises ApiError: the codes of the power actions' pages.
    """
    if "security" in instance.locks:
        raise refusal("InstanceLockedForSecurity")
    if instance.locks and transition is not _STOP:
        raise refusal("InstanceExpiredOrInArrears")
    if instance.busy or instance.state != transition.before:
        raise refusal("IncorrectInstanceStatus")
    if stopped_mode == "StopCharging" and instance.charge_type == "PrePaid":
        raise refusal("InvalidInstanceId.NotSupport")


def _prepare(context: Context, transition: _Transition, force: str | None) -> Callable[[Instance], None]:
    """Read the parameters that all instances share; the result starts the change of one instance."""
    # A guest that ignores a soft stop or reboot goes on running.
    ignored = (
        force is not None
        and not context.parameters.flag(force)
        and context.cloud.settings.switch("soft_stop") == "ignored"
    )
    stop_charging = context.parameters.choice("StoppedMode", _STOPPED_MODES) == "StopCharging"
    seconds = context.cloud.settings.duration(ECS, transition.duration)
    fails = context.call.operation_fails or ignored

    def change(instance: Instance) -> None:
        timeline = Timeline(context.now).enter(transition.during).wait(seconds)
        if transition is _STOP:
            instance.stop_charging = stop_charging and not fails
        elif not fails:
            instance.stop_charging = False
        if transition.boots and not fails:
            timeline.do(instance.make_effective)
        timeline.enter(transition.before if ignored else transition.failed if fails else transition.after)
        if ignored:
            timeline.do(partial(setattr, instance, "start_time", instance.start_time))
        operation = timeline.operation(context.call.action, context.call.request_id, "failed" if fails else None)
        context.cloud.world.begin(instance, operation, context.now)

    return change
