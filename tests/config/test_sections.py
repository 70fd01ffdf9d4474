"""What a configuration may say, and what is said about one that is wrong."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import Account, Config, Person, default, load
from bot.config.options import options
from bot.errors import ConfigError
from tests.config.conftest import Faults, Load


def test_a_whole_configuration(configured: Load, tmp_path: Path) -> None:
    config = configured("""
        store: data
        people:
          - name: Jane Example
            aliases: [Janie Example]
            official: [https://www.tiktok.com/@janeexample, https://www.instagram.com/janeexample]
            photos: [references/jane.jpg, /srv/jane.png]
            recordings: [references/jane.m4a]
        accounts:
          - url: https://www.tiktok.com/@deepjaneexample
            person: Jane Example
            interval: 15 min
          - https://www.tiktok.com/@other
        polling: {interval: 2 h, first_index: 30, first_examine: 10, listing_limit: 20, stop_after_known: 5,
                  max_requests: 8, deadline: 30 s}
        digest: {time: "19:05", timezone: Europe/Berlin, folder: /srv/digests}
        limits: {workers: 2, memory: 4 GB, time: 2 min, file_size: 1 GiB, duration: 1 h, examine: 1 min,
                 pixels: 9_000_000, frames: 5000}
        retention: {media: 90 days, basis: "mandate, file 7"}
        models: {faces: models/faces.onnx}
    """)
    assert config.store == tmp_path / "data"
    (jane,) = config.people
    assert (jane.name, jane.aliases) == ("Jane Example", ("Janie Example",))
    assert jane.official == ("https://www.tiktok.com/@janeexample", "https://www.instagram.com/janeexample")
    assert jane.photos == (tmp_path / "references/jane.jpg", Path("/srv/jane.png"))
    assert jane.recordings == (tmp_path / "references/jane.m4a",)
    assert config.accounts == (
        Account(url="https://www.tiktok.com/@deepjaneexample", person="Jane Example", interval=timedelta(minutes=15)),
        Account(url="https://www.tiktok.com/@other"),
    )
    assert config.accounts[1].person is None
    assert config.accounts[1].interval is None
    assert config.polling.interval == timedelta(hours=2)
    assert config.polling.deadline == timedelta(seconds=30)
    assert (config.polling.first_index, config.polling.first_examine, config.polling.listing_limit) == (30, 10, 20)
    assert (config.polling.stop_after_known, config.polling.max_requests) == (5, 8)
    assert (config.digest.time, config.digest.timezone) == (time(19, 5), "Europe/Berlin")
    assert config.digest.folder == Path("/srv/digests")
    assert (config.limits.workers, config.limits.memory, config.limits.file_size) == (2, 4_000_000_000, 1 << 30)
    assert (config.limits.time, config.limits.examine) == (timedelta(minutes=2), timedelta(minutes=1))
    assert (config.limits.duration, config.limits.pixels, config.limits.frames) == (timedelta(hours=1), 9_000_000, 5000)
    assert (config.retention.media, config.retention.basis) == (timedelta(days=90), "mandate, file 7")
    assert (config.models.faces, config.models.forgery) == (tmp_path / "models/faces.onnx", ())
    assert dict(config.cookies()) == {}


def test_a_key_without_a_value_counts_as_not_written(configured: Load) -> None:
    config = configured("store:\npeople:\naccounts:\ndigest:\n  time:\nmodels:\n  faces: ~\nlimits: {memory: null}\n")
    assert (config.people, config.accounts, config.digest.time) == ((), (), time(7, 30))
    assert config.limits == default().limits


def test_paths_start_at_the_folder_of_the_file_wherever_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "config.yaml").write_text("accounts: []\n")
    monkeypatch.chdir(tmp_path)
    config = load(Path("etc/config.yaml"))
    assert config.store == tmp_path / "etc/watch/store"
    assert config.digest.folder == tmp_path / "etc/watch/digests"


def test_a_configuration_made_in_python_is_checked_as_well() -> None:
    config = Config(people=(Person(name="Jane"),), accounts=(Account(url="https://www.tiktok.com/@x", person="Jane"),))
    assert config.store == Path.cwd() / "watch/store"
    assert config.place("store") == "store"
    with pytest.raises(ValidationError):
        Person.model_validate({"name": ""})
    with pytest.raises(ValidationError, match="frozen"):
        config.people[0].name = "John"  # type: ignore[misc]


WRONG = """
intervall: 3 h
people:
  - name: Jane
    aliases: Janie
    photos: [1, ""]
  - Jane
  - aliases: [x]
  - name: 5
accounts:
  - {url: ftp://x, person: Jane, intervall: 10 min}
  - {url: 5, interval: 10}
  - url: https://www.tiktok.com/@a
    url: https://www.tiktok.com/@b
digest: {time: 7.30, timezone: berlin}
limits: {workers: true, memory: 200, time: 45 mni, frames: "5000", pixels: many}
polling: [1]
"""


def test_every_fault_is_told_at_once_with_line_key_and_remedy(faults: Faults) -> None:
    assert faults(WRONG) == [
        "config.yaml:2: intervall: is no key here; did you mean accounts[].interval or polling.interval?",
        'config.yaml:5: people[0].aliases: must be a list: one item a line, each after "- ", not "Janie"',
        "config.yaml:6: people[0].photos[0]: 1 is no path; write it as text",
        "config.yaml:6: people[0].photos[1]: is no path; name a file or folder",
        (
            "config.yaml:7: people[1]: must be a group of keys "
            '(name, aliases, official, photos, recordings, basis, until), not "Jane"'
        ),
        'config.yaml:8: people[2].name: is missing; write it, such as "Jane Example"',
        'config.yaml:9: people[3].name: 5 must be text; put it in quotes: "5"',
        (
            'config.yaml:11: accounts[0].url: "ftp://x" can be watched by no source; profiles look like '
            "https://www.tiktok.com/@name (the README names all platforms), feeds like feed:https://host/feed, "
            "folders like folder:/path, single files for `scan` like https://host/clip.mp4"
        ),
        'config.yaml:11: accounts[0].intervall: is no key here; did you mean "interval"?',
        "config.yaml:12: accounts[1].url: must be an address, not 5",
        (
            "config.yaml:12: accounts[1].interval: 10 lacks its unit; write a number and a unit, like "
            '"90 s", "45 min", "6 h" or "30 days"'
        ),
        "config.yaml:14: accounts[2].url: stands twice (first in line 13); keep one of them",
        'config.yaml:15: digest.time: "7.30" is no time of day; write it like "07:30" or "19:05"',
        'config.yaml:15: digest.timezone: "berlin" is no time zone; did you mean "Europe/Berlin"?',
        "config.yaml:16: limits.workers: must be a whole number, not true",
        "config.yaml:16: limits.memory: must be 1 GB to 1 TB, not 200 B",
        (
            'config.yaml:16: limits.time: "mni" is no unit of time; write a number and a unit, like '
            '"90 s", "45 min", "6 h" or "30 days"'
        ),
        'config.yaml:16: limits.pixels: must be a whole number, not "many"',
        'config.yaml:16: limits.frames: must be a whole number, without quotes, not "5000"',
        (
            "config.yaml:17: polling: must be a group of keys (interval, slowest, requests_per_hour, requests_per_day, "
            "downloads_per_hour, downloads_per_day, platforms, profile, remeasure, first_index, first_examine, "
            "listing_limit, stop_after_known, max_requests, deadline, hosts, impersonate), not a list"
        ),
    ]


def test_many_faults_end_in_a_count(faults: Faults) -> None:
    lines = faults("people:\n" + "  - {nam: x}\n" * 30)
    assert len(lines) == 21
    assert (
        lines[0] == 'config.yaml:2: people[0].nam: is no key here; did you mean "name"?'
        or "name: is missing" in lines[0]
    )
    assert lines[-1] == "config.yaml: and 40 more"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("polling: {interval: 4 min}", "polling.interval: must be 5 min to 7 days, not 4 min"),
        ("polling: {interval: 8 days}", "polling.interval: must be 5 min to 7 days, not 8 days"),
        ("accounts: [{url: https://www.tiktok.com/@a, interval: 30 s}]", "accounts[0].interval: must be 5 min to 7"),
        ("polling: {first_index: 0}", "polling.first_index: must be 1 to 500, not 0"),
        ("polling: {first_index: -1}", "polling.first_index: must be 1 to 500, not -1"),
        ("polling: {first_index: 1.5}", 'polling.first_index: must be a whole number, not "1.5"'),
        ("limits: {file_size: 1 PB}", 'limits.file_size: "PB" is no unit of size'),
        ("limits: {memory: 500 MB}", "limits.memory: must be 1 GB to 1 TB, not 500 MB"),
        ("limits: {examine: 1 day}", "limits.examine: must be 1 s to 2 h, not 1 day"),
        ("retention: {media: 1 h}", "retention.media: must be 1 day to 3650 days, not 1 h"),
        ("retention: {medias: 1 h}", 'retention.medias: is no key here; did you mean "media"?'),
        ("zebra: 1", "zebra: is no key here; keys here: store, people, accounts, polling, digest, mail, deliver"),
        ("timezone: UTC", "timezone: is no key here; did you mean digest.timezone?"),
        ("people: Jane", 'people: must be a list: one item a line, each after "- ", not "Jane"'),
        ("people: {name: Jane}", "people: must be a list"),
        ("people: [~]", "people[0]: must be a group of keys"),
        ("digest: 07:30", 'digest: must be a group of keys (time, timezone, folder), not "07:30"'),
        ("digest: {timezone: 5}", "digest.timezone: must be a time zone, not 5"),
        ("store: [a]", "store: a list is no path"),
        ("accounts: [{person: Jane}]", 'accounts[0].url: is missing; write it, such as "https://www.tiktok.com/@'),
        ("accounts: [[a]]", "accounts[0]: must be a group of keys (url, person, interval), not a list"),
    ],
)
def test_single_faults(faults: Faults, text: str, says: str) -> None:
    (line,) = faults(text)
    assert line.startswith(f"config.yaml:1: {says}")


@pytest.mark.parametrize("option", [option for option in options() if option.bounds], ids=lambda option: option.key)
def test_both_bounds_of_every_option_are_inside_and_the_next_values_outside(option, configured: Load) -> None:  # type: ignore[no-untyped-def]
    """What the table promises as "from ... to ..." is what validation does."""

    def with_value(value: object) -> Config:
        data: dict[str, object] = {option.name: option.kind.write(value).replace("_", "")}
        if isinstance(value, int) and option.kind.name == "number":
            data = {option.name: value}
        if option.path[:2] == ("polling", "platforms"):
            return configured(yaml.safe_dump({"polling": {"platforms": [{"name": "tiktok", **data}]}}))
        if option.is_list:
            return configured(yaml.safe_dump({option.path[0]: {option.name: [data[option.name]]}}))
        if option.path[0] == "accounts":
            return configured(yaml.safe_dump({"accounts": [{"url": "https://www.tiktok.com/@a", **data}]}))
        more = {"first_index": 500} if option.name == "first_examine" else {}
        more = {"first_examine": 0} if option.name == "first_index" else more
        return configured(yaml.safe_dump({option.path[0]: {**more, **data}}))

    step = timedelta(seconds=1) if isinstance(option.low, timedelta) else 1
    with_value(option.low)
    with_value(option.high)
    with pytest.raises(ConfigError):
        with_value(option.high + step)
    if option.low:
        with pytest.raises(ConfigError, match="must be "):
            with_value(option.low - step)


WORDS = sorted({option.name for option in options()} | {"x", "name", "tiktok", "env", "file"})
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["1 h", "3 GB", "07:30", "/x", "UTC"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tree=st.dictionaries(st.sampled_from(WORDS), TREES, min_size=1, max_size=5))
def test_any_tree_is_a_configuration_or_an_error_with_a_key_in_each_line(
    tree: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    try:
        config: Config | None = load(path)
        error = ""
    except ConfigError as caught:
        config, error = None, str(caught)
    assert (config is None) == bool(error)
    assert all(line.startswith(f"{path}:") for line in error.splitlines())
    assert all(letter.isprintable() or letter == "\n" for letter in error)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("models/own.onnx", ("models/own.onnx",)),
        ("bundled", (None,)),
        ("[bundled, models/own.onnx]", (None, "models/own.onnx")),
        ("[./bundled]", ("bundled",)),
        ("[]", ()),
        ("", ()),
    ],
)
def test_one_forgery_model_or_several(
    configured: Load, tmp_path: Path, written: str, wanted: tuple[str | None, ...]
) -> None:
    config = configured(f"models:\n  forgery: {written}\n")
    assert config.models.forgery == tuple(None if one is None else tmp_path / one for one in wanted)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("17", r":2: models\.forgery: 17 is no path; write it as text"),
        ("{a: b}", r":2: models\.forgery: a group of keys is no path"),
        ("[bundled, 17]", r":2: models\.forgery\[1\]: 17 is no path"),
        ("[bundled, ~]", r":2: models\.forgery\[1\]: is no path; name a file, or write bundled"),
        ("[bundled, a.onnx, bundled]", r':2: models\.forgery: names "bundled" twice; each model has one vote'),
        ("[a, b, c, d, e, f]", r":2: models\.forgery: names 6 models; at most 5 vote"),
    ],
)
def test_what_cannot_vote_is_said_of_the_key(configured: Load, written: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        configured(f"models:\n  forgery: {written}\n")
