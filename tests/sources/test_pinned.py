"""Pinned files: byte for byte, in as many goes as it takes, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.demo.platforms import StandIn
from bot.demo.platforms.answers import Answer, Call, redirect
from bot.errors import SourceError
from bot.sources.dialer import PublicDialer
from bot.sources.pinned import PINNED, Pinned, pull, verify

DATA = bytes(range(256)) * 1000
FILE = Pinned("https://zoo.example/model.onnx", hashlib.sha256(DATA).hexdigest(), len(DATA), "MIT", "a test", "faces")


class _Zoo:
    """A site with the file, and with what servers do to files."""

    hosts = ("zoo.example", "media.example")

    def __init__(self, file: Path) -> None:
        self.asked: list[str | None] = []
        self.answers = {
            "/model.onnx": Answer(200, file=file),
            "/moved.onnx": redirect("https://media.example/model.onnx"),
            "/inward.onnx": redirect("http://127.0.0.1:9/model.onnx"),
            "/short.onnx": Answer(200, body=DATA[:1000], length=len(DATA)),
            "/whole.onnx": Answer(200, body=DATA),
            "/other.onnx": Answer(200, body=bytes(len(DATA))),
            "/endless.onnx": Answer(200, body=DATA, endless=True),
            "/odd.onnx": Answer(206, {"Content-Range": f"bytes 5-9/{len(DATA)}"}, DATA[5:10]),
            "/drip.onnx": Answer(200, body=DATA, drip_s=0.1),
            "/page.onnx": Answer(200, {"Content-Type": "text/html"}, b"<html>sign in</html>"),
        }

    def answer(self, call: Call) -> Answer:
        self.asked.append(call.headers.get("range"))
        return self.answers.get(call.path, Answer(404))


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> _Zoo:
    path = tmp_path_factory.mktemp("zoo") / "model.onnx"
    path.write_bytes(DATA)
    return _Zoo(path)


@pytest.fixture(scope="module")
def server(zoo: _Zoo) -> Iterator[StandIn]:
    with StandIn(zoo) as made:
        yield made


def at(name: str) -> Pinned:
    return replace(FILE, url=f"https://zoo.example/{name}.onnx")


@pytest.mark.parametrize("name", ["model", "moved", "whole"])
def test_the_file_comes_byte_for_byte(server: StandIn, tmp_path: Path, name: str) -> None:
    told: list[int] = []
    path = pull(at(name), tmp_path / "model.onnx", server.dialer(), done=told.append)
    assert path.read_bytes() == DATA
    assert told[-1] == len(DATA)
    assert [one.name for one in tmp_path.iterdir()] == ["model.onnx"]


def test_a_broken_fetch_goes_on_where_it_stopped(server: StandIn, zoo: _Zoo, tmp_path: Path) -> None:
    target = tmp_path / "model.onnx"
    with pytest.raises(SourceError, match=r"zoo\.example: .*; 1,000 of 256,000 bytes are kept; call it again to go on"):
        pull(at("short"), target, server.dialer())
    assert not target.exists()
    zoo.asked.clear()
    assert pull(at("model"), target, server.dialer()).read_bytes() == DATA
    assert zoo.asked == ["bytes=1000-"]


def test_a_server_that_knows_no_parts_begins_anew(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".model.onnx.part").write_bytes(b"x" * 777)
    assert pull(at("whole"), tmp_path / "model.onnx", server.dialer()).read_bytes() == DATA


def test_a_damaged_beginning_is_found_and_thrown_away(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".model.onnx.part").write_bytes(b"x" * 777)
    with pytest.raises(SourceError, match="its SHA-256 is"):
        pull(at("model"), tmp_path / "model.onnx", server.dialer())
    assert list(tmp_path.iterdir()) == []
    assert pull(at("model"), tmp_path / "model.onnx", server.dialer()).read_bytes() == DATA


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("other", "its SHA-256 is"),
        ("endless", "sent more than the 256,000 bytes"),
        ("page", "it ended early"),
        ("none", "answered 404 .* give it with --from"),
        ("inward", "connection refused by policy: 127.0.0.1"),
    ],
)
def test_what_is_not_the_file_is_refused(server: StandIn, tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        pull(at(name), tmp_path / "model.onnx", server.dialer())
    assert not (tmp_path / "model.onnx").exists()


def test_another_part_than_was_asked_for_is_refused(server: StandIn, tmp_path: Path) -> None:
    (tmp_path / ".model.onnx.part").write_bytes(DATA[:100])
    with pytest.raises(SourceError, match="another part than was asked for"):
        pull(at("odd"), tmp_path / "model.onnx", server.dialer())


def test_a_server_that_drips_is_cut_off(server: StandIn, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"zoo\.example: "):
        pull(at("drip"), tmp_path / "model.onnx", server.dialer(), seconds=0.5)


def test_nothing_is_written_through_a_link(server: StandIn, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / ".model.onnx.part").symlink_to(victim)
    with pytest.raises(SourceError, match="cannot be written"):
        pull(at("whole"), tmp_path / "model.onnx", server.dialer())
    assert victim.read_bytes() == b"mine"


def test_what_lies_there_is_verified_and_not_fetched_again(tmp_path: Path) -> None:
    target = tmp_path / "model.onnx"
    target.write_bytes(DATA)
    assert pull(FILE, target, PublicDialer()) == target
    target.write_bytes(DATA[:-1] + b"x")
    with pytest.raises(SourceError, match="its SHA-256 is"):
        pull(FILE, target, PublicDialer())
    target.write_bytes(b"")
    with pytest.raises(SourceError, match="has 0 bytes, the pinned file has 256,000"):
        verify(target, FILE)


def test_the_pins_are_whole() -> None:
    for name, pinned in PINNED.items():
        assert len(bytes.fromhex(pinned.sha256)) == 32, name
        assert pinned.url.startswith("https://")
        assert pinned.size > 0
