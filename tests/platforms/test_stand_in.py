"""The stand-in keeps the manners that the tests above it rely on: TLS, ranges, paging, a true log."""

from __future__ import annotations

import concurrent.futures
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.demo.platforms import StandIn, TikTok, TikTokAccount, TikTokPost, post_id
from bot.demo.platforms.tiktok import MEDIA, WWW
from bot.sources.door import guarded_client

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 40)
    return path


@pytest.fixture(scope="module")
def account(clip: Path) -> TikTokAccount:
    times = [NOW - timedelta(hours=number + 1) for number in range(40)]
    return TikTokAccount("one", posts=tuple(TikTokPost(post_id(at, n), at, clip) for n, at in enumerate(times)))


@pytest.fixture(scope="module")
def platform(account: TikTokAccount) -> Iterator[StandIn]:
    with StandIn(TikTok([account])) as made:
        yield made


@pytest.fixture
def client(platform: StandIn) -> Iterator[httpx.Client]:
    platform.clear()
    with guarded_client(platform.dialer()) as made:
        yield made


def test_lists_are_paged_by_fifteen_newest_first(client: httpx.Client, account: TikTokAccount) -> None:
    cursor, sizes, ids = 0, [], []
    more = True
    while more:
        query = {"secUid": account.stable_id, "cursor": str(cursor), "count": "15", "type": "1"}
        page = client.get(f"https://{WWW}/api/creator/item_list/", params=query).json()
        sizes.append(len(page["itemList"]))
        ids += [item["id"] for item in page["itemList"]]
        cursor, more = page["itemList"][-1]["createTime"] * 1000, page["hasMorePrevious"]
    assert sizes == [15, 15, 10]
    assert ids == [post.id for post in account.posts]


def test_media_are_sent_whole_and_in_ranges(client: httpx.Client, account: TikTokAccount, clip: Path) -> None:
    url = f"https://{MEDIA}/video/{account.posts[0].id}/h264.mp4"
    data = clip.read_bytes()
    assert client.get(url).content == data
    for header, span in (("bytes=10-19", data[10:20]), ("bytes=10000-", data[10_000:]), ("bytes=-7", data[-7:])):
        part = client.get(url, headers={"Range": header})
        assert part.status_code == 206
        assert part.content == span


def test_pages_carry_their_data_where_the_site_has_it(client: httpx.Client, account: TikTokAccount) -> None:
    text = client.get(f"https://{WWW}/@one").text
    data = text.partition('type="application/json">')[2].partition("</script>")[0]
    detail = json.loads(data)["__DEFAULT_SCOPE__"]["webapp.user-detail"]
    assert detail["userInfo"]["user"]["secUid"] == account.stable_id
    assert len(account.stable_id) == len("MS4wLjABAAAA") + 64


def test_the_log_tells_each_request(client: httpx.Client, platform: StandIn) -> None:
    client.get(f"https://{WWW}/@one")
    client.get(f"https://{WWW}/nothing")
    assert [(one.host, one.path, one.status) for one in platform.requests()] == [
        (WWW, "/@one", 200),
        (WWW, "/nothing", 404),
    ]
    assert len(platform.requests(WWW, "/@")) == 1


def test_many_clients_are_served_at_once(platform: StandIn) -> None:
    def visit(_: int) -> int:
        with guarded_client(platform.dialer()) as client:
            return client.get(f"https://{WWW}/@one").status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(visit, range(24))) == {200}


def test_ids_hold_the_time_as_tiktoks_do() -> None:
    assert int(post_id(NOW)) >> 32 == int(NOW.timestamp())
