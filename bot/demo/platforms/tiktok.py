"""TikTok as far as yt-dlp reads it: a profile's page, its list of posts, a post's page, the media host.

The shapes are what the extractors look for; they prove our plumbing, not what the live site answers today.
"""

from __future__ import annotations

import hashlib
import html as html_escape
import json
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json, html
from bot.demo.platforms.states import FAILURES, State

WWW = "www.tiktok.com"
MEDIA = "v16-webapp-prime.tiktokcdn.com"
PICTURES = "p16-sign.tiktokcdn.com"
PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class TikTokPost:
    """One post.

    Attributes:
        id: 17 to 19 digits; :func:`post_id` makes one of a time.
        clip: the file that the media host sends; None for a post whose media is missing (404).
        ai_label: TikTok's `aigcLabelType`: 1 by the creator, 2 by the platform; None leaves it out.
        pinned: stands before newer posts on the first page.
        said: what is said in it, which the media host gives as subtitles; None for a post without any.
        state: how its page behaves (gone, private, or any failure).
        media_state: how its media behave (endless, huge, drip, forbidden, ...).
    """

    id: str
    created: datetime
    clip: Path | None = None
    caption: str = ""
    views: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0
    duration_s: int = 10
    width: int = 576
    height: int = 1024
    ai_label: int | None = None
    pinned: bool = False
    said: str | None = None
    state: State = State.NORMAL
    media_state: State = State.NORMAL


@dataclass(frozen=True, slots=True)
class TikTokAccount:
    """One account.

    Attributes:
        uid: the numeric id; made of the handle where it is empty. It also gives the stable id.
        state: how its page and its list behave.
        state_after: so many pages of the list are answered normally before the state shows; the
            account's page then stays normal.
        retry_after_s: what a rate limit asks for.
        video_count: what the page claims; the true number where it is None.
        avatar: a picture file for the picture host.
    """

    handle: str
    display_name: str = ""
    bio: str = ""
    followers: int = 0
    verified: bool = False
    posts: tuple[TikTokPost, ...] = ()
    uid: str = ""
    state: State = State.NORMAL
    state_after: int = 0
    retry_after_s: int | None = None
    video_count: int | None = None
    avatar: Path | None = None

    @property
    def user_id(self) -> str:
        """The numeric id."""
        return self.uid or str(6_000_000_000_000_000_000 + int(_digest(self.handle)[:14], 16))

    @property
    def stable_id(self) -> str:
        """The `secUid`, which stays when the handle is changed."""
        return "MS4wLjABAAAA" + _digest(self.user_id)


def post_id(created: datetime, number: int = 0) -> str:
    """An id as TikTok makes them: seconds since 1970 in the upper 32 bits."""
    return str((int(created.timestamp()) << 32) | (number & 0xFFFFFFFF))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class TikTok:
    """The platform: accounts that may be put, changed and taken away while it runs."""

    def __init__(self, accounts: Iterable[TikTokAccount] = ()) -> None:
        self._lock = threading.Lock()
        self._accounts: dict[str, TikTokAccount] = {}
        for account in accounts:
            self.put(account)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The site, its short form, and its content network."""
        return (WWW, "tiktok.com", "vm.tiktok.com", MEDIA, PICTURES)

    def put(self, account: TikTokAccount) -> None:
        """Add an account, or replace the one of this handle."""
        with self._lock:
            self._accounts[account.handle] = account

    def remove(self, handle: str) -> None:
        """Take an account away, as if it had never been."""
        with self._lock:
            self._accounts.pop(handle, None)

    def account(self, handle: str) -> TikTokAccount | None:
        """The account of this handle."""
        with self._lock:
            return self._accounts.get(handle)

    def answer(self, call: Call) -> Answer:
        """Answer one request."""
        parts = [part for part in call.path.split("/") if part]
        if call.host == MEDIA:
            return self._media(parts)
        if call.host == PICTURES:
            return self._picture(parts)
        if call.path == "/api/creator/item_list/":
            return self._list(call.query)
        match parts:
            case [name] if name.startswith("@"):
                return self._profile(name[1:])
            case [name, "video", number] if name.startswith("@"):
                return self._post(name[1:], number)
        return html("<title>Not found</title>", 404)

    def _profile(self, handle: str) -> Answer:
        account = self.account(handle)
        if account is None or account.state is State.GONE:
            return _universal({"webapp.user-detail": {"userInfo": {}, "statusCode": 10221}})
        if account.state is State.PRIVATE:
            detail = {"userInfo": {"user": _user(account), "stats": {"videoCount": 0}}, "statusCode": 10222}
            return _universal({"webapp.user-detail": detail})
        if account.state in FAILURES and not account.state_after:
            return _failure(account.state, account.retry_after_s)
        return _universal({"webapp.user-detail": {"userInfo": _user_info(account), "statusCode": 0}})

    def _list(self, query: Mapping[str, str]) -> Answer:
        with self._lock:
            found = [one for one in self._accounts.values() if one.stable_id == query.get("secUid")]
        nothing = as_json({"itemList": [], "hasMorePrevious": False, "statusCode": 0})
        if not found or found[0].state in (State.GONE, State.EMPTY):
            return nothing
        account = found[0]
        if account.state is State.PRIVATE:
            return as_json({"itemList": [], "hasMorePrevious": True, "statusCode": 0})
        try:
            cursor = int(query.get("cursor", "0")) or int(time.time() * 1000)
        except ValueError:
            return as_json({"statusCode": 10201}, 400)
        ordered = sorted(account.posts, key=lambda post: post.created, reverse=True)
        older = [post for post in ordered if post.created.timestamp() * 1000 < cursor]
        page_number = (len(ordered) - len(older)) // PAGE_SIZE
        if account.state in FAILURES and page_number >= account.state_after:
            return _failure(account.state, account.retry_after_s)
        page = older[:PAGE_SIZE]
        first = len(older) == len(ordered)
        pinned = [post for post in ordered if post.pinned] if first else []
        items = [*pinned, *(post for post in page if post not in pinned)]
        return as_json(
            {
                "itemList": [_item(account, post) for post in items],
                "hasMorePrevious": len(older) > len(page),
                "statusCode": 0,
            }
        )

    def _find(self, number: str) -> tuple[TikTokAccount, TikTokPost] | None:
        with self._lock:
            return next(
                ((account, post) for account in self._accounts.values() for post in account.posts if post.id == number),
                None,
            )

    def _post(self, handle: str, number: str) -> Answer:
        found = self._find(number)
        if found is None or found[1].state is State.GONE or found[0].state is State.GONE:
            return _universal({"webapp.video-detail": {"statusCode": 10204}})
        account, post = found
        if State.PRIVATE in (account.state, post.state):
            return _universal({"webapp.video-detail": {"statusCode": 10222 if post.state != State.PRIVATE else 10216}})
        for state in (account.state, post.state):
            if state in FAILURES and not account.state_after:
                return _failure(state, account.retry_after_s)
        item = {"itemInfo": {"itemStruct": _item(account, post)}, "statusCode": 0}
        return _universal({"webapp.video-detail": item})

    def _media(self, parts: list[str]) -> Answer:
        found = self._find(parts[1]) if len(parts) == 3 and parts[0] == "video" else None
        if found is None:
            return Answer(404)
        if parts[2] == "said.vtt" and found[1].said is not None:
            return Answer(200, {"Content-Type": "text/vtt"}, body=_captions(found[1].said))
        return _clip(found[1]) if parts[2] == "h264.mp4" else Answer(404)

    def _picture(self, parts: list[str]) -> Answer:
        account = self.account(parts[1]) if len(parts) == 3 and parts[0] == "avatar" else None
        if account is None or account.avatar is None or _name(account) != parts[2]:
            return Answer(404)
        return Answer(200, {"Content-Type": "image/jpeg"}, file=account.avatar)


def _clip(post: TikTokPost) -> Answer:
    """A post's media, or what its media state makes of it."""
    video = {"Content-Type": "video/mp4"}
    odd = {
        State.ENDLESS: Answer(200, video, body=bytes(65_536), endless=True),
        State.HUGE: Answer(200, video, body=bytes(1024), length=10**12),
        State.EMPTY_BODY: Answer(200, video),
        State.DRIP: Answer(200, video, body=bytes(4000), drip_s=0.1),
    }
    if post.media_state in odd:
        return odd[post.media_state]
    if post.media_state in FAILURES:
        return _failure(post.media_state, None)
    return Answer(404) if post.clip is None else Answer(200, video, file=post.clip)


def _captions(said: str) -> bytes:
    """A line a cue, as the site's own recognition of speech gives it."""
    cues = [
        f"00:00:{2 * number:02}.000 --> 00:00:{2 * number + 2:02}.000\n{line}\n"
        for number, line in enumerate(said.splitlines())
    ]
    return "\n".join(["WEBVTT\n", *cues]).encode()


def _failure(state: State, retry_after_s: int | None) -> Answer:
    return FAILURES[state](retry_after_s)


def _universal(scope: Mapping[str, Any]) -> Answer:
    """A page with its data in the script element that the site hydrates from."""
    data = json.dumps({"__DEFAULT_SCOPE__": scope}).replace("</", "<\\/")
    return html(
        "<!DOCTYPE html><html><head><title>TikTok</title></head><body>"
        f'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{data}</script></body></html>'
    )


def _user(account: TikTokAccount) -> dict[str, Any]:
    return {
        "id": account.user_id,
        "uniqueId": account.handle,
        "nickname": account.display_name or account.handle,
        "secUid": account.stable_id,
        "signature": account.bio,
        "verified": account.verified,
        "privateAccount": account.state is State.PRIVATE,
        "avatarLarger": f"https://{PICTURES}/avatar/{html_escape.escape(account.handle)}/{_name(account)}?x-signature=1",
    }


def _name(account: TikTokAccount) -> str:
    """What the picture host calls an account's picture: another one for another picture."""
    return _digest("" if account.avatar is None else account.avatar.name)[:12]


def _stats(account: TikTokAccount) -> dict[str, Any]:
    count = 0 if account.state is State.EMPTY else len(account.posts)
    return {
        "followerCount": account.followers,
        "followingCount": 12,
        "heartCount": sum(post.likes for post in account.posts),
        "videoCount": count if account.video_count is None else account.video_count,
    }


def _user_info(account: TikTokAccount) -> dict[str, Any]:
    return {"user": _user(account), "stats": _stats(account), "itemList": []}


def _item(account: TikTokAccount, post: TikTokPost) -> dict[str, Any]:
    base = f"https://{MEDIA}/video/{post.id}"
    size = post.clip.stat().st_size if post.clip is not None else 1000
    label = {} if post.ai_label is None else {"aigcLabelType": post.ai_label}
    captions = {"LanguageCodeName": "eng-US", "Format": "webvtt", "Source": "ASR", "Url": f"{base}/said.vtt"}
    return {
        "id": post.id,
        "desc": post.caption,
        "createTime": int(post.created.timestamp()),
        "author": _user(account),
        "authorStats": _stats(account),
        "stats": {
            "playCount": post.views,
            "diggCount": post.likes,
            "commentCount": post.comments,
            "shareCount": post.shares,
            "collectCount": 0,
        },
        "music": {"title": "original sound", "authorName": account.display_name or account.handle, "duration": 10},
        "video": {
            "duration": post.duration_s,
            "width": post.width,
            "height": post.height,
            "cover": f"https://{PICTURES}/cover/{post.id}",
            "playAddr": f"https://{WWW}/aweme/v1/play/{post.id}",
            "bitrateInfo": [
                # the larger one in a codec that few decoders read is offered first, as on the real site
                _bitrate(f"{base}/bytevc1.mp4", "v1c044_bytevc1_1080p_900000", size),
                _bitrate(f"{base}/h264.mp4", "v0c044_h264_540p_1200000", size),
            ],
            "subtitleInfos": [] if post.said is None else [captions],
        },
        **label,
    }


def _bitrate(url: str, key: str, size: int) -> dict[str, Any]:
    return {"PlayAddr": {"DataSize": size, "UrlKey": key, "UrlList": [url]}}


__all__ = ["MEDIA", "PAGE_SIZE", "WWW", "TikTok", "TikTokAccount", "TikTokPost", "post_id"]
