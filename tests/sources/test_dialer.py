"""The door: what is not public is not dialled, however it is spelled, and by whichever client."""

from __future__ import annotations

import ipaddress
import pickle
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, redirect
from bot.sources.deadline import Deadline
from bot.sources.dialer import DialRefused, MapDialer, PublicDialer
from bot.sources.door import guarded_client
from bot.sources.networks import why_not_public


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "0.0.0.0",
        "::1",
        "[::1]",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        "::127.0.0.1",
        "169.254.169.254",
        "10.1.2.3",
        "172.31.255.1",
        "192.168.1.1",
        "100.64.0.1",
        "100.127.255.254",
        "192.0.0.8",
        "192.88.99.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.250",
        "255.255.255.255",
        "240.0.0.1",
        "168.63.129.16",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::1",
        "2001:0:53aa:64c::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "ff02::1",
        "fec0::1",
    ],
)
def test_no_spelling_of_a_private_address_is_dialled(host: str) -> None:
    with pytest.raises(DialRefused) as caught:
        PublicDialer().dial(host, 80, 1)
    assert caught.value.host == host
    assert caught.value.address is not None
    assert caught.value.address in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "::ffff:8.8.8.8",
        "223.255.255.255",
    ],
)
def test_public_addresses_pass(address: str) -> None:
    assert why_not_public(ipaddress.ip_address(address)) is None


def _answers(*addresses: str) -> Any:
    def resolve(host: str, port: int, **_: object) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    return resolve


def test_one_private_answer_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _answers("8.8.8.8", "10.0.0.1"))
    with pytest.raises(DialRefused, match=r"rebind\.example -> 10\.0\.0\.1"):
        PublicDialer().dial("rebind.example", 443, 1)


def test_a_name_is_resolved_once_and_the_checked_address_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS that changes its answer between check and use finds no second look-up to change."""
    asked: list[str] = []
    dialled: list[Any] = []

    def resolve(host: str, port: int, **_: object) -> list[Any]:
        asked.append(host)
        return list(_answers("9.9.9.9" if len(asked) == 1 else "127.0.0.1")(host, port))

    class Fake(socket.socket):
        def connect(self, address: Any) -> None:
            dialled.append(address)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "socket", Fake)
    PublicDialer().dial("rebind.example", 443, 1).close()
    assert asked == ["rebind.example"]
    assert dialled == [("9.9.9.9", 443)]


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "\ud800.example", "."])
def test_what_is_no_name_of_a_host_is_an_error_of_the_network(host: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011  # in the words of the resolver
        PublicDialer().dial(host, 80, 1)


def test_dialers_travel_to_worker_processes() -> None:
    for dialer in (PublicDialer(), MapDialer({"a.example": ("127.0.0.1", 1)}, "pem")):
        assert pickle.loads(pickle.dumps(dialer)) == dialer


def test_the_map_knows_names_and_names_below_a_star() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = ("127.0.0.1", server.getsockname()[1])
        dialer = MapDialer({"a.example": place, "*.cdn.example": place})
        for host in ("a.example", "A.Example.", "v1.cdn.example"):
            dialer.dial(host, 443, 1).close()
        for host in ("b.example", "cdn.example", "127.0.0.1", "x.y.cdn.example"):
            with pytest.raises(DialRefused):
                dialer.dial(host, 443, 1)


class _Site:
    """A web site with a way inwards."""

    hosts = ("site.example",)

    def answer(self, call: Call) -> Answer:
        match call.path:
            case "/inward":
                return redirect("http://127.0.0.1:9/secret")
            case "/drip":
                return Answer(200, {}, b"x" * 4000, drip_s=0.05)
        return Answer(200, {"Content-Type": "text/plain"}, call.headers.get("user-agent", "").encode())


@pytest.fixture(scope="module")
def site() -> Iterator[StandIn]:
    with StandIn(_Site()) as made:
        yield made


def test_the_client_verifies_tls_through_the_door(site: StandIn) -> None:
    with guarded_client(site.dialer()) as client:
        assert "doppelwatch" in client.get("https://site.example/").text
    untrusting = MapDialer(site.dialer().hosts)
    with guarded_client(untrusting) as client, pytest.raises(httpx.ConnectError, match="certificate"):
        client.get("https://site.example/")


def test_a_redirect_inwards_is_refused(site: StandIn) -> None:
    with guarded_client(site.dialer()) as client, pytest.raises(httpx.ConnectError, match=r"127\.0\.0\.1"):
        client.get("https://site.example/inward")


def test_the_client_goes_around_proxies_of_the_environment(site: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with guarded_client(site.dialer()) as client:
        assert client.get("https://site.example/").status_code == 200


def test_the_production_door_refuses_the_loopback() -> None:
    with guarded_client(PublicDialer()) as client, pytest.raises(httpx.ConnectError, match="loopback"):
        client.get("http://2130706433/")


def test_a_deadline_cuts_a_dripping_answer(site: StandIn) -> None:
    """Each single read is quick, so only the whole has an end."""
    with Deadline(0.3) as deadline, guarded_client(site.dialer(), deadline=deadline) as client:
        with pytest.raises(httpx.HTTPError):
            client.get("https://site.example/drip")
        assert deadline.passed


def test_a_deadline_leaves_no_timer_behind() -> None:
    before = threading.active_count()
    with Deadline(60):
        pass
    assert threading.active_count() <= before + 1
