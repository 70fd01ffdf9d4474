"""Pinned files through a proxy: sealed, resumable, with a login, and never inward."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, redirect
from bot.errors import SourceError, UsageError
from bot.sources.dialer import DialRefused
from bot.sources.pinned import Pinned, pull
from bot.sources.proxy import ProxyDialer
from tests.sources.proxies import Proxy

DATA = bytes(range(256)) * 1000
FILE = Pinned("https://zoo.example/model.onnx", hashlib.sha256(DATA).hexdigest(), len(DATA), "MIT", "a test", "faces")


class _Zoo:
    """A site with the file, one that breaks off, and one that leads inward."""

    hosts = ("zoo.example",)

    def __init__(self) -> None:
        self.ranges: list[str | None] = []

    def answer(self, call: Call) -> Answer:
        self.ranges.append(call.headers.get("range"))
        if call.path == "/short.onnx":
            return Answer(200, body=DATA[:1000], length=len(DATA))
        if call.path == "/inward.onnx":
            return redirect("https://10.0.0.7/model.onnx")
        if (wanted := call.headers.get("range")) is not None:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            return Answer(206, {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"}, DATA[start:])
        return Answer(200, body=DATA)


@pytest.fixture(scope="module")
def zoo() -> _Zoo:
    return _Zoo()


@pytest.fixture(scope="module")
def server(zoo: _Zoo) -> Iterator[StandIn]:
    with StandIn(zoo) as made:
        yield made


@pytest.fixture
def proxy(server: StandIn) -> Iterator[Proxy]:
    made = Proxy(server.dialer().hosts["zoo.example"])
    yield made
    made.close()


def through(proxy: Proxy, server: StandIn, login: str | None = None) -> ProxyDialer:
    return ProxyDialer("127.0.0.1", proxy.port, login, server.dialer().ca_pem)


def at(name: str) -> Pinned:
    return replace(FILE, url=f"https://zoo.example/{name}.onnx")


def test_the_file_comes_through_and_goes_on_where_it_stopped(
    proxy: Proxy, server: StandIn, zoo: _Zoo, tmp_path: Path
) -> None:
    dialer = through(proxy, server)
    with pytest.raises(SourceError, match="1,000 of 256,000 bytes are kept"):
        pull(at("short"), tmp_path / "model.onnx", dialer)
    zoo.ranges.clear()
    assert pull(at("model"), tmp_path / "model.onnx", dialer).read_bytes() == DATA
    assert zoo.ranges == ["bytes=1000-"]
    assert proxy.asked == ["CONNECT zoo.example:443 HTTP/1.1"] * 2


def test_a_redirect_inward_is_not_even_asked_for(proxy: Proxy, server: StandIn, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"connection refused by policy: 10\.0\.0\.7"):
        pull(at("inward"), tmp_path / "model.onnx", through(proxy, server))
    assert proxy.asked == ["CONNECT zoo.example:443 HTTP/1.1"]


def test_a_login_is_sent_and_its_lack_is_named(server: StandIn, tmp_path: Path) -> None:
    proxy = Proxy(server.dialer().hosts["zoo.example"], login="anna:p@ss")
    with pytest.raises(SourceError, match=r"the proxy 127\.0\.0\.1 wants a login"):
        pull(at("model"), tmp_path / "model.onnx", through(proxy, server))
    assert pull(at("model"), tmp_path / "model.onnx", through(proxy, server, "anna:p@ss")).read_bytes() == DATA
    proxy.close()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"HTTP/1.1 403 No\r\n\r\n", "the proxy 127.0.0.1 answered 403 for zoo.example"),
        (b"220 mail.example ready\r\n\r\n", "what was named as a proxy is none"),
        (b"HTTP/1.1 200", "gave no answer that could be read"),
    ],
)
def test_what_is_no_way_through_is_said(server: StandIn, tmp_path: Path, answer: bytes, message: str) -> None:
    proxy = Proxy(server.dialer().hosts["zoo.example"], answer=answer)
    with pytest.raises(SourceError, match=message):
        pull(at("model"), tmp_path / "model.onnx", through(proxy, server))
    proxy.close()


def test_another_certificate_than_the_hosts_is_refused(proxy: Proxy, tmp_path: Path) -> None:
    """What a proxy shows in the host's place is seen: only the public authorities are trusted here."""
    with pytest.raises(SourceError, match="certificate verify failed"):
        pull(at("model"), tmp_path / "model.onnx", ProxyDialer("127.0.0.1", proxy.port))


@pytest.mark.parametrize("host", ["localhost", "intranet", "192.168.0.1", "[::1]", "169.254.169.254"])
def test_names_and_addresses_of_the_inside_are_refused(host: str) -> None:
    with pytest.raises(DialRefused):
        ProxyDialer("127.0.0.1", 9).dial(host, 443, 1.0)


def test_a_proxy_is_named_by_its_address() -> None:
    named = ProxyDialer.named("http://anna:p%40ss@proxy.example:3128")
    assert (named.host, named.port, named.login) == ("proxy.example", 3128, "anna:p@ss")
    assert "p@ss" not in repr(named)
    assert ProxyDialer.named("http://10.0.0.1/").port == 80


@pytest.mark.parametrize(
    "url", ["secret.example:3128", "https://secret.example", "http://", "http://secret:b@c:d", "http://secret/x"]
)
def test_what_is_no_address_of_a_proxy_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(UsageError, match="must be written like http://") as refused:
        ProxyDialer.named(url)
    assert "secret" not in str(refused.value)
