"""The names of yt-dlp that we build on and that it may move: this test says which one, polls would only fail."""

from __future__ import annotations

import inspect

import pytest
import yt_dlp
from yt_dlp.extractor import tiktok
from yt_dlp.networking import _requests

import bot.sources.ytdlp  # noqa: F401
from bot.sources.deadline import Deadline
from bot.sources.dialer import MapDialer
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
    assert yt_dlp.globals.plugin_dirs.value == []
    assert not yt_dlp.globals.plugin_ies.value
