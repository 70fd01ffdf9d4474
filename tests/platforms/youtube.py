"""YouTube as far as yt-dlp and the feed's reader read it: tabs with continuations, feed, a video's page, player."""

from __future__ import annotations

import base64
import json
import re
from html import escape
from typing import Any

from bot.demo.platforms.answers import Answer, Call, as_json, html
from bot.demo.platforms.states import State
from tests.platforms.model import Account, Post, Refused, Stage, digest

PAGE_SIZE = 30
WATCH = '{"contents": {"twoColumnWatchNextResults": {"results": {}}}}'


class YouTubeStage(Stage):
    """www.youtube.com and its media host."""

    name = "youtube"
    two_lists = True
    speaks_json = False
    media = "rr1---sn-standin.googlevideo.com"
    hosts = ("www.youtube.com", "youtube.com", media)
    states = (State.GONE, State.EMPTY, State.LOGIN_WALL)

    def url(self, account: Account) -> str:
        return f"https://www.youtube.com/@{account.handle}"

    def stable_id(self, account: Account) -> str:
        return "UC" + digest(account.seed)[:22]

    def post_id(self, account: Account, post: Post) -> str:
        return digest(f"{account.seed} {post.number}")[:11]

    def gone(self) -> Answer:
        return html("<title>404 Not Found</title>", 404)

    def refusal(self, account: Account) -> Answer | None:
        if account.state is State.GONE:
            return _page({"alerts": [_alert("This account has been terminated for a violation of our terms.")]})
        if account.state is State.LOGIN_WALL:
            return _page({"alerts": [_alert("Sign in to confirm you’re not a bot")]})
        return super().refusal(account)

    def reply(self, call: Call) -> Answer:
        parts = [part for part in call.path.split("/") if part]
        match parts:
            case ["channel", channel, "videos" | "shorts" as tab]:
                return self._tab(self.by_id(channel), tab)
            case [name, "videos" | "shorts" as tab] if name.startswith("@"):
                return self._tab(self.named(name[1:]), tab)
            case ["feeds", "videos.xml"]:
                return self._feed(self.by_id(call.query.get("channel_id", "")))
            case ["youtubei", "v1", "browse"]:
                return self._more(json.loads(call.body))
            case ["youtubei", "v1", "navigation", "resolve_url"]:
                return self._resolve(str(json.loads(call.body).get("url")))
            case ["youtubei", "v1", "player"]:
                return as_json(self._player(str(json.loads(call.body).get("videoId"))))
            case ["watch"]:
                return self._watch(call.query.get("v", ""))
        return self.gone()

    def _resolve(self, url: str) -> Answer:
        """Asked when the page gave nothing; says the same as the page."""
        name = re.search(r"/@([^/]+)/", url)
        channel = re.search(r"/channel/([^/]+)/", url)
        account = self.named(name[1]) if name else self.by_id(channel[1] if channel else "")
        return as_json({"endpoint": {"browseEndpoint": {"browseId": self.stable_id(account)}}})

    def _tab(self, account: Account, tab: str) -> Answer:
        posts = self.newest(account, short=tab == "shorts")
        tabs = [
            _tab_of(account, one, self._items(account, posts, 0) if one == tab else None)
            for one in ("videos", "shorts")
            if one == "videos" or any(post.short for post in account.posts)
        ]
        if not any(one["tabRenderer"].get("selected") for one in tabs):
            # the site leads to its first tab where there is none of the name
            tabs = [_tab_of(account, "videos", self._items(account, self.newest(account, short=False), 0))]
        return _page(self._about(account) | {"contents": {"twoColumnBrowseResultsRenderer": {"tabs": tabs}}})

    def _about(self, account: Account) -> dict[str, Any]:
        parts = [{"text": {"content": f"@{account.handle}"}}, {"text": {"content": f"{account.followers} subscribers"}}]
        return {
            "metadata": {
                "channelMetadataRenderer": {
                    "title": account.display_name,
                    "description": account.bio,
                    "externalId": self.stable_id(account),
                    "vanityChannelUrl": f"http://www.youtube.com/@{account.handle}",
                    "avatar": {"thumbnails": [{"url": "https://yt3.ggpht.com/a=s900", "width": 900, "height": 900}]},
                }
            },
            "header": {
                "pageHeaderRenderer": {
                    "content": {
                        "pageHeaderViewModel": {
                            "metadata": {"contentMetadataViewModel": {"metadataRows": [{"metadataParts": parts}]}}
                        }
                    }
                }
            },
        }

    def _items(self, account: Account, posts: list[Post], start: int) -> list[dict[str, Any]]:
        page = posts[start : start + PAGE_SIZE]
        items = [{"richItemRenderer": {"content": self._item(account, post)}} for post in page]
        if start + PAGE_SIZE < len(posts):
            token = base64.b64encode(f"{account.handle} {int(posts[0].short)} {start + PAGE_SIZE}".encode()).decode()
            endpoint = {"continuationCommand": {"token": token, "request": "CONTINUATION_REQUEST_TYPE_BROWSE"}}
            items.append({"continuationItemRenderer": {"continuationEndpoint": endpoint}})
        return items

    def _item(self, account: Account, post: Post) -> dict[str, Any]:
        number = self.post_id(account, post)
        if post.short:
            return {
                "shortsLockupViewModel": {
                    "entityId": f"shorts-shelf-item-{number}",
                    "onTap": {"innertubeCommand": {"reelWatchEndpoint": {"videoId": number}}},
                    "overlayMetadata": {
                        "primaryText": {"content": post.caption},
                        "secondaryText": {"content": f"{post.views} views"},
                    },
                }
            }
        parts = [
            {"text": {"content": f"{post.views} views"}},
            {"text": {"content": "3 days ago"}, "accessibilityLabel": "3 days ago"},
        ]
        badge = {"thumbnailBadgeViewModel": {"text": f"{post.duration_s // 60}:{post.duration_s % 60:02}"}}
        return {
            "lockupViewModel": {
                "contentId": number,
                "contentType": "LOCKUP_CONTENT_TYPE_VIDEO",
                "contentImage": {
                    "thumbnailViewModel": {
                        "image": {"sources": []},
                        "overlays": [{"thumbnailBottomOverlayViewModel": {"badges": [badge]}}],
                    }
                },
                "metadata": {
                    "lockupMetadataViewModel": {
                        "title": {"content": post.caption},
                        "metadata": {"contentMetadataViewModel": {"metadataRows": [{"metadataParts": parts}]}},
                    }
                },
            }
        }

    def _more(self, body: dict[str, Any]) -> Answer:
        if not body.get("continuation"):
            account = self.by_id(str(body.get("browseId")))
            items = self._items(account, self.newest(account, short=False), 0)
            tabs = [_tab_of(account, "videos", items)]
            return as_json(self._about(account) | {"contents": {"twoColumnBrowseResultsRenderer": {"tabs": tabs}}})
        handle, short, start = base64.b64decode(body["continuation"]).decode().split(" ")
        account = self.named(handle)
        items = self._items(account, self.newest(account, short=short == "1"), int(start))
        return as_json({"onResponseReceivedActions": [{"appendContinuationItemsAction": {"continuationItems": items}}]})

    def _feed(self, account: Account) -> Answer:
        posts = sorted(account.posts, key=lambda post: post.created, reverse=True)
        entries = "".join(
            f"<entry><id>yt:video:{self.post_id(account, post)}</id>"
            f"<yt:videoId>{self.post_id(account, post)}</yt:videoId>"
            f"<title>{escape(post.caption)}</title>"
            f'<link rel="alternate" href="https://www.youtube.com/watch?v={self.post_id(account, post)}"/>'
            f"<published>{post.created.isoformat()}</published>"
            f'<media:group><media:community><media:starRating count="{post.likes}" average="5.00" min="1" max="5"/>'
            f'<media:statistics views="{post.views}"/></media:community></media:group></entry>'
            for post in ([] if account.state is State.EMPTY else posts[:15])
        )
        return Answer(
            200,
            {"Content-Type": "text/xml; charset=UTF-8"},
            (
                '<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
                'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
                f"<title>{escape(account.display_name)}</title>{entries}</feed>"
            ).encode(),
        )

    def _watch(self, number: str) -> Answer:
        player = json.dumps(self._player(number))
        return html(
            "<html><script>ytcfg.set({});</script>"
            f"<script>var ytInitialPlayerResponse = {player};</script>"
            f"<script>var ytInitialData = {WATCH};</script></html>"
        )

    def _player(self, number: str) -> dict[str, Any]:
        try:
            account, post = self.post(number)
        except Refused:
            return {"playabilityStatus": {"status": "ERROR", "reason": "Video unavailable"}}
        size = post.clip.stat().st_size if post.clip is not None else 1000
        return {
            "playabilityStatus": {"status": "OK"},
            "streamingData": {
                "expiresInSeconds": "20000",
                "formats": [
                    {
                        "itag": 18,
                        "url": self.clip_url(account, post),
                        "mimeType": 'video/mp4; codecs="avc1.42001E, mp4a.40.2"',
                        "width": 640,
                        "height": 360,
                        "contentLength": str(size),
                        "quality": "medium",
                        "qualityLabel": "360p",
                        "fps": 25,
                    }
                ],
            },
            "videoDetails": {
                "videoId": number,
                "title": post.caption,
                "lengthSeconds": str(post.duration_s),
                "channelId": self.stable_id(account),
                "shortDescription": post.caption,
                "author": account.display_name,
                "viewCount": str(post.views),
            },
            "microformat": {"playerMicroformatRenderer": {"publishDate": post.created.isoformat()}},
        }


def _alert(text: str) -> dict[str, Any]:
    return {"alertRenderer": {"type": "ERROR", "text": {"simpleText": text}}}


def _tab_of(account: Account, tab: str, items: list[dict[str, Any]] | None) -> dict[str, Any]:
    chosen = {} if items is None else {"selected": True, "content": {"richGridRenderer": {"contents": items}}}
    command = {"commandMetadata": {"webCommandMetadata": {"url": f"/@{account.handle}/{tab}"}}}
    return {"tabRenderer": {"title": tab.capitalize(), "endpoint": command, **chosen}}


def _page(data: dict[str, Any]) -> Answer:
    text = json.dumps(data).replace("</", "<\\/")
    return html(
        f"<!DOCTYPE html><html><head><script>ytcfg.set({{}});</script></head>"
        f"<body><script>var ytInitialData = {text};</script></body></html>"
    )


__all__ = ["YouTubeStage"]
