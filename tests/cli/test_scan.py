"""`scan --json` is a contract: one object a source, in the order given, that the schema admits."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn, State, TikTokAccount, TikTokPost, post_id
from bot.sources.worker import SourceWorker
from bot.workers import LimitedExecutor
from tests.bot.conftest import NOW
from tests.bot.test_cycle import kill_while_it_reads
from tests.bot.test_workers import pid
from tests.cli.conftest import Invoke, check_contract, lines
from tests.conftest import PERSON, write_config


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


def test_each_source_is_one_line_in_the_order_given(
    scan: Invoke, config: Path, face_clip: Path, empty_clip: Path, tmp_path: Path
) -> None:
    result = scan("--json", "-c", config, empty_clip, tmp_path / "none.mp4", face_clip, tmp_path)
    assert result.exit_code == 5, result.output
    assert result.stdout.isascii()
    told = lines(result.stdout)
    check_contract("scan", told)
    assert [one["source"] for one in told] == [str(empty_clip), f"{tmp_path}/none.mp4", str(face_clip), str(tmp_path)]
    assert [one.get("code") for one in told] == [None, "no_such_file", None, "no_such_file"]
    assert told[1]["error"] == f"{tmp_path}/none.mp4: does not exist"
    assert told[3]["error"] == f"{tmp_path}: is a folder; name its files"
    empty, face = told[0], told[2]
    assert (empty["tracks"], face["tracks"]) == (0, 1)
    assert face["duration_s"] == pytest.approx(1.5)
    assert set(face["elapsed_s"]) >= {"decode", "tracks", "faces", "forgery", "context"}
    forgery = next(one for one in face["findings"] if one["detector"] == "forgery")
    assert forgery["status"] == "ok"
    assert forgery["log10_lr"] < 0, "dark is genuine to the stand-in model"
    assert face["questions"]["synthesis"]["log10_lr"] == pytest.approx(forgery["log10_lr"], abs=1e-3)
    assert face["questions"]["identity"]["log10_lr"] is None, "nobody to compare with"
    nothing = next(one for one in empty["findings"] if one["detector"] == "forgery")
    assert (nothing["status"], nothing["reason"], nothing["score"]) == ("not_applicable", "no_face", None)


def test_all_good_is_exit_code_0(scan: Invoke, config: Path, face_clip: Path) -> None:
    result = scan("--json", "-c", config, face_clip)
    assert result.exit_code == 0
    assert result.stderr == ""


def test_the_same_file_gives_the_same_line_but_for_the_time(scan: Invoke, config: Path, face_clip: Path) -> None:
    first, second = lines(scan("--json", "-c", config, face_clip, face_clip).stdout)
    del first["elapsed_s"], second["elapsed_s"]
    assert first == second


def test_people_read_the_verdict_and_each_finding(scan: Invoke, config: Path, face_clip: Path) -> None:
    result = scan("-c", config, face_clip, "--person", PERSON)
    assert result.exit_code == 0
    head, *rest = result.stdout.splitlines()
    assert head.startswith(str(face_clip))
    assert any(line.strip().startswith("forgery: ") for line in rest)
    assert any(line.startswith("  - handle: ") for line in rest), "not applicable: a file has no handle"


def test_hostile_names_cannot_act(scan: Invoke, config: Path, face_clip: Path, tmp_path: Path) -> None:
    """Neither as markup of rich, nor as an escape of the terminal, nor as a second line of JSON."""
    hostile = tmp_path / "[bold]x[red] \x1b[31m\u202e\n{} \udcff.mp4"
    hostile.write_bytes(face_clip.read_bytes())
    result = scan("-c", config, hostile)
    assert result.exit_code == 0
    assert "[bold]x[red] \\u001b[31m\\u202e\\u000a{} \\udcff.mp4" in result.stdout
    told = lines(scan("--json", "-c", config, hostile, f"{hostile}.none").stdout)
    check_contract("scan", told)
    assert told[0]["source"] == str(hostile)
    assert told[1]["code"] == "no_such_file"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("https://example.org/a/page", "unsupported"),
        ("gopher://example.org/clip.mp4", "unsupported"),
        ("https://[broken", "unsupported"),
        ("x" * 5000, "no_such_file"),
        ("", "no_such_file"),
        ("/dev/null", "no_such_file"),
    ],
)
def test_what_nobody_can_scan_is_named(scan: Invoke, config: Path, source: str, code: str) -> None:
    result = scan("--json", "-c", config, source)
    assert result.exit_code == 5
    (told,) = lines(result.stdout)
    check_contract("scan", [told])
    assert told["code"] == code
    assert told["source"] == source


def test_a_post_of_the_platform_is_examined_with_its_words(
    scan: Invoke, config: Path, platform: StandIn, face_clip: Path
) -> None:
    def posted(number: int, **more: object) -> TikTokPost:
        return TikTokPost(post_id(NOW, number), NOW, caption="#parody of a golfer", views=5000, **more)  # type: ignore[arg-type]

    posts = (posted(1, clip=face_clip), posted(2, state=State.RATE_LIMITED), posted(3, media_state=State.HUGE))
    account = TikTokAccount("scan.vantor", "Aurelio Vantor", "bio", followers=7, posts=posts, uid="31")
    platform.tiktok.put(account)
    urls = [f"https://www.tiktok.com/@scan.vantor/video/{post.id}" for post in posts]
    result = scan("--json", "-c", config, "--person", PERSON, *urls)
    platform.tiktok.remove("scan.vantor")
    assert result.exit_code == 5
    told = lines(result.stdout)
    check_contract("scan", told)
    assert [one.get("code") for one in told] == [None, "rate_limited", "too_large"]
    assert all(one["error"].startswith(one["source"]) for one in told[1:])
    assert told[0]["questions"]["identity"]["log10_lr"] > 0
    assert told[0]["questions"]["disclosure"]["log10_lr"] > 0
    handle = next(one for one in told[0]["findings"] if one["detector"] == "handle")
    assert "Aurelio Vantor" in handle["statement"]


def test_without_a_configuration_the_defaults_hold(
    scan: Invoke, face_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DOPPELWATCH_CONFIG", raising=False)
    result = scan("--json", face_clip)
    (told,) = lines(result.stdout)
    check_contract("scan", [told])
    assert told["source"] == str(face_clip)


def test_a_worker_that_is_lost_is_named_and_the_others_go_on(
    scan: Invoke,
    shared_workers: tuple[LimitedExecutor, SourceWorker],
    config: Path,
    face_clip: Path,
) -> None:
    executor, _ = shared_workers
    worker = executor.submit(pid).result()
    killer = threading.Thread(target=kill_while_it_reads, args=(worker,))
    killer.start()
    result = scan("--json", "-c", config, face_clip, face_clip)
    killer.join()
    assert result.exit_code == 5
    first, second = lines(result.stdout)
    check_contract("scan", [first, second])
    assert first["code"] == "failed"
    assert first["error"] == f"{face_clip}: the worker process died during examine (exit code -9)"
    assert second["tracks"] == 1
