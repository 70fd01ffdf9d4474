"""Sources in a worker process: killed when it hangs, replaced when it dies or is used up; it inherits no proxy."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, TikTokAccount
from bot.errors import SourceError
from bot.log import learn
from bot.sources import worker as worker_module
from bot.sources.contract import Fetched, FetchRequest, Listing, ListRequest, Outcome
from bot.sources.proxy import ProxyDialer
from bot.sources.registry import SourceSettings
from bot.sources.worker import SourceWorker
from drills._vitals import PROC, children
from tests.sources.conftest import URL


@pytest.fixture(scope="module")
def worker(server: StandIn) -> Iterator[SourceWorker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
        patch.setenv("no_proxy", "*")
        settings = SourceSettings(server.dialer())
        with SourceWorker(settings, memory_bytes=3_000_000_000, recycle_after=3, grace_s=5) as made:
            yield made


def _hang(settings: SourceSettings, request: ListRequest) -> Listing:
    time.sleep(60)
    raise AssertionError


def _die(settings: SourceSettings, request: ListRequest) -> Listing:
    os._exit(7)


def _fail(settings: SourceSettings, request: ListRequest) -> Listing:
    raise KeyError("itemList")


def _blurt(settings: SourceSettings, request: ListRequest) -> Listing:
    worker_module._source(request.url, settings)
    cookie = settings.cookies["tiktok"].partition("=")[2]
    logging.getLogger("bot.worker").warning("sent %s", cookie)
    raise RuntimeError(f"the server did not like sid {cookie} and Basic amFuZTpwYTU1d29yZA==")


def _tell(settings: SourceSettings, request: ListRequest) -> Listing:
    proxies = {name: value for name, value in os.environ.items() if "proxy" in name.lower()}
    return Listing(Outcome.OK, f"{os.getpid()} {proxies}")


def _stray(settings: SourceSettings, request: FetchRequest) -> Fetched:
    return Fetched(Outcome.OK, path=Path("/etc/passwd"))


def test_a_listing_and_a_download_cross_the_process(
    worker: SourceWorker, account: TikTokAccount, clip: Path, tmp_path: Path
) -> None:
    listing = worker.list_posts(ListRequest(URL))
    assert listing.outcome is Outcome.OK, listing.detail
    assert len(listing.posts) == 15
    fetched = worker.fetch(FetchRequest(listing.posts[0].url, tmp_path, deadline_s=20))
    assert fetched.path is not None
    assert fetched.path.read_bytes() == clip.read_bytes()


def test_the_worker_is_recycled_and_inherits_no_proxy(worker: SourceWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_list_posts", _tell)
    told = [worker.list_posts(ListRequest(URL)).detail for _ in range(5)]
    assert all(text.endswith("{}") for text in told), told
    assert len({text.partition(" ")[0] for text in told}) >= 2


def test_a_hanging_worker_is_killed_and_the_next_request_works(
    server: StandIn, account: TikTokAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SourceWorker(SourceSettings(server.dialer()), memory_bytes=3_000_000_000, grace_s=0.5) as hanging:
        with monkeypatch.context() as patch:
            patch.setattr(worker_module, "_list_posts", _hang)
            started = time.monotonic()
            assert hanging.list_posts(ListRequest(URL, deadline_s=0.2)).outcome is Outcome.TIMEOUT
            assert time.monotonic() - started < 10
            patch.setattr(worker_module, "_list_posts", _die)
            lost = hanging.list_posts(ListRequest(URL, deadline_s=5))
            assert lost.outcome is Outcome.UNKNOWN
            assert "died" in lost.detail
        assert hanging.list_posts(ListRequest(URL, deadline_s=20)).outcome is Outcome.OK


def test_a_fault_on_one_page_is_a_result_and_logged(
    worker: SourceWorker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker_module, "_list_posts", _fail)
    listing = worker.list_posts(ListRequest(URL))
    assert listing.outcome is Outcome.UNKNOWN
    assert "itemList" in listing.detail
    assert "a source failed" in caplog.text


def test_secrets_are_neither_told_nor_in_the_process_list(
    server: StandIn, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    proxy = ProxyDialer("proxy.example", 3128, "jane:pa55word", server.dialer().ca_pem)
    settings = SourceSettings(server.dialer(), cookies={"tiktok": "sessionid=c0ffee5ecret"}, proxies={"vk": proxy})
    for secret in settings.secrets():
        learn(secret)
    monkeypatch.setattr(worker_module, "_list_posts", _blurt)
    with SourceWorker(settings, memory_bytes=3_000_000_000) as blurting:
        listing = blurting.list_posts(ListRequest(URL))
        for pid in children(os.getpid()):
            with suppress(FileNotFoundError):
                told = (PROC / str(pid) / "cmdline").read_bytes() + (PROC / str(pid) / "environ").read_bytes()
                assert b"c0ffee5ecret" not in told
                assert b"pa55word" not in told
    assert listing.detail == "RuntimeError: the server did not like sid *** and Basic ***"
    written = capfd.readouterr().err
    assert "c0ffee5ecret" not in written
    assert "WARNING bot.worker: sent ***" in written


def test_a_file_outside_of_the_directory_is_not_believed(
    worker: SourceWorker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(worker_module, "_fetch", _stray)
    fetched = worker.fetch(FetchRequest(f"{URL}/video/1", tmp_path))
    assert fetched.outcome is Outcome.UNKNOWN
    assert fetched.path is None


def test_an_address_that_nobody_takes_starts_nothing(worker: SourceWorker, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="watched by no source"):
        worker.list_posts(ListRequest("https://example.org/someone"))
    with pytest.raises(SourceError, match="folder:/path"):
        worker.fetch(replace(FetchRequest("gopher://x", tmp_path)))
