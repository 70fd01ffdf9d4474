"""Platforms that are asked through a proxy of the operator: all of it, their own hosts alone, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.config.secrets import Proxies
from bot.demo.platforms import StandIn, TikTokAccount
from bot.errors import ConfigError
from bot.sources.allowed import HOSTS_OF
from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.proxy import ProxyDialer
from bot.sources.registry import SourceSettings, settings_of, source_for
from bot.sources.worker import SourceWorker
from tests.sources.conftest import URL
from tests.sources.proxies import Proxy


@pytest.fixture
def proxy(server: StandIn) -> Iterator[Proxy]:
    made = Proxy(("127.0.0.1", server.port), login="me:word")
    yield made
    made.close()


def settings(server: StandIn, proxy: Proxy, login: str | None = "me:word") -> SourceSettings:
    """TikTok through the proxy; every other name leads nowhere."""
    through = ProxyDialer("127.0.0.1", proxy.port, login, server.dialer().ca_pem)
    return SourceSettings(server.dialer(), proxies={"tiktok": through})


def test_a_list_and_a_clip_come_through_the_proxy(
    server: StandIn, account: TikTokAccount, proxy: Proxy, tmp_path: Path
) -> None:
    source = source_for(URL, settings(server, proxy))
    listing = source.list_posts(ListRequest(URL, limit=3))
    assert (listing.outcome, len(listing.posts)) == (Outcome.OK, 3)
    fetched = source.fetch(FetchRequest(listing.posts[0].url, tmp_path))
    assert fetched.outcome is Outcome.OK
    hosts = {line.split()[1] for line in proxy.asked}
    assert hosts == {"www.tiktok.com:443", "v16-webapp-prime.tiktokcdn.com:443"}


def test_a_proxy_that_wants_another_login_is_an_outcome_without_the_login(
    server: StandIn, account: TikTokAccount, proxy: Proxy
) -> None:
    listing = source_for(URL, settings(server, proxy, "me:wrong")).list_posts(ListRequest(URL))
    assert listing.outcome is Outcome.NETWORK
    assert "wrong" not in listing.detail
    assert server.requests() == []


def test_pictures_come_through_it_as_well_and_from_the_platforms_hosts_alone(
    server: StandIn, proxy: Proxy, tmp_path: Path
) -> None:
    with SourceWorker(settings(server, proxy), memory_bytes=None) as worker:
        own = worker.picture(FetchRequest("https://p16-sign.tiktokcdn.com/avatar/nobody", tmp_path), "tiktok")
        assert [entry.status for entry in own.trail] == [404]
        foreign = worker.picture(FetchRequest("https://elsewhere.example/a.jpg", tmp_path), "tiktok")
    assert foreign.outcome is Outcome.NETWORK
    assert "none of the hosts of tiktok" in foreign.detail
    assert [line.split()[1] for line in proxy.asked] == ["p16-sign.tiktokcdn.com:443"]


def test_only_platforms_whose_hosts_are_known_take_a_proxy() -> None:
    assert set(Proxies.PLATFORMS) == HOSTS_OF.keys()


def test_the_configuration_names_it_in_a_file_that_is_closed_to_others(tmp_path: Path) -> None:
    secret = tmp_path / "proxy.txt"
    secret.write_text("http://me:word@proxy.example:3128\n")
    path = tmp_path / "config.yaml"
    path.write_text("secrets: {proxies: {tiktok: {file: proxy.txt}}}\n")
    secret.chmod(0o644)
    with pytest.raises(ConfigError, match=r"proxies\.tiktok: .*open to others"):
        settings_of(load(path))
    secret.chmod(0o600)
    made = settings_of(load(path))
    assert made.proxies["tiktok"] == ProxyDialer("proxy.example", 3128, "me:word")
    assert "word" not in repr(made)
    secret.write_text("proxy.example:3128")
    with pytest.raises(ConfigError, match=r"config\.yaml:1: secrets\.proxies\.tiktok: the proxy must be written like"):
        settings_of(load(path))
    path.write_text("secrets: {proxies: {bluesky: {env: A}}}\n")
    with pytest.raises(ConfigError, match="takes no proxy"):
        load(path)


def test_nothing_goes_through_a_proxy_unless_it_is_named() -> None:
    assert settings_of(Config()).proxies == {}
