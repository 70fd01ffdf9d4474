"""The proxy for clients without a door of their own: what it lets through, what it refuses, whom it serves."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import httpx
import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call
from bot.sources.deadline import Deadline
from bot.sources.dialer import MapDialer, PublicDialer
from bot.sources.egress import EgressProxy, helper_environment


class _Site:
    """Says who was asked for what."""

    hosts = ("site.example",)

    def answer(self, call: Call) -> Answer:
        if call.path == "/drip":
            return Answer(200, {}, b"x" * 4000, drip_s=0.05)
        kept = {name for name in call.headers if name.startswith("proxy-")}
        return Answer(
            200, {"Content-Type": "text/plain"}, f"{call.method} {call.path} {len(call.body)} {kept}".encode()
        )


@pytest.fixture(scope="module")
def site() -> Iterator[StandIn]:
    with StandIn(_Site()) as made:
        yield made


@pytest.fixture
def proxy(site: StandIn) -> Iterator[EgressProxy]:
    with EgressProxy(site.dialer()) as made:
        yield made


def _context(site: StandIn) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=site.dialer().ca_pem)


def test_tls_goes_through_sealed_and_is_verified_by_the_client(site: StandIn, proxy: EgressProxy) -> None:
    with httpx.Client(proxy=proxy.url, verify=_context(site), trust_env=False) as client:
        assert client.get("https://site.example/a").text == "GET /a 0 set()"
        assert client.post("https://site.example/b", content=b"x" * 100_000).text == "POST /b 100000 set()"


def test_what_is_inside_is_refused_and_named(proxy: EgressProxy) -> None:
    with EgressProxy(PublicDialer()) as public, httpx.Client(proxy=public.url, trust_env=False) as client:
        assert client.get("http://127.0.0.1:9/").status_code == 403
        with pytest.raises(httpx.ProxyError, match="403"):
            client.get("https://169.254.169.254/")
        assert [error.address for error in public.refused] == ["127.0.0.1", "169.254.169.254"]


def test_plain_requests_go_without_the_proxys_own_headers() -> None:
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        dialer = MapDialer({"plain.example": ("127.0.0.1", server.getsockname()[1])})
        with EgressProxy(dialer) as proxy, socket.create_connection(("127.0.0.1", proxy.port)) as client:
            head = f"GET http://plain.example/x?y=1 HTTP/1.1\r\nHost: plain.example\r\n{_login(proxy)}"
            client.sendall(f"{head}Connection: keep-alive\r\nX-Kept: 1\r\n\r\n".encode())
            connection, _ = server.accept()
            with connection:
                received.append(connection.recv(4096))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            assert client.recv(4096).endswith(b"ok")
    assert received == [b"GET /x?y=1 HTTP/1.1\r\nHost: plain.example\r\nX-Kept: 1\r\nConnection: close\r\n\r\n"]


def _login(proxy: EgressProxy) -> str:
    import base64

    word = proxy.url.removeprefix("http://").partition("@")[0]
    return f"Proxy-Authorization: Basic {base64.b64encode(word.encode()).decode()}\r\n"


@pytest.mark.parametrize(
    ("request_line", "login", "status"),
    [
        ("CONNECT site.example:443 HTTP/1.1", False, 407),
        ("GET http://site.example/ HTTP/1.1", False, 407),
        ("GET / HTTP/1.1", True, 400),
        ("CONNECT site.example:99999 HTTP/1.1", True, 400),
        ("CONNECT site.example:0 HTTP/1.1", True, 400),
        ("CONNECT user@site.example:443 HTTP/1.1", True, 400),
        ("GET ftp://site.example/ HTTP/1.1", True, 400),
        ("GET http://user:word@site.example/ HTTP/1.1", True, 400),
        ("nonsense", True, 400),
        ("CONNECT other.example:443 HTTP/1.1", True, 403),
        ("CONNECT [::1]:443 HTTP/1.1", True, 403),
    ],
)
def test_what_is_no_request_of_ours_is_refused(proxy: EgressProxy, request_line: str, login: bool, status: int) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client:
        client.sendall(f"{request_line}\r\n{_login(proxy) if login else ''}\r\n".encode())
        answer = client.recv(4096)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_a_wrong_password_is_none(proxy: EgressProxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client:
        client.sendall(b"CONNECT site.example:443 HTTP/1.1\r\nProxy-Authorization: Basic eDp5\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 407 ")


def test_an_endless_request_is_cut(proxy: EgressProxy) -> None:
    def send(client: socket.socket) -> None:
        for _ in range(1000):
            client.sendall(b"GET http://site.example/" + b"x" * 10_000)
            time.sleep(0.001)

    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as client, pytest.raises(OSError):  # noqa: PT011
        send(client)  # a broken pipe or a reset, as it comes


def test_a_deadline_cuts_what_goes_through(site: StandIn) -> None:
    with Deadline(0.5) as deadline, EgressProxy(site.dialer(), deadline.watch) as proxy:
        with (
            httpx.Client(proxy=proxy.url, verify=_context(site), trust_env=False) as client,
            pytest.raises(httpx.HTTPError),
        ):
            client.get("https://site.example/drip")
        assert deadline.passed


def test_it_ends_with_its_context(site: StandIn) -> None:
    with EgressProxy(site.dialer()) as proxy:
        port = proxy.port
    with pytest.raises(OSError):  # noqa: PT011  # refused
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_a_helper_process_takes_it_whatever_the_environment_said() -> None:
    """A helper that honours the usual variables, told before to go around any proxy."""
    program = "import urllib.request, urllib.error\ntry: urllib.request.urlopen('http://127.0.0.1:9/', timeout=5)\nexcept urllib.error.HTTPError as error: print(error.code)"  # noqa: E501
    with EgressProxy(PublicDialer()) as proxy:
        environment = helper_environment(proxy, {"PATH": "/usr/bin", "NO_PROXY": "*", "no_proxy": "127.0.0.1"})
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
        )
    assert done.stdout == "403\n", done.stderr
    assert {name for name in environment if "proxy" in name.lower()} == {
        "http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY",
    }  # fmt: skip
    assert urllib.request.getproxies is not None
