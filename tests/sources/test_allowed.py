"""Each source asks its own platform's hosts, and what was refused is named with the remedy."""

from __future__ import annotations

import pickle
import socket
from datetime import UTC, datetime

import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, html, redirect
from bot.sources.allowed import HOSTS_OF, HostsDialer, dialer_of
from bot.sources.contract import ListRequest, Outcome
from bot.sources.dialer import DialRefused, MapDialer
from bot.sources.registry import ALL_SOURCES, SourceSettings, source_for
from drills.hostile import Rude
from tests.platforms.everything import some_posts
from tests.platforms.kick import KickStage
from tests.platforms.model import Account


def test_every_list_is_of_a_source() -> None:
    assert HOSTS_OF.keys() <= ALL_SOURCES.keys()
    assert ALL_SOURCES.keys() - HOSTS_OF.keys() == {
        "bluesky", "web", "feed", "peertube", "mastodon", "list", "folder",
    }  # fmt: skip


def test_names_below_are_allowed_and_names_that_look_alike_are_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = ("127.0.0.1", server.getsockname()[1])
        hosts = ("www.tiktok.com", "v16.tiktokcdn.com", "eviltiktok.com", "tiktok.com.evil.example", "1.2.3.4")
        dialer = dialer_of("tiktok", MapDialer(dict.fromkeys(hosts, place)), ("more.example",))
        for host in ("www.tiktok.com", "WWW.TikTok.com.", "v16.tiktokcdn.com"):
            dialer.dial(host, 443, 1).close()
        for host in hosts[2:]:
            with pytest.raises(
                DialRefused, match=r"none of the hosts of tiktok; if it is one, add it to polling\.hosts"
            ):
                dialer.dial(host, 443, 1)
        with pytest.raises(DialRefused, match="not a host of this rehearsal"):
            dialer.dial("cdn.more.example", 443, 1)
        assert pickle.loads(pickle.dumps(dialer)) == dialer
        assert isinstance(dialer, HostsDialer)


def test_a_platform_cannot_send_its_reader_to_another_host() -> None:
    class Elsewhere:
        hosts = ("elsewhere.example",)

        def answer(self, call: Call) -> Answer:
            return html("never")

    stage = KickStage()
    account = Account("someone", posts=some_posts(1, datetime.now(UTC)))
    stage.put(account)
    rude = Rude(stage)
    rude.script = lambda call, answer: redirect("https://elsewhere.example/")
    with StandIn(rude, Elsewhere()) as server:
        request = ListRequest(stage.url(account))
        listing = source_for(request.url, SourceSettings(server.dialer())).list_posts(request)
        assert listing.outcome is Outcome.NETWORK
        assert "elsewhere.example (none of the hosts of kick" in listing.detail
        assert server.requests("elsewhere.example") == []
        open_to = SourceSettings(server.dialer(), more_hosts=("elsewhere.example",))
        source_for(request.url, open_to).list_posts(request)
        assert len(server.requests("elsewhere.example")) > 0


def test_a_browsers_handshake_goes_through_the_same_door() -> None:
    """The real extractor asks for it on TikTok's pages; curl_cffi verifies the stand-in's certificate."""
    from bot.demo.platforms import TikTok, TikTokAccount

    with StandIn(TikTok([TikTokAccount("someone", "Some One", followers=7)])) as server:
        request = ListRequest("https://www.tiktok.com/@someone")
        settings = SourceSettings(server.dialer(), impersonate=True)
        listing = source_for(request.url, settings).list_posts(request)
        assert listing.profile is not None
        assert listing.profile.followers == 7
