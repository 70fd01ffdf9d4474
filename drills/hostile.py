"""A platform that means harm: ways inside, bodies without end, pages without end, names that would be paths.

The real extractors and our own listers ask a stand-in that answers as its script says, in the process of production,
with production's policy for every address that is not the platform's own. Something listens on this machine that counts
who comes inside. After every case the same process is asked for an honest account: it must go on.
"""

from __future__ import annotations

import functools
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.runner import Figures, Options
from bot.demo.platforms import StandIn, State
from bot.demo.platforms.answers import Answer, Call, as_json, gzip_bomb, html, redirect
from bot.demo.platforms.states import FAILURES
from bot.sources.contract import Fetched, FetchRequest, Listing, ListRequest, Outcome
from bot.sources.registry import SourceSettings
from bot.sources.worker import GRACE_S, SourceWorker
from drills._outside import LOOPBACK_SPELLINGS, HalfwayDialer, Inside
from tests.platforms.bluesky import BlueskyStage
from tests.platforms.everything import some_posts
from tests.platforms.feeds import FeedStage
from tests.platforms.kick import KickStage
from tests.platforms.model import Account, Stage
from tests.platforms.tiktok import TikTokStage

HANDLE = "someone"
DEADLINE_S = 2.5
LATE_S = GRACE_S
"""Seconds beyond its deadline from which a case counts as hung: a killed process is replaced by a fresh one."""

MAX_BYTES = 20_000_000
MANY = 10_000

STAGES: tuple[type[Stage], ...] = (TikTokStage, KickStage, BlueskyStage, FeedStage)
"""A page with data in it, an interface in JSON, both through yt-dlp; two listers of our own, in JSON and XML."""

SPELLINGS = (*LOOPBACK_SPELLINGS[::3], "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1")

EVIL_IDS = (
    "../../../../etc/passwd", "/etc/passwd", "..\\..\\windows", "a/b/c", "\u0000nul", "line\nbreak", "\u001b[2J",
    "\u202egpj.exe", "CON", "x" * 5000, ".", "..", "", "%2e%2e%2f", "$(id)", "\ud800",
)  # fmt: skip
"""What a platform might call a post."""

Script = Callable[[Call, Answer], Answer]
"""Given a request and the honest answer, the answer that is sent."""


class Rude:
    """A stand-in platform that answers by a script."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.script: Script = _honest

    @property
    def hosts(self) -> tuple[str, ...]:
        """The platform's."""
        return tuple(self.stage.hosts)

    def answer(self, call: Call) -> Answer:
        """The script's answer."""
        return self.script(call, self.stage.answer(call))


@dataclass(frozen=True, slots=True)
class Case:
    """One trick.

    Attributes:
        name: for the report.
        script: what is answered.
        media: it is met at a download, not at a listing.
        inward: it leads to an address that is not to be reached.
        listed: the list may already tell it, so that the list is asked first.
    """

    name: str
    script: Script
    media: bool = False
    inward: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """How one case ended."""

    platform: str
    case: str
    outcome: Outcome
    elapsed_s: float
    deadline_s: float
    faults: tuple[str, ...]


def _honest(call: Call, answer: Answer) -> Answer:
    return answer


def _always(trick: Answer, call: Call, answer: Answer) -> Answer:
    return trick


def _at_media(trick: Answer, media: str, call: Call, answer: Answer) -> Answer:
    return trick if call.host == media else answer


def _instead(old: bytes, new: bytes, call: Call, answer: Answer) -> Answer:
    """The honest answer with some bytes exchanged."""
    return replace(answer, body=answer.body.replace(old, new))


def _cyclic(stage: Stage, call: Call, answer: Answer) -> Answer:
    """The first page of the list again and again, with a promise of more."""
    return replace(
        answer,
        body=answer.body.replace(b'"hasMorePrevious": false', b'"hasMorePrevious": true').replace(
            b'"feed": [', b'"cursor": "again", "feed": ['
        ),
    )


def _media_host(stage: Stage) -> str:
    """Where a download goes in the end: on Bluesky to the server that the account's own record names."""
    return "pds.bsky.example" if stage.name == "bluesky" else stage.media


def cases(stage: Stage, inside: Inside) -> Iterator[Case]:
    """Every trick that this platform can try."""
    for spelled in SPELLINGS:
        address = f"http://{spelled}:{inside.port}/"
        yield Case(f"redirect to {address}", functools.partial(_always, redirect(address)), inward=True)
        yield Case(
            f"media at a redirect to {address}",
            functools.partial(_at_media, redirect(address), _media_host(stage)),
            media=True,
            inward=True,
        )
        yield Case(
            f"media at {address}",
            functools.partial(_instead, f"https://{_media_host(stage)}".encode(), address.rstrip("/").encode()),
            media=True,
            inward=True,
            listed=True,
        )
    for address in ("file:///etc/passwd", "data:text/html,hello", f"ftp://127.0.0.1:{inside.port}/", "gopher://127.0.0.1/",
                    "//127.0.0.1/", "unix:/run/x", "http://", "http://[", "https://user:word@127.0.0.1/"):  # fmt: skip
        yield Case(f"redirect to {address}", functools.partial(_always, redirect(address)), inward=True)
        yield Case(
            f"media at {address}",
            functools.partial(_instead, f"https://{_media_host(stage)}".encode(), address.removesuffix("/").encode()),
            media=True,
            listed=True,
            inward=True,
        )
    endless = Answer(200, {"Content-Type": "text/html"}, b"<p>more</p>" * 1000, endless=True)
    huge = Answer(200, {"Content-Type": "text/html"}, b"x" * 1000, length=1_000_000_000)
    for name, trick in (
        ("endless page", endless),
        ("1 GB announced", huge),
        ("gzip bomb", gzip_bomb()),
        ("drip", FAILURES[State.DRIP](None)),
        ("reset", Answer(reset=True)),
        ("redirect without end", redirect(f"https://{stage.hosts[0]}/again")),
        ("deep JSON", Answer(200, {"Content-Type": "application/json"}, b"[" * 200_000)),
        ("deep XML", Answer(200, {"Content-Type": "text/xml"}, b"<rss>" + b"<a>" * 100_000)),
        ("XML entities", Answer(200, {"Content-Type": "text/xml"}, _laughs())),
        ("numbers as texts", as_json({"itemList": 7, "feed": "x", "data": [None], "id": {}})),
        ("bytes of nothing", Answer(200, {"Content-Type": "application/json"}, bytes(100_000))),
        ("half a character", Answer(200, {"Content-Type": "text/html"}, b'{"a": "\xff\xfe')),
        ("negative length", Answer(200, {"Content-Type": "text/html"}, b"x", length=-5)),
        ("headers without end", Answer(200, {f"X-{number}": "y" * 500 for number in range(300)}, b"{}")),
    ):
        yield Case(name, functools.partial(_always, trick))
    for name, trick in (
        ("endless clip", replace(endless, headers={"Content-Type": "video/mp4"})),
        ("1 GB clip announced", replace(huge, headers={"Content-Type": "video/mp4"})),
        ("a clip that is packed", gzip_bomb()),
        ("a clip that drips", replace(FAILURES[State.DRIP](None), headers={"Content-Type": "video/mp4"})),
        ("a page for a clip", html("<p>no clip</p>")),
        ("an empty clip", Answer(200, {"Content-Type": "video/mp4"}, b"")),
    ):
        yield Case(name, functools.partial(_at_media, trick, _media_host(stage)), media=True)
    yield Case("cyclic paging", functools.partial(_cyclic, stage))


def run(options: Options) -> Figures:
    """Try every trick on every platform.

    Figures: `cases`, `reached` (connections that came inside), `hung` (cases that outlived their deadline), `stopped`
    (honest polls afterwards that failed), `died` (worker processes that were lost), `outside` (files that lie where
    none should), `wrong` (tricks that were taken for posts), `faults` (what was wrong), `late` (the hung ones),
    `outcomes` (how often each), `longest_s`, `seconds`.
    """
    started = time.monotonic()
    met: list[Met] = []
    reached = 0
    chosen = STAGES[1:2] if options.quick else STAGES
    task = options.progress.add_task("platforms", total=len(chosen))
    with tempfile.TemporaryDirectory() as scratch:
        for make in chosen:
            with Inside() as inside:
                met += _platform(make(), inside, Path(scratch), quick=options.quick)
                reached += inside.calls
            options.progress.advance(task)
    outcomes: dict[str, int] = {}
    for one in met:
        outcomes[str(one.outcome)] = outcomes.get(str(one.outcome), 0) + 1
    return {
        "cases": len(met),
        "reached": reached,
        "hung": sum(_is_hung(one) for one in met),
        "stopped": sum("afterwards" in fault for one in met for fault in one.faults),
        "died": sum("died" in fault for one in met for fault in one.faults),
        "outside": sum("a file lies" in fault for one in met for fault in one.faults),
        "wrong": sum("taken for" in fault for one in met for fault in one.faults),
        "faults": [f"{one.platform}, {one.case}: {fault}" for one in met for fault in one.faults],
        "late": [f"{one.platform}, {one.case}: {one.elapsed_s:.1f} s" for one in met if _is_hung(one)],
        "outcomes": outcomes,
        "longest_s": round(max(one.elapsed_s for one in met), 1),
        "seconds": round(time.monotonic() - started, 1),
    }


def _is_hung(met: Met) -> bool:
    return met.elapsed_s > met.deadline_s + LATE_S


def _platform(stage: Stage, inside: Inside, scratch: Path, *, quick: bool) -> list[Met]:
    clip = scratch / "clip.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(5000))
    now = datetime.now(UTC).replace(microsecond=0)
    short = stage.name == "kick"
    account = Account(HANDLE, posts=some_posts(3, now, clip, short=short), followers=5)
    stage.put(account)
    rude = Rude(stage)
    met = []
    with (
        StandIn(rude) as server,
        SourceWorker(SourceSettings(HalfwayDialer(server.dialer())), memory_bytes=3_000_000_000, grace_s=1) as worker,
    ):
        trial = _Trial(rude, worker, account, scratch / stage.name)
        trial.warm_up()
        every = list(cases(stage, inside))
        # the ways inside are alike, the other tricks are not
        chosen = [case for number, case in enumerate(every) if not (quick and case.inward and number % 6)]
        met = [trial.meet(case) for case in chosen]
        met += [trial.evil_id(text) for text in (EVIL_IDS[::4] if quick else EVIL_IDS)]
        met.append(trial.many_entries())
    return met


class _Trial:
    """One platform, one process, one case after the other."""

    def __init__(self, rude: Rude, worker: SourceWorker, account: Account, scratch: Path) -> None:
        self._rude = rude
        self._worker = worker
        self._account = account
        self._scratch = scratch
        self._scratch.mkdir()
        self._url = rude.stage.url(account)
        self._post = ""

    def warm_up(self) -> None:
        """Start the process, and learn where an honest post lies."""
        listing = self._list(deadline_s=60)
        assert listing.outcome is Outcome.OK, listing
        self._post = listing.posts[0].url

    def meet(self, case: Case) -> Met:
        """Try one trick, then ask for the honest account."""
        self._rude.script = case.script
        started = time.monotonic()
        answer: Listing | Fetched
        faults: list[str] = []
        calls = 1
        if case.media:
            url = self._post
            if case.listed:
                listing = self._list(deadline_s=DEADLINE_S)
                url, calls = listing.posts[0].url if listing.posts else "", 2
                if not url:
                    return self._met(case.name, listing, time.monotonic() - started, ())
            answer, faults = self._fetch(url)
            if answer.outcome is Outcome.OK:
                faults.append("taken for a clip")
        else:
            answer = self._list(deadline_s=DEADLINE_S)
            if answer.outcome is Outcome.OK and case.name != "cyclic paging":
                faults.append(f"taken for {len(answer.posts)} posts")
        return self._met(case.name, answer, time.monotonic() - started, faults, DEADLINE_S * calls)

    def evil_id(self, text: str) -> Met:
        """Give a post an id that would be a path or a command, and download what is listed."""
        stage = self._rude.stage
        honest = stage.post_id(self._account, self._account.posts[0])
        spelled = json.dumps(text)[1:-1].encode() if stage.name != "feed" else _as_xml(text)
        self._rude.script = functools.partial(_instead, honest.encode(), spelled)
        started = time.monotonic()
        listing = self._list(deadline_s=DEADLINE_S)
        faults = [
            f"an id is taken for good as it is: {post.platform_id[:20]!r}"
            for post in listing.posts
            if any(ord(letter) < 32 for letter in post.platform_id) or len(post.platform_id) > 1000
        ]
        if listing.posts:
            faults += self._fetch(listing.posts[0].url)[1]
        return self._met(f"id {text[:20]!r}", listing, time.monotonic() - started, faults, DEADLINE_S * 2)

    def many_entries(self) -> Met:
        """Ten thousand posts, and a limit of fifteen."""
        stage = self._rude.stage
        now = datetime.now(UTC).replace(microsecond=0)
        stage.put(replace(self._account, posts=some_posts(MANY, now, short=stage.name == "kick")))
        self._rude.script = _honest
        started = time.monotonic()
        listing = self._list(deadline_s=30)
        elapsed = time.monotonic() - started
        stage.put(self._account)
        fault = [] if len(listing.posts) == 15 else [f"{len(listing.posts)} posts of {MANY}, {listing.detail}"]
        return self._met(f"{MANY} entries", listing, elapsed, fault, deadline_s=30)

    def _met(
        self,
        name: str,
        answer: Listing | Fetched,
        elapsed: float,
        faults: Sequence[str],
        deadline_s: float = DEADLINE_S,
    ) -> Met:
        found = list(faults)
        if "worker process died" in answer.detail:
            found.append(f"the process died: {answer.detail}")
        self._rude.script = _honest
        after = self._list(deadline_s=30)
        if after.outcome is not Outcome.OK:
            found.append(f"afterwards: {after.outcome} {after.detail}")
        return Met(self._rude.stage.name, name, answer.outcome, elapsed, deadline_s, tuple(found))

    def _list(self, deadline_s: float) -> Listing:
        return self._worker.list_posts(ListRequest(self._url, deadline_s=deadline_s, max_requests=30))

    def _fetch(self, url: str) -> tuple[Fetched, list[str]]:
        """Download a post into a folder of its own; what lies beside it afterwards is a fault."""
        with tempfile.TemporaryDirectory(dir=self._scratch) as place:
            into = Path(place) / "deep" / "into"
            into.mkdir(parents=True)
            fetched = self._worker.fetch(FetchRequest(url, into, MAX_BYTES, 20, DEADLINE_S))
            known = {Path(place), Path(place) / "deep", into}
            beside = [path for path in self._scratch.rglob("*") if path not in known and path.parent != into]
            faults = [f"a file lies at {path}" for path in beside]
            if fetched.path is None and list(into.iterdir()):
                faults.append("a file lies there though nothing was fetched")
            if fetched.path is not None and b"secret" in fetched.path.read_bytes():
                faults.append("what is inside was taken for a clip")
            return fetched, faults


def _laughs() -> bytes:
    """Entities that stand for ten times the one before (the "billion laughs")."""
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{lines}]><rss><channel><title>&l9;</title></channel></rss>'.encode()  # noqa: E501


def _as_xml(text: str) -> bytes:
    return "".join(f"&#{ord(letter)};" for letter in text).encode()


__all__ = ["run"]
