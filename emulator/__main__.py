# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m emulator``: the emulator as a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from .embedded import Emulator
from .errors import ControlError


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stopped.set())
    try:
        emulator = Emulator(
            options.host,
            options.port,
            _json_file(options.seed),
            _json_file(options.settings),
            options.cert,
            options.key,
        )
    except (ControlError, OSError, ValueError) as error:
        sys.stderr.write(f"emulator: {error}\n")
        return 2
    with emulator:
        sys.stdout.write(f"listening on {emulator.url}\n")
        sys.stdout.flush()
        if options.ready_file is not None:
            _write_ready_file(options.ready_file, emulator)
        try:
            stopped.wait()
        finally:
            if options.ready_file is not None:
                options.ready_file.unlink(missing_ok=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emulator", description="Emulates Tencent Cloud Lighthouse and CVM and Alibaba Cloud ECS."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument(
        "--ready-file", type=Path, help="write url, port and pid as JSON to this file when ready; removed at the end"
    )
    parser.add_argument("--seed", type=Path, help="JSON file with accounts, key pairs, instances and fleets")
    parser.add_argument("--settings", type=Path, help="JSON file with settings")
    parser.add_argument("--cert", help="PEM file with the certificate chain: serve HTTPS")
    parser.add_argument("--key", help="PEM file with the certificate's private key")
    return parser


def _json_file(path: Path | None) -> Any:
    return None if path is None else json.loads(path.read_text(encoding="utf-8"))


def _write_ready_file(path: Path, emulator: Emulator) -> None:
    """Write the file in one step, so that whoever sees it sees all of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps({"url": emulator.url, "port": emulator.port, "pid": os.getpid()}), encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    sys.exit(main())
