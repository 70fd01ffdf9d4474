"""Cookies go to their own platform, in either form, and a text that is neither is refused without being shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, TikTok, TikTokAccount
from bot.demo.platforms.answers import Answer, Call
from bot.demo.platforms.tiktok import MEDIA, WWW
from bot.errors import SourceError
from bot.sources.contract import FetchRequest, ListRequest, Outcome
from bot.sources.registry import SourceSettings, source_for
from tests.sources.conftest import URL, make_posts

FILE = "# Netscape HTTP Cookie File\n\n.tiktok.com\tTRUE\t/\tTRUE\t2147483647\tsession\tabc\n"


class _Noting(TikTok):
    """A TikTok that remembers which cookies came to which host."""

    def answer(self, call: Call) -> Answer:
        self.came.append((call.host, call.headers.get("cookie")))
        return super().answer(call)

    came: list[tuple[str, str | None]]


@pytest.mark.parametrize("text", [FILE, "session=abc"])
def test_cookies_reach_the_site_and_not_its_media_host(text: str, clip: Path, tmp_path: Path) -> None:
    tiktok = _Noting([TikTokAccount("deep.someone", posts=make_posts(2, clip))])
    tiktok.came = []
    with StandIn(tiktok) as server:
        source = source_for(URL, SourceSettings(server.dialer(), {"tiktok": text}))
        listing = source.list_posts(ListRequest(URL))
        assert source.fetch(FetchRequest(listing.posts[0].url, tmp_path)).outcome is Outcome.OK
    assert set(tiktok.came) == {(WWW, "session=abc"), (MEDIA, None)}


@pytest.mark.parametrize("text", ["", "secret", "secret\tx", "{'a': 'secret'}", FILE + "secret"])
def test_what_is_no_cookie_is_refused_unseen(text: str) -> None:
    with pytest.raises(SourceError, match="Netscape") as caught:
        source_for(URL, SourceSettings(cookies={"tiktok": text}))
    assert "secret" not in str(caught.value)
