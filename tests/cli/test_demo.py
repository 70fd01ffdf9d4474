"""`doppelwatch demo`, run once as users run it: with no network but the loopback, wherever the system can do that."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.demo import _can_show
from bot.demo.story import CAST
from storage import PostState, Store
from tests.cli.conftest import ENTRY, check_contract, doppelwatch, invoke, lines

LONGEST_S = 60
"""Seconds that the issue allows on two cores."""

HOSTS = {"www.tiktok.com", "tiktok.com", "vm.tiktok.com"}


def _cut_off() -> list[str]:
    """A prefix that runs a command in a network namespace of its own, with the loopback up; empty if there is none."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return []
    prefix = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    return prefix if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0 else []


CUT_OFF = _cut_off()


class Run:
    """The demo's one run: what it printed and what it left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done = subprocess.run(
            [*CUT_OFF, *ENTRY, "demo", "--json", "--out", str(folder)],
            capture_output=True,
            text=True,
            timeout=2 * LONGEST_S,
            check=False,
        )
        assert self.done.returncode == 0, self.done.stderr
        *self.accounts, self.last = lines(self.done.stdout)

    @property
    def by_handle(self) -> dict[str, dict[str, Any]]:
        return {account["handle"]: account for account in self.accounts}

    @property
    def text(self) -> str:
        return Path(self.last["digest"]).with_suffix(".txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("demo") / "out")


@pytest.fixture(scope="module")
def store(run: Run) -> Iterator[Store]:
    with Store.open(run.folder / "store", read_only=True) as opened:
        yield opened


def test_the_lines_fit_the_contract_and_name_every_account_once(run: Run) -> None:
    check_contract("demo", [*run.accounts, run.last])
    assert sorted(run.by_handle) == sorted(role.handle for role in CAST)
    assert len(run.accounts) == len(CAST)
    assert run.last["elapsed_s"] <= LONGEST_S


def test_it_is_quiet_when_nobody_watches(run: Run) -> None:
    # a detector may warn; bars and remarks may not appear
    assert "━" not in run.done.stderr
    assert "requests" not in run.done.stderr


def test_the_undisclosed_deepfake_comes_first(run: Run) -> None:
    first = run.accounts[0]
    assert first["handle"] == "deepaureliovantor"
    assert first["priority"] == "urgent"
    assert first["label"].startswith("impersonation")
    assert first["declared"] is False


def test_the_declared_imitation_comes_below_with_its_declaration_quoted(run: Run) -> None:
    second = run.accounts[1]
    assert (second["handle"], second["label"]) == ("aureliovantor.parody", "declared_imitation")
    assert second["declared"] is True
    assert second["priority"] == "low"
    lower = " ".join(run.text[run.text.index("LOWER PRIORITY") :].replace("|", " ").split())
    assert '"Parody account. Every clip is a deepfake made for fun, not the real Aurelio." in the bio' in lower


def test_official_account_and_namesake_are_no_alert(run: Run) -> None:
    assert run.by_handle["aureliovantor"]["label"] == "official"
    assert run.by_handle["aurelio_baker"]["label"] == "unrelated"
    assert run.by_handle["aureliovantor"]["priority"] == "none"
    # a score that leans to synthetic lists somebody else's clip as worth knowing, never as an alert
    assert run.by_handle["aurelio_baker"]["priority"] in ("none", "low")
    alerts = run.text[run.text.index("NEEDS YOU") : run.text.index("LOWER PRIORITY")]
    assert not {"@aureliovantor:", "@aureliovantor,", "@aurelio_baker"} & set(alerts.split())
    assert "@deepaureliovantor," in alerts.split()
    assert "Rehearsals started today." not in alerts
    assert '"Rehearsals started today."' in run.text


def test_the_gone_and_the_rate_limited_account_are_named_as_what_they_are(run: Run) -> None:
    for handle, state, words in (
        ("realaureliovantor", "gone", r"@realaureliovantor: Gone since .+\n(?:.*\n)*?  Last seen "),
        ("aureliovantor.fanclips", "rate_limited", r"@aureliovantor\.fanclips: Rate limited since "),
    ):
        nothing = {"handle": handle, "state": state, "label": None, "priority": None, "declared": False}
        assert run.by_handle[handle] == nothing
        assert re.search(words, run.text)
    assert {run.by_handle[role.handle]["state"] for role in CAST if role.clips} == {"ok"}


def test_every_clip_was_fetched_examined_and_judged(run: Run, store: Store) -> None:
    assert store.counts() == {PostState.JUDGED: sum(len(role.clips) for role in CAST)}
    media = Path(__file__).parents[2] / "bot" / "demo" / "media"
    kept = {path.stat().st_size for path in (run.folder / "store").rglob("*.mp4")}
    assert kept == {(media / clip.file).stat().st_size for role in CAST for clip in role.clips}


def test_a_face_is_followed_in_every_clip(store: Store) -> None:
    for post in store.posts():
        (faces,) = [finding for finding in store.findings(post.id) if finding.detector == "faces"]
        assert faces.status == "ok", faces.statement
        assert [exhibit for exhibit in faces.exhibits if "jpeg_sha256" in exhibit]


LABELS = {
    "deepaureliovantor": {"impersonation_synthetic", "impersonation_authentic"},
    "aureliovantor.parody": {"declared_imitation"},
    "aureliovantor": {"official"},
    "aurelio_baker": {"unrelated"},
}


def test_explain_shows_why_each_account_has_its_label(run: Run, store: Store) -> None:
    accounts = {account.id: account for account in store.accounts()}
    for post in store.posts():
        result = invoke("explain", "--json", "-c", run.folder / "config.yaml", str(post.id))
        (told,) = lines(result.stdout)
        check_contract("explain", [told])
        assert told["agrees"], "what is printed is what was stored"
        assert told["verdict"]["label"] in LABELS[accounts[post.account_id].handle]
        verdict = store.verdict(post.id)
        assert verdict is not None
        for question, answer in told["questions"].items():
            assert answer["log10_lr"] == verdict.questions[question]["log10_lr"]
        text = invoke("explain", "-c", run.folder / "config.yaml", post.url).stdout
        assert all(finding["statement"] in text for finding in told["findings"] if finding["question"] != "spread")
        assert f"yes  {verdict.rule}" in text


def test_growth_between_the_two_looks_is_told(run: Run, store: Store) -> None:
    clips = {clip.caption: clip for role in CAST for clip in role.clips}
    for post in store.posts():
        clip = clips[post.caption]
        metrics = store.post_metrics(post.id)
        assert metrics[0].views == round(clip.views / clip.growth)
        assert metrics[-1].views == clip.views
    assert re.search(r"1\.45 M views \(\+\d+ K in 18 h\)", run.text)


def test_nothing_but_the_platform_was_asked(store: Store) -> None:
    hosts = {entry["host"] for poll in store.polls() for entry in poll.trail}
    assert hosts
    assert hosts <= HOSTS


@pytest.mark.skipif(not CUT_OFF, reason="this system gives users no network namespaces (unshare, ip)")
def test_it_ran_without_any_network_but_the_loopback(run: Run) -> None:
    seen = subprocess.run([*CUT_OFF, "cat", "/proc/net/dev"], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^\s*(\w+):", seen, re.MULTILINE) == ["lo"]
    assert run.done.returncode == 0


def test_status_reads_what_the_demo_left(run: Run) -> None:
    done = doppelwatch("status", "--json", "--config", run.folder / "config.yaml")
    assert done.returncode == 5  # two accounts cannot be seen, on purpose
    *accounts, last = lines(done.stdout)
    assert {account["handle"]: account["state"] for account in accounts} == {
        account["handle"]: account["state"] for account in run.accounts
    }
    assert last["digest"]["path"] == run.last["digest"]


def test_a_folder_of_somebody_else_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    result = invoke("demo", "--json", "--out", tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"Error: .+: holds files that no demo made.+--out\n", result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_no_browser_opens_where_nobody_sits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert not _can_show()  # pytest captures the output, so this is no terminal


def test_the_table_tells_the_same_as_the_lines(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.cli.demo import show
    from bot.demo.results import Seen
    from bot.demo.run import Demo

    found = tuple(Seen(**account, posts=3, views=10_750_000, grown=1_250_000) for account in run.accounts[:2])
    found += tuple(Seen(**account) for account in run.accounts[-2:])
    show(Demo(found, Path(run.last["digest"]), run.folder / "config.yaml", (), 9.0))
    printed = capsys.readouterr()
    rows = [line.split() for line in printed.out.splitlines()]
    assert rows[1][:3] == ["@deepaureliovantor", "Seen", "impersonation"]
    assert rows[1][4:] == ["urgent", "no", "10.7", "M", "(+1.25", "M)"]
    assert rows[2][:5] == ["@aureliovantor.parody", "Seen", "declared", "imitation", "low"]
    assert rows[3] == ["@realaureliovantor", "Gone", "-", "-"]
    assert rows[4] == ["@aureliovantor.fanclips", "Rate", "limited", "-", "-"]
    assert f"Digest: {run.last['digest']}" in printed.out
    assert json.loads(run.done.stdout.splitlines()[-1])["digest"] in printed.out
