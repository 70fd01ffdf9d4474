"""Read a configuration file into a validated :class:`Config`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

import bot
from bot.config.agreement import disagreements
from bot.config.document import Document, parse_document, read_document
from bot.config.faults import as_error, faults_of
from bot.config.sections import Config


def default_text() -> str:
    """The commented example: packed beside this module in a wheel, at the root of a checkout."""
    packed = files("bot.config") / "default.yaml"
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(bot.__file__).parents[1] / "config.yaml").read_text(encoding="utf-8")


def default() -> Config:
    """The default configuration, which watches nobody; its paths start at the working folder."""
    return _validated(parse_document(default_text(), "config.yaml"), Path.cwd())


def load(path: Path) -> Config:
    """Read and validate a configuration file. Relative paths in it start at its folder.

    Secrets are not read; see :meth:`Config.cookies`.

    Raises:
        ConfigError: the file cannot be read, or it is wrong: one line for each fault, with file, line, key and
            what would be right.
    """
    return _validated(read_document(path), path.absolute().parent)


def _validated(document: Document, folder: Path) -> Config:
    config: Config | None = None
    faults = list(document.faults)
    try:
        config = Config.model_validate(document.data, context={"folder": folder})
    except ValidationError as error:
        faults += faults_of(error)
    if config is not None:
        faults += disagreements(config)
    if config is None or faults:
        # without its cause: pydantic's own text holds the values, and one of them may be a secret
        raise as_error(faults, document.origin)
    return config.read_from(document.origin)
