"""An empty store with a scene to fill, where the digest goes, and the seed case's digest, written once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.digest import write_digest
from storage import DigestRecord, Store
from tests.digest.scene import NOW, Scene, Settings, seed_case


@dataclass(frozen=True, slots=True)
class Seed:
    """The seed case: its store, which is not to be changed, and its page."""

    store: Store
    digest: DigestRecord
    page: Path


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seed]:
    folder = tmp_path_factory.mktemp("seed")
    with Store.open(folder / "store") as store:
        digest = seed_case(store)
        yield Seed(store, digest, write_digest(store, digest, settings=Settings(folder / "digests"), now=NOW))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as made:
        yield made


@pytest.fixture
def scene(store: Store) -> Scene:
    return Scene(store)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "digests")
