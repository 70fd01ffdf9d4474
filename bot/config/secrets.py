"""Secrets: named in the configuration, read from the environment or a file, never written or echoed.

No message here quotes what a user wrote in the place of a secret, because it may be the secret itself.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, model_validator

from bot.config.values import LocalPath, absolute
from bot.errors import ConfigError
from bot.log.redaction import learn

HOW = "write {env: NAME} or {file: PATH}; the secret itself must not stand in this file"
_MAX_BYTES = 1_000_000
_OTHERS = stat.S_IRWXO | stat.S_IWGRP


def _variable(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,99}", value):
        raise ValueError("must be the name of a variable of the environment, such as TIKTOK_COOKIES")
    return value


def _secret_path(value: object, info: ValidationInfo) -> Path:
    if isinstance(value, str) and (len(value) > 500 or re.search(r"[=;\t\n]", value)):
        raise ValueError("looks like the secret itself; save it in a file of its own and write the file's name here")
    return absolute(value, info)


class Secret(BaseModel):
    """Where a secret is: a variable of the environment, or a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    env: Annotated[str, BeforeValidator(_variable)] | None = None
    file: Annotated[LocalPath, BeforeValidator(_secret_path)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_of(cls, data: object) -> object:
        if isinstance(data, Secret):
            return data
        if not isinstance(data, dict) or len(data) != 1 or not set(data) <= {"env", "file"}:
            raise ValueError(f"must say where to read the secret: {HOW}")
        return data

    def __str__(self) -> str:
        return f"the variable {self.env}" if self.env is not None else f"the file {self.file}"


class Cookies:
    """Which platforms take cookies."""

    PLATFORMS = ("tiktok", "youtube", "twitch", "kick", "vimeo", "vk")

    @classmethod
    def known(cls, value: object) -> object:
        """Refuse platforms whose source does not use cookies.

        Raises:
            ValueError: there is one.
        """
        if isinstance(value, dict) and (set(value) - set(cls.PLATFORMS)):
            raise ValueError(f"holds a platform that takes no cookies; those that do: {', '.join(cls.PLATFORMS)}")
        return value


class Proxies:
    """Which platforms may be asked through a proxy: those whose hosts are known (:mod:`bot.sources.allowed`).

    A proxy resolves names itself, so that the door cannot look at the addresses behind them; a list of hosts keeps what
    a page names from leading into the proxy's own network. Sources that ask servers of anybody have none.
    """

    PLATFORMS = ("tiktok", "youtube", "twitch", "kick", "rumble", "odysee", "dailymotion", "vimeo", "bitchute", "vk")

    @classmethod
    def known(cls, value: object) -> object:
        """Refuse platforms that are not asked through a proxy.

        Raises:
            ValueError: there is one.
        """
        if isinstance(value, dict) and (set(value) - set(cls.PLATFORMS)):
            raise ValueError(f"holds a platform that takes no proxy; those that do: {', '.join(cls.PLATFORMS)}")
        return value


class Apprise:
    """How the addresses of chats and push services are named."""

    @classmethod
    def named(cls, value: object) -> object:
        """Refuse names that are none: an address in the place of its name would be a secret in this file.

        Raises:
            ValueError: there is one.
        """
        if isinstance(value, dict) and any(
            not isinstance(name, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,29}", name) for name in value
        ):
            raise ValueError("needs a short name of yours for each address, of letters and digits, such as phone")
        return value


def reveal(secret: Secret) -> str:
    """Read a secret, which from now on is taken out of whatever this process logs.

    Raises:
        ConfigError: it is not there, is empty, cannot be read, or others have rights on its file. The message
            holds no part of it.
    """
    if secret.env is not None:
        text = os.environ.get(secret.env, "")
        if not text.strip():
            raise ConfigError(f"the variable {secret.env} is not set or empty; export it, or use {{file: PATH}}")
    else:
        assert secret.file is not None
        text = _read(secret.file)
    learn(text)
    return text


def _read(path: Path) -> str:
    try:
        # not waiting for a pipe: what stands here is a regular file
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                raise ConfigError(f"{path} is no regular file; name the file that holds the secret")
            if state.st_mode & _OTHERS:
                mode = stat.S_IMODE(state.st_mode)
                raise ConfigError(
                    f"{path} is open to others (mode {mode:04o}); run: chmod 600 {shlex.quote(str(path))}"
                )
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); correct the path or its rights") from error
    if len(data) > _MAX_BYTES:
        raise ConfigError(f"{path} is larger than 1 MB; name the file that holds the secret")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is no UTF-8 text; save it again as plain text") from None
    if not text.strip():
        raise ConfigError(f"{path} is empty; save the secret in it")
    return text
