"""Configurations as files, and what is said about wrong ones."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import Config, load
from bot.errors import ConfigError

Load = Callable[[str], Config]
Faults = Callable[[str], list[str]]


@pytest.fixture
def configured(tmp_path: Path) -> Load:
    """Load a text as the file config.yaml in a folder of its own."""

    def read(text: str) -> Config:
        path = tmp_path / "config.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return load(path)

    return read


@pytest.fixture
def faults(configured: Load, tmp_path: Path) -> Faults:
    """The lines of the error that a text ends in, without the folder's name."""

    def read(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            configured(text)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return read
