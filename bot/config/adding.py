"""Add accounts to a configuration file as a person would: below the last one, every comment and blank left as it is.

The text is not written anew from its values, which would lose what people wrote beside them. Lines are put in at the
place that YAML's parser gives, the result is read again, and it must be what was there and the new accounts; where it
is not, nothing is changed and the lines are handed back for a person to add.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.config.document import parse_document
from bot.config.loading import load
from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to watch: its address, and the name of the person whom it resembles."""

    url: str
    person: str


def add_accounts(path: Path, accounts: Sequence[NewAccount]) -> None:
    """Add accounts to the configuration file; it is replaced in one step, and keeps its rights.

    Raises:
        ConfigError: the file cannot be read or written, or accounts cannot be added to what stands there; the message
            holds the lines to add by hand, and the file is as it was.
    """
    if not accounts:
        return
    real = path.resolve()
    try:
        data = real.read_bytes()
        text = data.decode("utf-8")
        # what the loader takes, with the line breaks that stand in the file
        new = with_accounts(text, accounts, str(path))
        _replace(real, new.encode("utf-8"), path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be changed ({error.strerror}); {_by_hand(accounts)}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is no UTF-8 text; save the file again as UTF-8") from error


def with_accounts(text: str, accounts: Sequence[NewAccount], file: str = "config.yaml") -> str:
    """The text of a configuration with more accounts.

    Raises:
        ConfigError: they cannot be added to what stands there; the message holds the lines to add by hand.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    before = parse_document(body, file)
    changed = _inserted(body, accounts)
    new = [{"url": one.url, "person": one.person} for one in accounts]
    wanted = {**before.data, "accounts": [*(before.data.get("accounts") or ()), *new]}
    try:
        as_wanted = changed is not None and parse_document(changed, file).data == wanted
    except ConfigError:
        as_wanted = False
    if not as_wanted or changed is None:
        raise ConfigError(f"{file}: accounts cannot be added to what stands there; {_by_hand(accounts)}")
    return mark + changed


def _inserted(text: str, accounts: Sequence[NewAccount]) -> str | None:
    """The text with lines put in, None where there is no place for them."""
    end = "\r\n" if "\r\n" in text else "\n"
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return None
    found = next(((key, value) for key, value in root.value if key.value == "accounts"), None)
    if found is None:
        return text + ("" if text.endswith("\n") else end) + "accounts:" + end + end.join(_lines(accounts, 2)) + end
    key, value = found
    if isinstance(value, yaml.SequenceNode) and value.flow_style:
        place = value.end_mark.index - 1
        items = ", ".join(f"{{url: {_quoted(one.url)}, person: {_quoted(one.person)}}}" for one in accounts)
        return text[:place] + (", " if value.value else "") + items + text[place:]
    if isinstance(value, yaml.SequenceNode):
        return _after_line(text, _last_line(value), _lines(accounts, value.start_mark.column), end)
    if isinstance(value, yaml.ScalarNode) and value.value == "":
        return _after_line(text, key.end_mark.line, _lines(accounts, 2), end)
    return None


def _last_line(node: yaml.Node) -> int:
    """The last line on which something of a value stands; its own end mark lies behind the comments that follow."""
    if isinstance(node, yaml.ScalarNode) or not node.value or getattr(node, "flow_style", False):
        last = node.end_mark
        # a text over several lines ends where the next line begins
        return last.line - (1 if last.column == 0 and last.line > node.start_mark.line else 0)
    children = [one for pair in node.value for one in pair] if isinstance(node, yaml.MappingNode) else node.value
    return max(_last_line(one) for one in children)


def _after_line(text: str, line: int, new: Sequence[str], end: str) -> str:
    lines = text.splitlines(keepends=True)
    if not lines[line].endswith(("\n", "\r")):
        lines[line] += end
    return "".join((*lines[: line + 1], *(one + end for one in new), *lines[line + 1 :]))


def _lines(accounts: Sequence[NewAccount], indent: int) -> list[str]:
    blank = " " * indent
    return [
        line
        for one in accounts
        for line in (f"{blank}- url: {_quoted(one.url)}", f"{blank}  person: {_quoted(one.person)}")
    ]


def _quoted(text: str) -> str:
    """A text as YAML reads it again, without quotes where it needs none."""
    plain = yaml.safe_dump(text, allow_unicode=True, width=float("inf")).removesuffix("\n...\n").rstrip("\n")
    return plain if "\n" not in plain and not set(plain) & set(",{}[]") else json.dumps(text, ensure_ascii=False)


def _by_hand(accounts: Sequence[NewAccount]) -> str:
    return "add these lines to accounts yourself:\n" + "\n".join(_lines(accounts, 2))


def _replace(path: Path, data: bytes, shown: Path) -> None:
    """Put new content in a file's place in one step, if the whole configuration is right with it."""
    mode = path.stat().st_mode
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".yaml", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            load(written)
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(written), str(shown))) from None
        written.chmod(mode & 0o7777)
        written.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            written.unlink()
        raise


__all__ = ["NewAccount", "add_accounts", "with_accounts"]
