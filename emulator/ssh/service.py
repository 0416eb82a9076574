# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens and closes the SSH servers as the instances run and stop, in one background thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..cloud import Cloud
from ..world import Access, Instance
from .doors import Door

if TYPE_CHECKING:
    from .protocol import Listener

#: seconds between two looks at the world, which has no timers of its own
TICK = 0.05
#: seconds that a look may take before something is wrong
_PATIENCE = 10.0


@dataclass(frozen=True)
class _Open:
    """An SSH server in service; ``booted`` is the start time of the instance that it belongs to."""

    door: Door
    booted: float
    listener: Listener


class SshService:
    """The SSH servers of a cloud's instances. The thread exists only between start and stop, while there are doors."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._active = False
        self._guard = threading.RLock()
        self._runner: _Runner | None = None

    def start(self) -> None:
        """Serve from now on."""
        with self._guard:
            self._active = True
            self.refresh()

    def stop(self) -> None:
        """Close every server, cut every connection and give the ports back."""
        with self._guard:
            self._active = False
            self._halt()
            with self._cloud.lock:
                self._cloud.ssh_doors.release()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Close every server for the time in which the world is replaced."""
        with self._guard:
            self._halt()
            try:
                yield
            finally:
                self.refresh()

    def refresh(self) -> None:
        """Return when the servers fit what the instances do now. Not to be called with the cloud's lock held."""
        if self._runner is None and not self._cloud.ssh_doors:
            return
        with self._guard:
            if self._active and self._cloud.ssh_doors:
                self._runner = self._runner or _Runner(self._cloud)
                self._runner.refresh()

    def _halt(self) -> None:
        if self._runner is not None:
            self._runner.stop()
            self._runner = None


class _Runner:
    """The thread with its event loop and the servers that are open."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._open: dict[int, _Open] = {}
        self._turn = asyncio.Lock()
        self._ended = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ssh", daemon=True)
        self._thread.start()
        self._watcher = asyncio.run_coroutine_threadsafe(self._watch(), self._loop)

    def refresh(self) -> None:
        """Open and close what has to be; raises what went wrong in the thread, also earlier."""
        if self._watcher.done():
            self._watcher.result()
        asyncio.run_coroutine_threadsafe(self._follow(), self._loop).result(_PATIENCE)

    def stop(self) -> None:
        """Close everything and end the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _watch(self) -> None:
        while True:
            await self._follow()
            await asyncio.sleep(TICK)

    async def _follow(self) -> None:
        """Close the servers of instances that are down or were restarted, then open those of instances that are up."""
        async with self._turn:
            if self._ended:
                return
            with self._cloud.lock:
                self._cloud.world.settle(self._cloud.now)
                up = {d.instance.number: (d, d.instance.start_time) for d in self._cloud.ssh_doors if d.instance.up}
            for number, server in list(self._open.items()):
                if number not in up or up[number][1] != server.booted:
                    await self._close(number)
            for number, (door, booted) in up.items():
                if number not in self._open:
                    self._open[number] = _Open(door, booted, self._listen(door))
                    door.listening = True

    def _listen(self, door: Door) -> Listener:
        from .protocol import Listener  # noqa: PLC0415 - asyncssh may be missing

        return Listener(
            door.new_socket(), door.private_host_key, door.instance.name, lambda: self._access(door.instance)
        )

    def _access(self, instance: Instance) -> Access:
        with self._cloud.lock:
            self._cloud.world.settle(self._cloud.now)
            return instance.access

    async def _close(self, number: int) -> None:
        server = self._open.pop(number)
        server.door.listening = False
        await server.listener.close()

    async def _end(self) -> None:
        async with self._turn:
            self._ended = True
            self._watcher.cancel()
            for number in list(self._open):
                await self._close(number)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
