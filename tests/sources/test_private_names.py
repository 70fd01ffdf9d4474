"""The names of yt-dlp that we build on and that it may move: this test says which one, polls would only fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest
import yt_dlp
from yt_dlp.extractor import common, tiktok
from yt_dlp.networking import _requests

import bot.sources.ytdlp  # noqa: F401
from bot.sources.bluesky import Bluesky
from bot.sources.contract import ListRequest, Source
from bot.sources.deadline import Deadline
from bot.sources.dialer import MapDialer
from bot.sources.extracted import Extracted
from bot.sources.registry import ALL_SOURCES, SourceSettings
from bot.sources.ytdlp.open_eyes import opened
from bot.sources.ytdlp.watch import WatchYDL

OVERRIDDEN = [
    (yt_dlp.YoutubeDL, "urlopen", ["req"]),
    (yt_dlp.YoutubeDL, "dl", ["name", "info", "subtitle", "test"]),
    (yt_dlp.YoutubeDL, "build_request_director", ["handlers", "preferences"]),
    (_requests.RequestsRH, "_make_sslcontext", ["legacy_ssl_support"]),
    (_requests.RequestsRH, "_create_instance", ["cookiejar", "legacy_ssl_support"]),
    (_requests.RequestsRH, "_send", ["request"]),
    (tiktok.TikTokBaseIE, "_get_universal_data", ["webpage", "display_id"]),
    (tiktok.TikTokBaseIE, "_parse_aweme_video_web", ["aweme_detail", "webpage_url", "video_id", "extract_flat"]),
    (tiktok.TikTokUserIE, "_extract_sec_uid_from_embed", ["user_name"]),
    (tiktok.TikTokUserIE, "_entries", ["sec_uid", "user_name", "fail_early"]),
]


BEGINNING = [
    (common.InfoExtractor, "_parse_json", ["json_string", "video_id"]),
    (common.InfoExtractor, "_download_webpage_handle", ["url_or_request", "video_id"]),
]
"""Methods that we override with whatever follows these parameters."""


def _made(make: Callable[[SourceSettings], Source]) -> Source:
    return make(SourceSettings())


EXTRACTED = [source for source in map(_made, ALL_SOURCES.values()) if isinstance(source, Extracted)]


@pytest.mark.parametrize(("owner", "name", "parameters"), BEGINNING)
def test_what_we_pass_on_still_begins_with_these_parameters(owner: type, name: str, parameters: list[str]) -> None:
    method = getattr(owner, name, None)
    assert method is not None, f"yt-dlp {yt_dlp.version.__version__} has no {owner.__name__}.{name} any more"
    found = [parameter for parameter in inspect.signature(method).parameters if parameter != "self"]
    assert found[: len(parameters)] == parameters, f"{owner.__name__}.{name} has other parameters now"


@pytest.mark.parametrize("source", EXTRACTED, ids=lambda source: str(source.name))
def test_every_extractor_that_a_source_names_exists_and_keeps_its_key(source: Extracted) -> None:
    for name, made in zip(source.needs, source.extractors(), strict=bool(source.needs)):
        assert type(made).__name__ == name.rpartition(".")[2]
        assert made.ie_key() == name.rpartition(".")[2].removesuffix("IE")
        for attribute in source.changes.get(name, {}):
            assert hasattr(type(made).__mro__[1], attribute), f"yt-dlp's {name} has no {attribute} any more"


@pytest.mark.parametrize(
    "source", [source for source in EXTRACTED if source.name != "bluesky"], ids=lambda source: str(source.name)
)
def test_every_address_that_is_listed_suits_an_extractor(source: Extracted) -> None:
    for address in source.addresses(ListRequest(source.capabilities.example)):
        assert any(made.suitable(address) for made in source.extractors()), address


@pytest.mark.parametrize(("owner", "name", "parameters"), OVERRIDDEN)
def test_what_we_override_still_exists_with_these_parameters(owner: type, name: str, parameters: list[str]) -> None:
    method = getattr(owner, name, None)
    assert method is not None, f"yt-dlp {yt_dlp.version.__version__} has no {owner.__name__}.{name} any more"
    found = [parameter for parameter in inspect.signature(method).parameters if parameter != "self"]
    assert found == parameters, f"{owner.__name__}.{name} has other parameters now"


def test_our_handler_is_the_only_one_and_no_plugin_is_loaded() -> None:
    with Deadline(5) as deadline, WatchYDL((), dialer=MapDialer({}), deadline=deadline, max_requests=1) as ydl:
        assert list(ydl._request_director.handlers) == ["DialRequests"]
        assert ydl._ies == {}
        (made,) = opened(["bluesky.BlueskyIE"], Bluesky(MapDialer({})))
        ydl.add_info_extractor(made)
        assert made._downloader is ydl
    assert yt_dlp.globals.plugin_dirs.value == []
    assert not yt_dlp.globals.plugin_ies.value
