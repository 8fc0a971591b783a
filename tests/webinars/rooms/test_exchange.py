"""Encrypted connections: with a certificate to trust, without one, and with a server that takes its time."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.webinars.rooms import fakes
from webinars.rooms import RoomDown, RoomSlow
from webinars.rooms.exchange import get


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, signed by itself, valid while the tests run by the machine's clock."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = builder.add_extension(host, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[fakes.FakeJitsi]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with fakes.running(fakes.FakeJitsi, context) as fake:
        yield fake


@pytest.fixture
def trust(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def test_a_trusted_server_is_read(encrypted: fakes.FakeJitsi, trust: Callable[[], None]) -> None:
    trust()

    answer = get(f"{encrypted.address}/")

    assert (answer.status, answer.body) == (200, b"<!doctype html><title>Jitsi Meet</title>")


def test_a_server_that_nobody_vouches_for_is_not_asked(encrypted: fakes.FakeJitsi) -> None:
    with pytest.raises(RoomDown) as caught:
        get(f"{encrypted.address}/")

    assert (caught.value.reason, encrypted.asked) == ("certificate", [])


def test_the_limit_for_the_whole_holds_under_encryption(
    encrypted: fakes.FakeJitsi, trust: Callable[[], None], settings: Any
) -> None:
    trust()
    settings.ROOM_TIMEOUT = 0.5
    encrypted.mode = "drip"
    begun = time.monotonic()

    with pytest.raises(RoomSlow) as caught:
        get(f"{encrypted.address}/")

    assert caught.value.reason == "answer"
    assert time.monotonic() - begun < 3


def test_a_server_that_never_shakes_hands_is_slow(settings: Any) -> None:
    settings.ROOM_TIMEOUT = 0.3
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/"

        with pytest.raises(RoomSlow) as caught:
            get(address)

    assert caught.value.reason == "connection"


def test_an_answer_that_is_cut_off_by_the_limit_does_not_pass_for_a_whole_one(
    settings: Any,
) -> None:
    settings.ROOM_TIMEOUT = 0.4
    with fakes.running(fakes.FakeJitsi) as fake:
        fake.mode = "half"

        with pytest.raises(RoomSlow):
            get(f"{fake.address}/")


def test_nothing_is_read_where_only_the_status_counts() -> None:
    with fakes.running(fakes.FakeJitsi) as fake:
        fake.mode = "huge"

        answer = get(f"{fake.address}/", most_bytes=0)

    assert (answer.status, answer.body) == (200, b"")
