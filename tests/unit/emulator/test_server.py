# Copyright (c) 2026, Keyfleet contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP server and the process: connections, TLS, refusals, ready file, signals."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path

import pytest
from ansible_collections.keyfleet.cloud.emulator import Emulator
from ansible_collections.keyfleet.cloud.tests.unit.emulator.client import tencent_cloud
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

MODULE = "ansible_collections.keyfleet.cloud.emulator"
HEALTH = "/_emulator/health"


def test_a_connection_is_kept_alive_and_numbered() -> None:
    with tencent_cloud() as cloud:
        target, body, headers = cloud.lighthouse.tc3("DescribeInstances", {})
        for expected in (1, 2):
            connection = http.client.HTTPConnection("127.0.0.1", cloud.emulator.port, timeout=120)
            for _number in range(3):
                connection.request("POST", target, body, headers)
                answer = connection.getresponse()
                assert (answer.version, answer.headers["Connection"]) == (11, "keep-alive")
                assert int(answer.headers["Content-Length"]) == len(answer.read())
            connection.close()
            assert {entry["connection"] for entry in cloud.emulator.log()} == {expected}
            cloud.emulator.clear_log()


def test_connection_close_is_honoured() -> None:
    with Emulator() as emulator, socket.create_connection(("127.0.0.1", emulator.port), timeout=120) as connection:
        connection.sendall(f"GET {HEALTH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
        assert b"Connection: close" in received
        assert received.endswith(b'{"status": "ok"}')


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", 411),
        ("POST / HTTP/1.1\r\nContent-Length: many", 411),
        ("POST / HTTP/1.1\r\nContent-Length: 99999999", 413),
        (f"GET /{'x' * 70_000} HTTP/1.1", 414),
        ("GET / HTTP/7", 400),
    ],
)
def test_requests_that_no_server_would_take(head: str, status: int) -> None:
    with Emulator() as emulator, socket.create_connection(("127.0.0.1", emulator.port), timeout=120) as connection:
        connection.sendall(f"{head}\r\nHost: x\r\n\r\n".encode())
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
        assert f" {status} " in received.split(b"\r\n")[0].decode() or f">Error code: {status}<" in received.decode()


def test_stopping_closes_open_connections_and_frees_the_port() -> None:
    with Emulator() as emulator:
        connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=120)
        connection.request("GET", HEALTH)
        connection.getresponse().read()
        port = emulator.port
    assert connection.sock.recv(1) == b""
    connection.close()
    with Emulator(port=port) as emulator:
        assert emulator.port == port


def certificate(folder: Path) -> tuple[str, str]:
    """A self-signed certificate for 127.0.0.1 and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "emulator")])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    return str(cert_file), str(key_file)


def test_tls(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with Emulator(cert=cert, key=key) as emulator:
        assert emulator.url == f"https://127.0.0.1:{emulator.port}"
        with socket.create_connection(("127.0.0.1", emulator.port)) as silent:
            # Somebody who connects and says nothing must not keep others waiting.
            context = ssl.create_default_context(cafile=cert)
            connection = http.client.HTTPSConnection("127.0.0.1", emulator.port, timeout=120, context=context)
            connection.request("GET", HEALTH)
            assert connection.getresponse().read() == b'{"status": "ok"}'
            connection.close()
            silent.sendall(b"this is not TLS")


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", MODULE, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(file: Path) -> dict[str, object]:
    deadline = time.monotonic() + 120
    while not file.exists():
        assert time.monotonic() < deadline, "the emulator did not get ready"
        time.sleep(0.02)
    found: dict[str, object] = json.loads(file.read_text())
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_tells_when_it_is_ready_and_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    seed, settings, ready = tmp_path / "seed.json", tmp_path / "settings.json", tmp_path / "ready.json"
    seed.write_text('{"accounts": [{"vendor": "tencent", "account_id": "1"}]}')
    settings.write_text('{"switches": {"cvm_bind": "replace"}}')
    process = start("--seed", str(seed), "--settings", str(settings), "--ready-file", str(ready))
    try:
        found = wait_for(ready)
        assert found == {
            "url": f"http://127.0.0.1:{found['port']}",
            "port": found["port"],
            "pid": process.pid,
        }
        connection = http.client.HTTPConnection("127.0.0.1", int(str(found["port"])), timeout=120)
        connection.request("GET", "/_emulator/settings")
        assert json.loads(connection.getresponse().read())["switches"]["cvm_bind"] == "replace"
        os.kill(process.pid, number)
        output, errors = process.communicate(timeout=120)
        connection.close()
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, "")
    assert output == f"listening on {found['url']}\n"
    assert not ready.exists()


def test_a_bad_seed_is_told_and_nothing_is_started(tmp_path: Path) -> None:
    seed, ready = tmp_path / "seed.json", tmp_path / "ready.json"
    seed.write_text('{"instances": [{}]}')
    process = start("--seed", str(seed), "--ready-file", str(ready))
    output, errors = process.communicate(timeout=120)
    assert (process.returncode, output) == (2, "")
    assert errors == "emulator: instances[0].provider: must be one of " + (
        "tencent_lighthouse, tencent_cvm, tencent_cvm_legacy, alibaba_ecs\n"
    )
    assert not ready.exists()
