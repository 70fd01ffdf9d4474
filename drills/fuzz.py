"""Damaged and hostile files through the process that examines clips, made-up texts through all that reads text.

Files are real ones of every container with bytes changed, and some that are built to harm. They are examined as in
production: in a confined process with limits of memory, time and processor time. Texts come from hypothesis and go
through the parsers of platforms' answers, of feeds, headers, cookies, addresses and configuration, and through the
detectors that read words; each may raise what it documents and nothing else.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from benchmarks.runner import Figures, Options
from bot.config import Config
from bot.errors import BotError, ConfigError, SourceError
from bot.sources.exchange import Failed
from bot.workers import LimitedExecutor, TaskTimeout, WorkerDied
from detectors.errors import DetectorError
from drills._containers import MUTATIONS, built, originals

MEMORY_BYTES = 3_000_000_000
TIMEOUT_S, GRACE_S = 30.0, 30.0
ROUNDS, QUICK_ROUNDS = 40, 1
"""Changed files made of each real one."""

EXAMPLES, QUICK_EXAMPLES = 1000, 25
"""Texts for each parser."""

SLOW_S = 5.0
"""Seconds for one text from which a parser counts as hung."""

WHOLE_EVERY = 8
"""Every so manyth changed file is examined by all detectors, the others decoded and read for what they say."""


@dataclass
class _Tally:
    """What happened."""

    files: int = 0
    texts: int = 0
    hung: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    child_crashes: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)


def run(options: Options) -> Figures:
    """Try files, then texts.

    Figures: `cases` (`files` and `texts`), `daemon_crashes` (exceptions that no caller is told to expect, in this
    process or handed to it), `hung` (cases without an answer past their deadline), `child_crashes` (processes that were
    lost, each named in `crashed`), `stopped` (files that were stopped at their deadline, named), `ends` (how often
    which end), `faults` (what was wrong), `seconds`.
    """
    started = time.monotonic()
    tally = _Tally()
    with tempfile.TemporaryDirectory() as folder:
        _files(Path(folder), tally, options)
    _texts(tally, options)
    return {
        "cases": tally.files + tally.texts,
        "files": tally.files,
        "texts": tally.texts,
        "daemon_crashes": len(tally.raised),
        "hung": len(tally.hung),
        "child_crashes": len(tally.child_crashes),
        "crashed": tally.child_crashes,
        "stopped": tally.stopped,
        "ends": dict(tally.ends),
        "faults": [*tally.raised, *tally.hung],
        "seconds": round(time.monotonic() - started, 1),
    }


def _files(folder: Path, tally: _Tally, options: Options) -> None:
    """Examine every file in a confined process, one after the other."""
    with LimitedExecutor(1, memory_bytes=MEMORY_BYTES, timeout_s=TIMEOUT_S) as executor:
        executor.submit(_warm_up).result()
        every = list(_changed(folder, QUICK_ROUNDS if options.quick else ROUNDS))
        task = options.progress.add_task("files", total=len(every))
        for number, (name, make) in enumerate(every):
            path = make()
            whole = number % WHOLE_EVERY == 0 and not options.quick
            tally.files += 1
            _ended(name, executor.submit(_whole if whole else _read, path), tally)
            if path.name.startswith("changed"):
                path.unlink()
            options.progress.advance(task)


def _changed(folder: Path, rounds: int) -> Iterator[tuple[str, Callable[[], Path]]]:
    """Names of all files, each with how it is made when its turn comes."""
    for name, path in built(folder):
        yield name, lambda path=path: path  # type: ignore[misc]
    for original in originals(folder):
        yield original.name, lambda path=original: path  # type: ignore[misc]
        data = original.read_bytes()
        for number in range(rounds):
            mutation = MUTATIONS[number % len(MUTATIONS)]

            def make(number: int = number, original: Path = original, data: bytes = data) -> Path:
                chance = random.Random(f"{original.name} {number}")
                changed = folder / f"changed-{number}{original.suffix}"
                changed.write_bytes(MUTATIONS[number % len(MUTATIONS)](data, chance))
                return changed

            yield f"{original.name}, {mutation.__name__.lstrip('_')} {number}", make


def _ended(name: str, future: Future[str], tally: _Tally) -> None:
    """Wait for one answer and note how it came."""
    try:
        tally.ends[future.result(TIMEOUT_S + GRACE_S)] += 1
    except FutureTimeout:
        tally.hung.append(f"{name}: no answer after {TIMEOUT_S + GRACE_S:g} s")
    except TaskTimeout as error:
        tally.ends["stopped"] += 1
        tally.stopped.append(f"{name}: {error}")
    except WorkerDied as error:
        tally.ends["process lost"] += 1
        tally.child_crashes.append(f"{name}: {error}")
    except (DetectorError, BotError) as error:
        tally.ends[type(error).__name__] += 1
    except Exception as error:  # noqa: BLE001  (this is what is looked for)
        tally.raised.append(f"{name}: {type(error).__name__}: {error}"[:300])


def _warm_up() -> str:
    """Load what examining needs, so that no case pays for it."""
    import detectors.examine

    return detectors.examine.__name__


def _read(path: Path) -> str:
    """Decode, and read what the file says of itself; runs in a worker.

    Raises:
        ClipError: the file is refused.
    """
    from detectors.clip import decode
    from detectors.pdq import picture_hash
    from detectors.provenance_manifest import credentials
    from detectors.provenance_traces import traces

    credentials(path)
    traces(path)
    clip = decode(path)
    for frame in clip.frames[:3]:
        picture_hash(frame.rgb)
    return "read"


def _whole(path: Path) -> str:
    """Examine by all detectors; runs in a worker.

    Raises:
        ClipError: the file is refused.
    """
    from bot.pipeline.examine import examine

    examination = examine(path, None, None, Config())
    broken = [one for one in examination.findings if one.status == "failed"]
    return "examined, a finding failed" if broken else "examined"


def _json_feed(value: object) -> bytes:
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": value,
        "items": [value, {"attachments": value, "id": value}],
    }
    return json.dumps(body).encode()


_TEXT = st.text(max_size=300)
_BYTES = st.binary(max_size=600)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_HEADER = st.one_of(
    _TEXT,
    st.integers().map(str),
    st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d{1,3}:\d{1,3}:\d{1,3} ([A-Z]{3}|[+-]\d{1,5})"),
)
_ADDRESS = st.one_of(
    _TEXT,
    st.from_regex(r"https?://[\w.\[\]:@%-]{0,40}(/[\w@.:%?#&=-]{0,60})?"),
    st.sampled_from(
        [
            "https://www.tiktok.com/@",
            "https://www.youtube.com/",
            "https://kick.com/",
            "feed:https://",
            "list:",
            "folder:",
        ]
    ).flatmap(lambda start: _TEXT.map(lambda end: start + end)),
)
_FEED = st.one_of(
    _BYTES,
    st.tuples(_TEXT, _TEXT, _ADDRESS).map(
        lambda parts: (
            f"<rss version='2.0'><channel><title>{parts[0]}</title><item><guid>{parts[1]}</guid>"
            f"<pubDate>{parts[0]}</pubDate>"
            f"<enclosure url='{parts[2]}' type='video/mp4'/></item></channel></rss>"
        ).encode(errors="replace")
    ),
    _JSON.map(_json_feed),
)


def _feed(body: bytes) -> None:
    from bot.sources.syndication import entries_of, plain, published, videos, words

    feed, entries = entries_of(body)
    plain(str(feed.get("title")))
    for entry in entries:
        published(entry)
        videos(entry)
        words(entry)


def _values(value: object) -> None:
    from bot.sources import values

    for read in (values.count_of, values.text_of, values.seconds_of, values.moment_of, values.id_of):
        read(value)
    values.within(value, "a", 0, "b")
    values.mapping_at(value, "a")
    values.items_at(value, 0)


def _retry_after(text: str) -> None:
    from bot.sources.retry_after import retry_after_s

    wait = retry_after_s(text)
    assert wait is None or 0 <= wait <= 7 * 86_400, wait


def _cookies(text: str) -> None:
    from bot.sources.cookies import netscape

    netscape(text, ".example.org")


def _configuration(text: str) -> None:
    from bot.config.document import parse_document

    parse_document(text, "config.yaml")


def _address(url: str) -> None:
    from bot.sources.registry import SourceSettings, handle_of, platform_of, same_account, source_for

    platform_of(url)
    handle_of(url)
    same_account(url)
    source_for(url, SourceSettings())


def _proxy_request(data: bytes) -> None:
    from bot.sources.egress import requested_place

    requested_place(*[*data.split(b" "), b"", b""][:2])


def _words(text: str) -> None:
    from detectors.context import consider
    from detectors.contract import Status
    from detectors.specimen import Person, ProfileText, Specimen

    profile = ProfileText("tiktok", text[:40], text[40:90], text[90:200], text, ai_label=None)
    found = consider(Specimen(profile=profile, person=Person("Aurelio Vantor"), screen_text=text, subtitles=text))
    failed = [one.statement for one in found if one.status is Status.FAILED]
    assert not failed, failed


def _shown(text: str) -> None:
    from bot.cli.console import plain
    from bot.visible import visible
    from detectors.spelling import shown

    assert "\x1b" not in visible(text)
    plain(text)
    assert "\n" not in shown(text)


def _kept(text: str) -> None:
    from storage.rows import clean_text, json_text

    clean_text(text).encode()
    json_text({"a": text})


@dataclass(frozen=True, slots=True)
class _Parser:
    """Something that reads text from outside, what it is given, and what it may raise."""

    read: Callable[[Any], None]
    given: st.SearchStrategy[Any]
    may_raise: tuple[type[Exception], ...] = ()


PARSERS: Mapping[str, _Parser] = {
    "feeds": _Parser(_feed, _FEED, (Failed,)),
    "values": _Parser(_values, _JSON),
    "retry-after": _Parser(_retry_after, _HEADER),
    "cookies": _Parser(_cookies, _TEXT, (SourceError,)),
    "configuration": _Parser(_configuration, _TEXT, (ConfigError,)),
    "addresses": _Parser(_address, _ADDRESS, (SourceError,)),
    "proxy requests": _Parser(_proxy_request, _BYTES),
    "words": _Parser(_words, _TEXT),
    "what is shown": _Parser(_shown, st.text(st.characters(), max_size=200)),
    "what is kept": _Parser(_kept, st.text(st.characters(), max_size=200)),
}


def _texts(tally: _Tally, options: Options) -> None:
    """Give every parser made-up texts; the smallest text that breaks one is told."""
    examples = QUICK_EXAMPLES if options.quick else EXAMPLES
    task = options.progress.add_task("parsers", total=len(PARSERS))
    for name, parser in PARSERS.items():
        try:
            _many(name, parser, examples, tally)
        except Exception as error:  # noqa: BLE001  (this is what is looked for)
            notes = " ".join(getattr(error, "__notes__", ()))
            tally.raised.append(f"{name}: {type(error).__name__}: {error} {notes}"[:500])
        options.progress.advance(task)


def _many(name: str, parser: _Parser, examples: int, tally: _Tally) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(parser.given)
    def one(text: Any) -> None:
        tally.texts += 1
        started = time.monotonic()
        try:
            parser.read(text)
        except parser.may_raise:
            tally.ends[f"{name}: refused"] += 1
        elapsed = time.monotonic() - started
        if elapsed > SLOW_S:
            tally.hung.append(f"{name}: {elapsed:.1f} s for {text!r}"[:300])

    one()


__all__ = ["PARSERS", "run"]
