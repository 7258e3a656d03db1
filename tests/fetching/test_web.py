"""Which addresses are public, and that no name leads elsewhere."""

import socket

import pytest

from rag_ft.errors import FetchError
from rag_ft.fetching.web import Limits, Web, is_public


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_a_name_that_resolves_to_a_private_address_is_not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(host: str, port: int, **_: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]

    def connect(*_: object) -> None:
        raise AssertionError("connected")

    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.setattr("rag_ft.fetching.web.getproxies", dict)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket.socket, "connect", connect)
    web = Web(["www.mas.gov.sg"], Limits(seconds=2.0, delay=0.0))
    with pytest.raises(FetchError, match="has no public address"), web.get("https://www.mas.gov.sg/a"):
        pass


def test_a_proxy_is_asked_to_tunnel(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Tunnel:
        sock = None

        def __init__(self, host: str, port: int, **_: object) -> None:
            asked.append((host, port))

        def set_tunnel(self, host: str, port: int, headers: dict[str, str]) -> None:
            asked.append((host, port, headers))

        def connect(self) -> None:
            raise ConnectionRefusedError("refused")

        def close(self) -> None:
            pass

    monkeypatch.setattr(
        "rag_ft.fetching.web.getproxies", lambda: {"https": "http://jo:p%40ss@proxy.bank:8080"}
    )
    monkeypatch.setattr("rag_ft.fetching.web.proxy_bypass", lambda _: False)
    monkeypatch.setattr("rag_ft.fetching.web.http.client.HTTPSConnection", Tunnel)
    web = Web(["www.mas.gov.sg"], Limits(seconds=2.0, delay=0.0))
    with pytest.raises(FetchError, match="refused"), web.get("https://www.mas.gov.sg/a"):
        pass
    assert asked == [
        ("proxy.bank", 8080),
        ("www.mas.gov.sg", 443, {"Proxy-Authorization": "Basic am86cEBzcw=="}),
    ]
