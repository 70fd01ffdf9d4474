"""Names that refer to each other, things that stand twice, addresses that no source takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.conftest import Faults, Load

JANE = "people: [{name: Jane Example, aliases: [Janie]}]\n"


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("Jane Exmaple", '"Jane Exmaple" is not in people; did you mean "Jane Example"?'),
        ("jane example", '"jane example" is not in people; did you mean "Jane Example"?'),
        ("janie", '"janie" is an alias; write the name, "Jane Example"'),
        ("Bob", '"Bob" is not in people; add the person there, or write one of "Jane Example"'),
    ],
)
def test_an_account_of_a_stranger_names_who_was_meant(faults: Faults, person: str, says: str) -> None:
    text = f"{JANE}accounts:\n  - https://www.tiktok.com/@a\n  - url: https://www.tiktok.com/@b\n    person: {person}\n"
    assert faults(text) == [f"config.yaml:5: accounts[1].person: {says}"]


def test_an_account_of_somebody_where_nobody_is_protected(faults: Faults) -> None:
    assert faults("accounts: [{url: https://www.tiktok.com/@b, person: Jane}]") == [
        'config.yaml:1: accounts[0].person: "Jane" is not in people; add the person there'
    ]


def test_people_stand_once_however_their_names_are_written(faults: Faults) -> None:
    assert faults("people:\n  - name: Jane Example\n  - name: John\n  - name: ' jane EXAMPLE'\n") == [
        'config.yaml:4: people[2].name: "jane EXAMPLE" is already at people[0].name; write each person once'
    ]


def test_accounts_stand_once_however_their_addresses_are_written(faults: Faults) -> None:
    text = (
        "accounts:\n"
        "  - https://www.tiktok.com/@deepjane\n"
        "  - url: http://m.tiktok.com/@DeepJane?lang=en\n"
        "  - folder:clips\n"
        "  - ./clips/\n"
        "  - https://www.tiktok.com/@other\n"
    )
    assert faults(text) == [
        "config.yaml:3: accounts[1].url: is the same account as accounts[0].url; watch it once",
        "config.yaml:5: accounts[3].url: is the same account as accounts[2].url; watch it once",
    ]


def test_an_official_account_may_be_watched(configured: Load) -> None:
    url = "https://www.tiktok.com/@jane"
    config = configured(f"people: [{{name: Jane, official: [{url}]}}]\naccounts: [{{url: {url}, person: Jane}}]")
    assert config.accounts[0].url == config.people[0].official[0] == url


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "https://www.tiktok.com/@jane/video/7123456789012345678",
            "is a single post, not an account; watch its account",
        ),
        ("https://vm.tiktok.com/ZMabcdef", "is a single post, not an account"),
        ("https://example.org/clip.mp4", "is a single post, not an account; watch its account, or give it to `doppel"),
        ("https://www.example.org/jane", "can be watched by no source; profiles look like https://"),
        ("janeexample", "can be watched by no source"),
        ("folder:", "can be watched by no source"),
        ("file:///etc/passwd", "can be watched by no source"),
    ],
)
def test_an_address_that_cannot_be_watched_says_what_could_be(faults: Faults, url: str, says: str) -> None:
    (line,) = faults(f'accounts: ["{url}"]')
    assert line.startswith(f'config.yaml:1: accounts[0].url: "{url}" {says}')


@pytest.mark.parametrize("url", ["folder:\\ud800", "\\ud800", "https://www.tiktok.com/@a\\nb", "./a\\0b"])
def test_an_address_is_one_printable_line(faults: Faults, url: str) -> None:
    (line,) = faults(f'accounts: ["{url}"]')
    assert line.endswith("holds a line break or an invisible character; copy the address again")


def test_a_name_that_is_too_long_for_a_file_is_no_address(faults: Faults, configured: Load) -> None:
    (line,) = faults(f"accounts: [{'a' * 300}]")
    assert "can be watched by no source" in line
    assert configured(f"accounts: [./{'a' * 300}]").accounts[0].url.endswith("/" + "a" * 300)


def test_a_home_that_is_not_there_is_named(faults: Faults) -> None:
    for url in ("~nobody-of-that-name/clips", "folder:~nobody-of-that-name/clips"):
        (line,) = faults(f"accounts: ['{url}']")
        assert line.endswith('"~nobody-of-that-name/clips": there is no home folder of that name; write the whole path')


def test_control_characters_of_an_address_are_not_printed(faults: Faults) -> None:
    (line,) = faults('accounts: ["gopher://\\u001b[31mred"]')
    assert "\x1b" not in line


@pytest.mark.parametrize("written", ["folder:clips", "./clips", "folder:./clips/", "clips"])
def test_folders_start_at_the_folder_of_the_file(configured: Load, tmp_path: Path, written: str) -> None:
    (tmp_path / "clips").mkdir()
    assert configured(f"accounts: ['{written}']").accounts[0].url == f"folder:{tmp_path}/clips"


def test_folders_may_lie_in_the_home(configured: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jane")
    assert configured("accounts: ['folder:~/clips', /srv/clips]").accounts[0].url == "folder:/home/jane/clips"


@pytest.mark.parametrize(
    "url", ["not an address", "https://www.tiktok.com/", "folder:clips", "https://x.org/a.mp4", "@jane"]
)
def test_an_official_account_must_be_the_address_of_one(faults: Faults, url: str) -> None:
    (line,) = faults(f"people:\n  - name: Jane\n    official:\n      - '{url}'\n")
    assert line.startswith(f'config.yaml:4: people[0].official[0]: "{url}" ')
    assert "like https://www.tiktok.com/@name" in line


def test_official_accounts_may_be_on_platforms_that_are_not_watched(configured: Load) -> None:
    urls = ("https://www.instagram.com/jane", "https://bsky.app/profile/jane.example", "https://jane.example/about")
    assert configured(f"people: [{{name: Jane, official: {list(urls)}}}]").people[0].official == urls


def test_no_more_posts_can_be_examined_than_are_recorded(faults: Faults) -> None:
    assert faults("polling:\n  first_index: 3\n") == [
        (
            "config.yaml:1: polling.first_examine: is 5, more than polling.first_index (3); "
            "no more posts can be examined than are recorded"
        )
    ]


def test_the_digests_have_a_folder_of_their_own(faults: Faults) -> None:
    assert faults("store: data\ndigest:\n  folder: ./data\n") == [
        "config.yaml:3: digest.folder: is the store's folder, too; choose another one for the digests"
    ]


@pytest.mark.parametrize(
    ("zone", "says"),
    [
        ("Europe/Berln", 'did you mean "Europe/Berlin"?'),
        ("europe/berlin", 'did you mean "Europe/Berlin"?'),
        ("Tokyo", 'did you mean "Asia/Tokyo"?'),
        ("../../etc/passwd", 'use a name such as "Europe/Berlin" or "UTC"'),
        ("", 'use a name such as "Europe/Berlin" or "UTC"'),
    ],
)
def test_an_unknown_time_zone_names_the_nearest(faults: Faults, zone: str, says: str) -> None:
    assert faults(f"digest: {{timezone: '{zone}'}}") == [
        f'config.yaml:1: digest.timezone: "{zone}" is no time zone; {says}'
    ]


def test_a_machine_without_time_zones_says_what_to_install(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", set)
    assert faults("digest: {timezone: Europe/Berlin}") == [
        "config.yaml:1: digest.timezone: this machine has no time zone data; install it with: pip install tzdata"
    ]
