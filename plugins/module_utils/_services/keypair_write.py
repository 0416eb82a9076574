# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection keyfleet.cloud: its interface may change without notice.

"""The steps of a plan for one key pair, each until it is certain what became of it."""

from __future__ import annotations

import dataclasses
import typing as t

from .._clock import Clock, Deadline
from .._errors import ApiError, InputError, KeyfleetError
from .._models import ErrorInfo, KeyPair
from .._plan.keypair_errors import in_use, label
from .._plan.keypair_model import Step, holds
from .._private_key_file import PrivateKeyFile, reason_of
from .._private_key_pem import public_half
from .._providers._key_store_protocol import NewKeyPair
from .._providers._protocol import Provider
from .._public_key import PublicKey, parse_public_key
from .._retry import answer_unknown
from .._waiting import intervals

# How often one write is sent when its answers get lost and a look tells that it did not happen.
ATTEMPTS = 4


class StrandedError(KeyfleetError):
    """A step failed, and so did undoing it: something is left in the cloud."""


class KeyPairWriter:
    """Writes for one task. ``keep_secret`` is told the private key before anything else happens to it."""

    def __init__(
        self,
        provider: Provider,
        clock: Clock,
        deadline: Deadline,
        keep_secret: t.Callable[[t.Iterable[str]], None],
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._deadline = deadline
        self._keep_secret = keep_secret
        self._made: PublicKey | None = None

    def do(self, step: Step, file: PrivateKeyFile | None) -> bool:
        """Do one step; return whether it changed anything. Raises KeyfleetError, StrandedError among them."""
        pair = step.key_pair or KeyPair(step.name, step.name)
        if step.kind == "create" and file is not None:
            return self._create(step, file)
        if step.kind == "import":
            return self._import(step)
        if step.kind == "delete":
            return self._delete(pair)
        if step.kind == "rename":
            return self._surely(
                lambda: self._provider.rename_key_pair(pair, step.name),
                lambda: (self._find(step.name) or KeyPair("", "")).id == pair.id,
            )
        return self._surely(lambda: self._provider.tag_key_pair(pair, step.tags), lambda: False)

    def _surely(self, send: t.Callable[[], None], landed: t.Callable[[], bool]) -> bool:
        """Send a write. After a lost answer look before sending again; return True once it is done."""
        lost = False
        for attempt, pause in enumerate(intervals(), start=1):
            try:
                send()
                break
            except KeyfleetError as error:
                lost = lost or answer_unknown(error)
                if lost and landed():
                    break
                if not answer_unknown(error) or attempt == ATTEMPTS or self._deadline.passed:
                    raise
            self._clock.sleep(pause)
        return True

    def _import(self, step: Step) -> bool:
        """Import a key; somebody who did the same a moment ago is fine."""
        key = step.key or self._made
        if key is None:
            raise InputError(f"There is no public key to import as {step.name}.", code="PublicKeyUnknown")

        def landed() -> bool:
            return holds(self._find(step.name), key)

        try:
            return self._surely(lambda: self._provider.import_key_pair(step.name, key.line, step.tags), landed)
        except ApiError:
            if landed():
                return False
            raise

    def _create(self, step: Step, file: PrivateKeyFile) -> bool:
        """Create a key pair; its private key is on the disk before anything else happens."""
        made = self._created(step)
        self._keep_secret((made.private_key, made.private_key.strip()))
        if "PRIVATE KEY" not in made.private_key or not made.private_key.isascii():
            self._undo(made.key_pair, "the answer held no private key")
        try:
            file.fill(made.private_key)
        except OSError as error:
            self._undo(made.key_pair, f"its private key could not be written to {file.path}: {reason_of(error)}")
        self._made = public_half(made.private_key) or self._shown(step.name)
        return True

    def _created(self, step: Step) -> NewKeyPair:
        """Return the new key pair. One whose private key was lost with the answer is deleted, and made again."""
        lost: KeyfleetError | None = None
        for attempt, pause in enumerate(intervals(), start=1):
            try:
                return self._provider.create_key_pair(step.name, step.tags)
            except KeyfleetError as error:
                found = self._find(step.name) if lost or answer_unknown(error) else None
                if found is None and not answer_unknown(error):
                    raise
                lost = error
                if found is not None:
                    self._discard(found, step, error)
                if attempt == ATTEMPTS or self._deadline.passed:
                    raise _private_key_lost(step.name, error, deleted=found is not None) from None
            self._clock.sleep(pause)
        raise InputError(f"{step.name} was not created.")

    def _discard(self, found: KeyPair, step: Step, error: KeyfleetError) -> None:
        """Delete what a lost answer left: the name was free a moment ago, and it has our tags and no instance."""
        if self._provider.holders_of(found) or dict(found.tags) != dict(step.tags):
            raise StrandedError(
                dataclasses.replace(
                    error.info,
                    code="KeyPairNotOurs",
                    message=f"The answer to the creation of {step.name} was lost, and the key pair {label(found)} that "
                    "is there now may be somebody else's: it is bound, or has other tags.",
                    hint="Look at it; delete it, or choose another name.",
                    retryable=False,
                )
            )
        self._delete(found)

    def _undo(self, pair: KeyPair, reason: str) -> t.NoReturn:
        """Delete the key pair that is of no use to anybody, and raise what happened."""
        info = ErrorInfo(
            code="PrivateKeyNotSaved",
            message=f"The key pair {label(pair)} was created, but {reason}. It was deleted again.",
            hint="Correct that, then run the task again.",
        )
        try:
            self._delete(pair)
        except KeyfleetError as error:
            message = f"The key pair {label(pair)} was created, but {reason}. It could not be deleted again"
            left = dataclasses.replace(
                info,
                message=f"{message}: {error.info.message}",
                hint="Delete it with state=absent; nobody has its private key.",
                request_id=error.info.request_id,
            )
            raise StrandedError(left) from None
        raise KeyfleetError(info)

    def _delete(self, pair: KeyPair) -> bool:
        """Delete a key pair; wait until an unbind of a moment ago has reached it. Returns False if it was gone."""
        for pause in intervals():
            try:
                return self._surely(lambda: self._provider.delete_key_pair(pair), lambda: self._still(pair) is None)
            except ApiError as error:
                if error.kind == "done":
                    return False
                if error.kind != "busy":
                    raise
                holders = self._holders(pair)
                if holders:
                    raise KeyfleetError(in_use(pair, holders, replacing=False)) from None
                if self._deadline.passed:
                    raise
            self._clock.sleep(min(pause, self._deadline.remaining))
        return False

    def _holders(self, pair: KeyPair) -> tuple[str, ...]:
        found = self._still(pair)
        return self._provider.holders_of(found) if found else ()

    def _still(self, pair: KeyPair) -> KeyPair | None:
        """Return the key pair if it is there, and not another one that was given its name meanwhile."""
        found = self._find(pair.id)
        if found is None or pair.public_key is None or found.public_key == pair.public_key:
            return found
        return None

    def _find(self, reference: str) -> KeyPair | None:
        return self._provider.key_pairs([reference]).get(reference)

    def _shown(self, name: str) -> PublicKey | None:
        try:
            return parse_public_key((self._find(name) or KeyPair("", "")).public_key or "")
        except (KeyfleetError, ValueError):
            return None


def _private_key_lost(name: str, error: KeyfleetError, *, deleted: bool) -> KeyfleetError:
    """Return the error for a creation whose answers all got lost."""
    message = f"Every answer to the creation of the key pair {name} was lost: {error.info.message.rstrip('.')}."
    hint = f"Run the task again. Should {name} be there then, nobody has its private key; delete it first."
    info = dataclasses.replace(error.info, code="PrivateKeyLost", message=message, hint=hint)
    if deleted:
        message = f"{message} What had been created was deleted again."
        return KeyfleetError(dataclasses.replace(info, message=message, hint="Run the task again."))
    return StrandedError(info)
