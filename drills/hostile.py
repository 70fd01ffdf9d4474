"""A platform that means harm: ways inside, bodies without end, pages without end, names that would be paths.

The real extractors and our own listers ask a stand-in that answers as its script says, in the process of production,
with production's policy for every address that is not the platform's own. Something listens on this machine that counts
who comes inside. After every case the same process is asked for an honest account: it must go on.

Two walls keep a redirect out: a platform's list of hosts, and the door's look at the address itself. Where there is a
list, it answers first; so the ways inside are tried there a second time with every spelling on the list, as if somebody
had added it to `polling.hosts`, and the second wall must hold alone.
"""

from __future__ import annotations

import functools
import json
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.runner import Figures, Options
from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call
from bot.sources.allowed import HOSTS_OF
from bot.sources.contract import Fetched, FetchRequest, Listing, ListRequest, Outcome
from bot.sources.registry import SourceSettings
from bot.sources.worker import GRACE_S, SourceWorker
from drills._outside import HalfwayDialer, Inside
from drills._tricks import EVIL_IDS, SPELLINGS, Case, Script, cases, honest, instead
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


BY_LIST = "none of the hosts of"
"""In the door's message where a platform's list of hosts refused."""

BY_POLICY = "refused by policy"
"""In the door's message, whichever wall it was."""


class Rude:
    """A stand-in platform that answers by a script."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.script: Script = honest

    @property
    def hosts(self) -> tuple[str, ...]:
        """The platform's."""
        return tuple(self.stage.hosts)

    def answer(self, call: Call) -> Answer:
        """The script's answer."""
        return self.script(call, self.stage.answer(call))


@dataclass(frozen=True, slots=True)
class Met:
    """How one case ended; `detail` is what the source said of it."""

    platform: str
    case: Case
    outcome: Outcome
    detail: str
    elapsed_s: float
    deadline_s: float
    faults: tuple[str, ...]

    @property
    def by_list(self) -> bool:
        """A platform's list of hosts refused the way inside."""
        return BY_LIST in self.detail

    @property
    def by_address(self) -> bool:
        """The door refused the address."""
        return BY_POLICY in self.detail and not self.by_list


def run(options: Options) -> Figures:
    """Try every trick on every platform.

    Figures: `cases`, `reached` (connections that came inside), `hung` (cases that outlived their deadline), `stopped`
    (honest polls afterwards that failed), `died` (worker processes that were lost), `outside` (files that lie where
    none should), `wrong` (tricks that were taken for posts), `faults` (what was wrong), `late` (the hung ones),
    `by_list` and `by_address` (ways inside that a list of hosts refused, and that the door refused by the address),
    `spellings` (inner addresses in different spellings), `untried` (those that met the second wall on none of the
    platforms), `outcomes` (how often each), `longest_s`, `seconds`.
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
                if make.name in HOSTS_OF:
                    met += _platform(make(), inside, Path(scratch), quick=options.quick, past_list=True)
                reached += inside.calls
            options.progress.advance(task)
    spellings = {one.case.spelled for one in met if one.case.spelled}
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
        "faults": [f"{one.platform}, {one.case.name}: {fault}" for one in met for fault in one.faults],
        "late": [f"{one.platform}, {one.case.name}: {one.elapsed_s:.1f} s" for one in met if _is_hung(one)],
        "by_list": sum(one.by_list for one in met),
        "by_address": sum(one.by_address for one in met),
        "spellings": len(spellings),
        "untried": sorted(spellings - {one.case.spelled for one in met if one.by_address}),
        "outcomes": outcomes,
        "longest_s": round(max(one.elapsed_s for one in met), 1),
        "seconds": round(time.monotonic() - started, 1),
    }


def _is_hung(met: Met) -> bool:
    return met.elapsed_s > met.deadline_s + LATE_S


def _platform(stage: Stage, inside: Inside, scratch: Path, *, quick: bool, past_list: bool = False) -> list[Met]:
    """Every trick on one platform; with `past_list` the ways inside alone, past its list of hosts."""
    clip = scratch / "clip.mp4"
    clip.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(5000))
    now = datetime.now(UTC).replace(microsecond=0)
    short = stage.name == "kick"
    account = Account(HANDLE, posts=some_posts(3, now, clip, short=short), followers=5)
    stage.put(account)
    rude = Rude(stage)
    more = (
        tuple(sorted({*(one.lower() for one in SPELLINGS), *(_plain(one) for one in SPELLINGS)})) if past_list else ()
    )
    with StandIn(rude) as server:
        settings = SourceSettings(HalfwayDialer(server.dialer()), more_hosts=more)
        name = f"{stage.name} past its list" if past_list else stage.name
        with SourceWorker(settings, memory_bytes=3_000_000_000, grace_s=1) as worker:
            trial = _Trial(rude, worker, account, name, scratch / name)
            trial.warm_up()
            return list(_met(trial, list(cases(stage, inside)), quick=quick, past_list=past_list))


def _met(trial: _Trial, every: Sequence[Case], *, quick: bool, past_list: bool) -> Iterator[Met]:
    if past_list:
        chosen = [case for case in every if case.spelled]
        yield from map(trial.meet, chosen[::6] if quick else chosen)
        return
    # the ways inside are alike, the other tricks are not
    yield from (trial.meet(case) for number, case in enumerate(every) if not (quick and case.inward and number % 6))
    yield from (trial.evil_id(text) for text in (EVIL_IDS[::4] if quick else EVIL_IDS))
    yield trial.many_entries()


def _plain(spelled: str) -> str:
    """A host as clients may write it: in compatible letters (what is in full width becomes ASCII), without brackets."""
    return unicodedata.normalize("NFKC", spelled).lower().replace("\u3002", ".").strip("[]").rstrip(".")


class _Trial:
    """One platform, one process, one case after the other."""

    def __init__(self, rude: Rude, worker: SourceWorker, account: Account, name: str, scratch: Path) -> None:
        self._name = name
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
                    return self._met(case, listing, time.monotonic() - started, ())
            answer, faults = self._fetch(url)
            if answer.outcome is Outcome.OK:
                faults.append("taken for a clip")
        else:
            answer = self._list(deadline_s=DEADLINE_S)
            if answer.outcome is Outcome.OK and case.name != "cyclic paging":
                faults.append(f"taken for {len(answer.posts)} posts")
        return self._met(case, answer, time.monotonic() - started, faults, DEADLINE_S * calls)

    def evil_id(self, text: str) -> Met:
        """Give a post an id that would be a path or a command, and download what is listed."""
        stage = self._rude.stage
        true = stage.post_id(self._account, self._account.posts[0])
        spelled = json.dumps(text)[1:-1].encode() if stage.name != "feed" else _as_xml(text)
        self._rude.script = functools.partial(instead, true.encode(), spelled)
        started = time.monotonic()
        listing = self._list(deadline_s=DEADLINE_S)
        faults = [
            f"an id is taken for good as it is: {post.platform_id[:20]!r}"
            for post in listing.posts
            if any(ord(letter) < 32 for letter in post.platform_id) or len(post.platform_id) > 1000
        ]
        if listing.posts:
            faults += self._fetch(listing.posts[0].url)[1]
        return self._met(Case(f"id {text[:20]!r}", honest), listing, time.monotonic() - started, faults, DEADLINE_S * 2)

    def many_entries(self) -> Met:
        """Ten thousand posts, and a limit of fifteen."""
        stage = self._rude.stage
        now = datetime.now(UTC).replace(microsecond=0)
        stage.put(replace(self._account, posts=some_posts(MANY, now, short=stage.name == "kick")))
        self._rude.script = honest
        started = time.monotonic()
        listing = self._list(deadline_s=30)
        elapsed = time.monotonic() - started
        stage.put(self._account)
        fault = [] if len(listing.posts) == 15 else [f"{len(listing.posts)} posts of {MANY}, {listing.detail}"]
        return self._met(Case(f"{MANY} entries", honest), listing, elapsed, fault, deadline_s=30)

    def _met(
        self,
        case: Case,
        answer: Listing | Fetched,
        elapsed: float,
        faults: Sequence[str],
        deadline_s: float = DEADLINE_S,
    ) -> Met:
        found = list(faults)
        if "worker process died" in answer.detail:
            found.append(f"the process died: {answer.detail}")
        self._rude.script = honest
        after = self._list(deadline_s=30)
        if after.outcome is not Outcome.OK:
            found.append(f"afterwards: {after.outcome} {after.detail}")
        return Met(self._name, case, answer.outcome, answer.detail, elapsed, deadline_s, tuple(found))

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


def _as_xml(text: str) -> bytes:
    return "".join(f"&#{ord(letter)};" for letter in text).encode()


__all__ = ["run"]
