# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The asynchronous operations on instances: which states they pass through, and when they take effect.

Sources: the pages of StopInstances, StartInstances, RebootInstances, ResetInstancesPassword, AssociateInstancesKeyPairs
and DisassociateInstancesKeyPairs of both products. They differ in what they allow; what then happens is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..world import Binding, Instance, KeyPair, Timeline
from .context import Context
from .stop_types import shutdown

_FAILURE = "The operation on the instance failed."


def stop(context: Context, instance: Instance, stop_charging: bool = False) -> None:
    """RUNNING, STOPPING, STOPPED."""
    seconds, works = shutdown(context, "stop")
    line = Timeline(context.now).enter("STOPPING").wait(seconds)
    if works:
        line.enter("STOPPED").do(lambda: setattr(instance, "stop_charging", stop_charging))
    else:
        line.enter("RUNNING")
    _begin(context, instance, line, works)


def start(context: Context, instance: Instance) -> None:
    """STOPPED, STARTING, RUNNING."""
    line = Timeline(context.now).enter("STARTING").wait(context.duration("start"))
    if context.call.operation_fails:
        line.enter("STOPPED")
    else:
        line.enter("RUNNING").do(lambda: setattr(instance, "stop_charging", False))
    _begin(context, instance, line, not context.call.operation_fails)


def reboot(context: Context, instance: Instance) -> None:
    """RUNNING, REBOOTING, RUNNING; after a failure it is RUNNING as well."""
    seconds, works = shutdown(context, "reboot")
    line = Timeline(context.now).enter("REBOOTING").wait(seconds).enter("RUNNING")
    _begin(context, instance, line, works)


def reset_password(context: Context, instance: Instance, restart: bool) -> None:
    """Set a password, with which one may then log in; see ``_change`` for the power state."""
    password, username = context.params["Password"], context.params.get("UserName") or None

    def effect() -> None:
        instance.password = instance.password_login = True
        instance.guest = instance.guest.with_password(password, username)

    _change(context, instance, "reset_password", effect, forced=True, restart=restart)


def bind(
    context: Context,
    instance: Instance,
    key_pairs: list[KeyPair],
    *,
    replace: bool,
    forced: bool,
    restart: bool,
    username: str | None = None,
) -> None:
    """Bind key pairs, after or (``replace``) instead of those bound before; password login ends."""
    done_at = context.now + _lead_time(context, instance, forced) + context.duration("bind")
    added = [Binding(key_pair.key_id, key_pair.public_key, username) for key_pair in key_pairs]

    def effect() -> None:
        kept = () if replace else instance.bindings
        _rebind(context, instance, [*kept, *added], done_at)

    def release() -> None:
        for key_pair in key_pairs:
            key_pair.pending.discard(instance.instance_id)

    for key_pair in key_pairs:
        key_pair.pending.add(instance.instance_id)
    _change(context, instance, "bind", effect, forced=forced, restart=restart, always=release)


def unbind(context: Context, instance: Instance, key_ids: Iterable[str], *, forced: bool, restart: bool) -> None:
    """Unbind key pairs; without any left the earlier password counts again."""
    dropped = set(key_ids)
    done_at = context.now + _lead_time(context, instance, forced) + context.duration("unbind")

    def effect() -> None:
        _rebind(context, instance, [b for b in instance.bindings if b.key_id not in dropped], done_at)

    _change(context, instance, "unbind", effect, forced=forced, restart=restart)


def _rebind(context: Context, instance: Instance, bindings: list[Binding], at: float) -> None:
    context.cloud.world.record(instance, bindings, at)
    instance.make_effective()


def _lead_time(context: Context, instance: Instance, forced: bool) -> float:
    return context.duration("stop") if forced and instance.up else 0.0


def _change(
    context: Context,
    instance: Instance,
    phase: str,
    effect: Callable[[], None],
    *,
    forced: bool,
    restart: bool,
    always: Callable[[], None] | None = None,
) -> None:
    """Change the guest. ``forced``: a running one is powered off first and, with ``restart``, started again.

    A failure happens at the moment of the change: the guest stays as it was, and a powered-off instance stays off.
    """
    line = Timeline(context.now)
    powered_off = forced and instance.up
    if powered_off:
        line.enter("STOPPING").wait(context.duration("stop")).enter("STOPPED")
    line.wait(context.duration(phase))
    if always is not None:
        line.do(always)
    if not context.call.operation_fails:
        line.do(effect)
        if powered_off and restart:
            line.enter("STARTING").wait(context.duration("start")).enter("RUNNING")
    _begin(context, instance, line, not context.call.operation_fails)


def _begin(context: Context, instance: Instance, line: Timeline, works: bool) -> None:
    operation = line.operation(context.action.name, context.request_id, None if works else _FAILURE)
    context.cloud.world.begin(instance, operation, context.now)
