"""Read a configuration file into a validated :class:`Config`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import ValidationError

import bot
from bot.config.places import Origin, dotted
from bot.config.sections import Config
from bot.errors import ConfigError


def default_text() -> str:
    """The commented example: packed beside this module in a wheel, at the root of a checkout."""
    packed = files("bot.config") / "default.yaml"
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(bot.__file__).parents[1] / "config.yaml").read_text(encoding="utf-8")


def default() -> Config:
    """The default configuration, which watches nobody; its paths start at the working folder."""
    return parse(default_text(), Path("config.yaml"))


def load(path: Path) -> Config:
    """Read and validate a configuration file.

    Raises:
        ConfigError: it cannot be read or is wrong; one line for each fault, with file, line, key and remedy.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); write one with: doppelwatch init") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Config:
    """Validate the text of a configuration file; relative paths start at the folder of `path`."""
    data = yaml.safe_load(text) or {}
    try:
        config = Config.model_validate(data, context={"folder": path.absolute().parent})
    except ValidationError as error:
        lines = [f"{path}: {dotted(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False)]
        raise ConfigError("\n".join(lines)) from None
    config._origin = Origin(str(path))
    return config
