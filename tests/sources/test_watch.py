"""What an instance refuses by itself, before or beside any platform."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.sources.contract import Outcome
from bot.sources.deadline import Deadline
from bot.sources.retry_after import retry_after_s
from bot.sources.ytdlp.classify import classify
from bot.sources.ytdlp.download import download
from bot.sources.ytdlp.limits import DeadlinePassed, FormatRefused
from bot.sources.ytdlp.watch import WatchYDL


@pytest.fixture
def ydl(server: StandIn, tmp_path: Path) -> Iterator[WatchYDL]:
    with (
        Deadline(5) as deadline,
        WatchYDL((), dialer=server.dialer(), deadline=deadline, max_requests=5, max_bytes=1000, into=tmp_path) as made,
    ):
        yield made


@pytest.mark.parametrize(
    ("ext", "protocol"), [("exe", "https"), ("php", "https"), ("m4a", "https"), ("mp4", "rtmp"), ("mp4", "file")]
)
def test_no_other_file_and_no_other_way_than_ours(ydl: WatchYDL, tmp_path: Path, ext: str, protocol: str) -> None:
    info = {"id": "1", "url": "https://www.tiktok.com/x", "ext": ext, "protocol": protocol}
    with pytest.raises(FormatRefused):
        ydl.dl(str(tmp_path / "clip"), info)
    assert ydl.trail == []
    assert classify(ydl.limit, ydl, {})[0] is Outcome.UNSUPPORTED


def test_an_address_without_an_extractor_is_unsupported(ydl: WatchYDL, tmp_path: Path) -> None:
    """None but those that were handed in exist: neither the generic one nor local files."""
    for url in ("https://www.tiktok.com/@x", "http://127.0.0.1/", "file:///etc/passwd"):
        done = download(ydl, url, tmp_path)
        assert done.path is None
        assert classify(done.error, ydl, {})[0] is Outcome.UNSUPPORTED
    assert ydl.trail == []


def test_no_request_is_sent_after_the_deadline(server: StandIn) -> None:
    server.clear()
    with (
        Deadline(0.01) as deadline,
        WatchYDL((), dialer=server.dialer(), deadline=deadline, max_requests=5) as ydl,
    ):
        time.sleep(0.05)
        with pytest.raises(DeadlinePassed):
            ydl.urlopen("https://www.tiktok.com/@x")
    assert server.requests() == []


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert retry_after_s("120") == 120
    assert retry_after_s("9" * 50) == 7 * 86_400
    assert retry_after_s("soon") is None
    assert retry_after_s(None) is None
    in_an_hour = retry_after_s(email.utils.formatdate(time.time() + 3600, usegmt=True))
    assert in_an_hour == pytest.approx(3600, abs=5)
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0
