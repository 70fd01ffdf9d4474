"""When digests are due: local times, clocks that are changed, and weeks in which nothing ran, on a clock of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.deliver import hand_out
from bot.digest.formats import Clock
from bot.digest.notices import gap
from bot.pipeline.calendar import due_day, instant
from bot.pipeline.digest import due_digest, make_digest
from storage import DigestRecord, PollRecord, Store, WantedAccount
from tests.conftest import make_config

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("UTC", "07:30", "2026-11-25", "2026-11-25T07:30"),
        ("Europe/Berlin", "07:30", "2026-03-28", "2026-03-28T06:30"),
        ("Europe/Berlin", "07:30", "2026-03-29", "2026-03-29T05:30"),
        # on 29 March there is no half past two in Berlin: it is over when the clock jumps to three
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00"),
        # on 25 October there are two: the first one counts
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30"),
        # half an hour of change, and at midnight
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30"),
        ("America/Asuncion", "00:00", "2023-10-01", "2023-10-01T04:00"),
        # a day that a country left out when it crossed the date line
        ("Pacific/Apia", "07:30", "2011-12-30", "2011-12-30T10:00"),
    ],
)
def test_the_instant_is_the_first_at_which_the_clocks_show_the_time(
    zone: str, at: str, day: str, expected: str
) -> None:
    found = instant(date.fromisoformat(day), time.fromisoformat(at), ZoneInfo(zone))
    assert abs(found - utc(expected)) <= timedelta(seconds=1)


def record(day: str, covers_to: str, *, handed_out: bool = False) -> DigestRecord:
    at = utc(covers_to)
    return DigestRecord(1, day, None, at, "page", at, at if handed_out else None)


@pytest.mark.parametrize(
    ("zone", "at", "latest", "now", "due"),
    [
        # nothing was polled before the time, so the first digest waits
        ("UTC", "07:30", None, "2026-11-25T12:00", None),
        ("UTC", "07:30", None, "2026-11-26T07:29", None),
        ("UTC", "07:30", None, "2026-11-26T07:30", "2026-11-26"),
        ("UTC", "07:30", ("2026-11-24", "2026-11-24T07:30"), "2026-11-25T07:29", None),
        ("UTC", "07:30", ("2026-11-24", "2026-11-24T07:30"), "2026-11-25T07:30", "2026-11-25"),
        ("UTC", "07:30", ("2026-11-25", "2026-11-25T07:31"), "2026-11-25T12:00", None),
        # missed yesterday, and it is not time yet today: yesterday's is made good at once
        ("UTC", "07:30", ("2026-11-20", "2026-11-20T07:30"), "2026-11-25T03:00", "2026-11-24"),
        # made by hand before its time, it is gathered again when its time comes
        ("UTC", "07:30", ("2026-11-25", "2026-11-25T06:00"), "2026-11-25T07:30", "2026-11-25"),
        ("UTC", "00:00", ("2026-11-24", "2026-11-24T00:00"), "2026-11-24T23:59", None),
        ("UTC", "00:00", ("2026-11-24", "2026-11-24T00:00"), "2026-11-25T00:00", "2026-11-25"),
        # in Berlin it is tomorrow already, in Los Angeles still yesterday
        ("Europe/Berlin", "00:30", ("2026-11-25", "2026-11-24T23:30"), "2026-11-25T23:29", None),
        ("Europe/Berlin", "00:30", ("2026-11-25", "2026-11-24T23:30"), "2026-11-25T23:30", "2026-11-26"),
        ("America/Los_Angeles", "07:30", ("2026-11-24", "2026-11-24T15:30"), "2026-11-25T15:29", None),
        ("America/Los_Angeles", "07:30", ("2026-11-24", "2026-11-24T15:30"), "2026-11-25T15:30", "2026-11-25"),
        ("Europe/Berlin", "02:30", ("2026-03-28", "2026-03-28T01:30"), "2026-03-29T00:59", None),
        ("Europe/Berlin", "02:30", ("2026-03-28", "2026-03-28T01:30"), "2026-03-29T01:00", "2026-03-29"),
        ("Europe/Berlin", "02:30", ("2026-10-24", "2026-10-24T00:30"), "2026-10-25T00:30", "2026-10-25"),
        # the second half past two finds the day done
        ("Europe/Berlin", "02:30", ("2026-10-25", "2026-10-25T00:30"), "2026-10-25T01:30", None),
    ],
)  # fmt: skip
def test_a_digest_is_due_once_its_local_time_is_over(
    zone: str, at: str, latest: tuple[str, str] | None, now: str, due: str | None
) -> None:
    found = due_day(
        None if latest is None else record(*latest),
        utc("2026-11-25T09:00"),
        utc(now),
        at=time.fromisoformat(at),
        zone=ZoneInfo(zone),
    )
    assert (None if found is None else found.isoformat()) == due


def test_a_digest_that_was_handed_out_early_is_done_for_its_day() -> None:
    early = record("2026-11-25", "2026-11-25T06:00", handed_out=True)
    at = {"at": time(7, 30), "zone": ZoneInfo("UTC")}
    assert due_day(early, None, utc("2026-11-25T08:00"), **at) is None  # type: ignore[arg-type]
    assert due_day(early, None, utc("2026-11-26T07:30"), **at) == date(2026, 11, 26)  # type: ignore[arg-type]


def watched(tmp_path: Path, at: str = "02:30") -> Config:
    return make_config(
        tmp_path, digest={"timezone": "Europe/Berlin", "time": at}, deliver={"folder": str(tmp_path / "out")}
    )


def pass_time(store: Store, config: Config, begin: datetime, end: datetime, step: timedelta = HOUR / 4) -> None:
    """What the daemon's tick does about digests, from begin to end."""
    now = begin
    while now < end:
        day = due_digest(store, config, now)
        if day is not None:
            make_digest(store, config, now, day=day)
        hand_out(store, config, now)
        now += step


def poll(store: Store, at: datetime) -> None:
    store.sync_accounts([WantedAccount("https://www.tiktok.com/@a", "tiktok", None, "a", 3600)])
    account = store.accounts()[0]
    store.record_poll(PollRecord(account.id, at, "ok"), next_check_at=at + HOUR, succeeded=True)


def covered(store: Store) -> list[tuple[str, str, str]]:
    """Day, begin and end of each digest in UTC, oldest first."""
    return [
        (one.day, f"{one.covers_from:%d %H:%M}" if one.covers_from else "", f"{one.covers_to:%d %H:%M}")
        for one in reversed(store.digests())
    ]


@pytest.mark.parametrize(
    ("begin", "digests"),
    [
        # to summer time: the day has 23 hours, and no half past two
        (
            "2026-03-27T22:00",
            [
                ("2026-03-28", "", "28 01:30"),
                ("2026-03-29", "28 01:30", "29 01:00"),
                ("2026-03-30", "29 01:00", "30 00:30"),
            ],
        ),
        # back: the day has 25 hours, and two
        (
            "2026-10-23T22:00",
            [
                ("2026-10-24", "", "24 00:30"),
                ("2026-10-25", "24 00:30", "25 00:30"),
                ("2026-10-26", "25 00:30", "26 01:30"),
            ],
        ),
    ],
)
def test_there_is_one_digest_a_day_where_the_clock_is_changed(
    tmp_path: Path, begin: str, digests: list[tuple[str, str, str]]
) -> None:
    config = watched(tmp_path)
    with Store.open(config.store) as store:
        poll(store, utc(begin))
        pass_time(store, config, utc(begin), utc(begin) + timedelta(days=3))
        assert covered(store) == digests
        assert all(one.handed_out_at == one.covers_to for one in store.digests())
        assert len(store.deliveries()) == 3
        for one in store.digests():
            assert gap(one.covers_from, one.covers_to, Clock(BERLIN, date.fromisoformat(one.day))) is None


def test_a_week_without_the_watch_ends_in_one_digest_that_says_so(tmp_path: Path) -> None:
    config = watched(tmp_path, "07:30")
    with Store.open(config.store) as store:
        poll(store, utc("2026-11-15T10:00"))
        pass_time(store, config, utc("2026-11-15T10:00"), utc("2026-11-18T12:00"))
        # a week off; the machine starts before the time of its digest
        pass_time(store, config, utc("2026-11-25T03:00"), utc("2026-11-26T12:00"))
        assert covered(store) == [
            ("2026-11-16", "", "16 06:30"),
            ("2026-11-17", "16 06:30", "17 06:30"),
            ("2026-11-18", "17 06:30", "18 06:30"),
            ("2026-11-24", "18 06:30", "25 03:00"),
            ("2026-11-25", "25 03:00", "25 06:30"),
            ("2026-11-26", "25 06:30", "26 06:30"),
        ]
        assert len(store.deliveries()) == 6
        missed = store.digests()[2]
        told = gap(missed.covers_from, missed.covers_to, Clock(BERLIN, date.fromisoformat(missed.day)))
        assert told is not None
        assert told.title == "This digest covers 6 days 20 h"
        assert told.when == "From Wed 18 Nov, 07:30 to Wed 25 Nov, 04:00."
        page = Path(str(missed.path)).with_suffix(".txt").read_text("utf-8")
        assert "From Wed 18 Nov, 07:30 to Wed 25 Nov, 04:00" in page
        assert "! This digest covers 6 days 20 h" in page


def test_a_machine_that_is_never_on_at_the_time_has_its_first_digest_on_the_second_day(tmp_path: Path) -> None:
    config = watched(tmp_path, "07:30")
    with Store.open(config.store) as store:
        poll(store, utc("2026-11-15T10:00"))
        for day in range(15, 18):
            pass_time(store, config, utc(f"2026-11-{day}T10:00"), utc(f"2026-11-{day}T12:00"))
        assert [one[0] for one in covered(store)] == ["2026-11-16", "2026-11-17"]
