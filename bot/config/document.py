"""Read YAML into plain values with the line of every key, whatever stands in the file.

The words of YAML 1.2 are used: only `true` and `false` are truth values (a name such as No stays a name), 17:30 is text
and not 1050, and dates and fractions are text, as they are written. Tags are refused. Nesting, aliases and the size of
the file are bounded.
"""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import yaml

from bot.config.places import Fault, KeyPath, Origin
from bot.errors import ConfigError

MAX_BYTES = 1_000_000
"""Size of a configuration file; some thousand accounts fit."""

MAX_NODES = 100_000
"""Values of a file, counted with every use of an alias: ten lines of aliases can stand for billions."""

MAX_DEPTH = 20
"""Nesting of a file; the options need five levels."""

STARTER = "write a starter with: doppelwatch init"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says: plain values (dict, list, str, int, bool, None), their lines, and what is wrong."""

    data: dict[str, Any]
    origin: Origin
    faults: tuple[Fault, ...]


def read_document(path: Path) -> Document:
    """Read a configuration file.

    Raises:
        ConfigError: it is missing, no regular file, too large, no UTF-8, empty, or no YAML.
    """
    try:
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        else:
            what = "is a folder" if path.is_dir() else "is no regular file"
            raise ConfigError(f"{path}: {what}; name the configuration file, or {STARTER}")
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; name another with --config, or {STARTER}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); correct the path or its rights") from error
    if len(data) > MAX_BYTES:
        raise ConfigError(
            f"{path}: is larger than {MAX_BYTES // 1000} kB, which no configuration is; name the right file"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is no UTF-8 text; save the file again as UTF-8") from None
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> Document:
    """Read the text of a configuration file.

    Args:
        text: the YAML.
        file: its name, for messages.

    Raises:
        ConfigError: it is empty, or no YAML.
    """
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(
            f"{file}:{line}: holds a character that is no text (U+{ord(text[error.position]):04X})"
        ) from None
    except yaml.MarkedYAMLError as error:
        # neither the error nor its snippet may travel on: the line could hold a secret
        raise ConfigError(f"{file}:{_line(error)}: is no YAML: {_explained(error)}") from None
    finally:
        if loader is not None:
            loader.dispose()
    walk = _Walk(file)
    data = walk.value(root, ()) if root is not None else None
    if data is None:
        raise ConfigError(f"{file}: is empty; {STARTER}")
    if not isinstance(data, dict):
        raise ConfigError(f"{file}:1: must hold keys and values, such as `people:`; {STARTER}")
    return Document(data, Origin(file, walk.keys, walk.values), tuple(walk.faults))


_EXPLANATIONS: tuple[tuple[str, str], ...] = (
    (r"found character '\\t'", "a tab stands where only spaces may; indent with spaces"),
    (r"found character '.+' that cannot start", "a text begins with a sign that YAML uses itself; put it in quotes"),
    (r"mapping values are not allowed", "a colon stands where none can; put the text in quotes, or indent the line"),
    (r"could not find expected ':'", "a line is neither a key with its colon nor a list item; add what lacks"),
    (r"undefined alias|alphabetic or numeric", "a text begins with * or &, which YAML uses itself; put it in quotes"),
    (r"duplicate anchor", "one name is given to two anchors; rename one"),
    (r"\btag\b", "a text begins with !, which YAML uses itself; put it in quotes"),
    (r"end of stream|quoted scalar", "a quotation mark lacks its partner; close the quotes"),
    (r"but found another document", "holds a second document after ---; keep one"),
    (r"expected <block end>", "the indentation does not fit the lines above; indent keys of one group alike"),
    (r"expected ',' or", "a bracket lacks its partner or a comma; close it, or write one item a line after a dash"),
    (r"nested too deeply", f"it is nested more than {MAX_DEPTH} levels deep"),
)  # fmt: skip
"""What YAML's parser says, and what people can do about it; first match."""


def _line(error: yaml.MarkedYAMLError) -> int:
    """The line to look at: where a quotation or a key began that never ended, else where the parser stopped."""
    unended = re.search(r"end of stream|could not find expected ':'", error.problem or "")
    first, second = error.problem_mark, error.context_mark
    mark = second or first if unended else first or second
    return mark.line + 1 if mark else 1


def _explained(error: yaml.MarkedYAMLError) -> str:
    problem = f"{error.problem or ''} {error.context or ''}"
    for pattern, words in _EXPLANATIONS:
        if re.search(pattern, problem):
            return words
    return "the signs in this line do not fit together; put texts in quotes and indent with spaces"


class _Loader(yaml.SafeLoader):
    """A safe loader with the scalars of YAML 1.2, used for its nodes alone."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  (the base class declares it so)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "nested too deeply", self._here())
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _here(self) -> yaml.Mark:
        mark: yaml.Mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        return mark


_TAG = "tag:yaml.org,2002:"
for _name, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9][0-9_]{0,17}", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern})\Z"), _first)


@dataclass(slots=True)
class _Walk:
    """Turns nodes into plain values and notes the lines on the way."""

    file: str
    keys: dict[KeyPath, int] = field(default_factory=dict)
    values: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0

    def value(self, node: yaml.Node, path: KeyPath) -> Any:
        """The plain value of a node."""
        self.count += 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            self._refuse(
                node, f"stands for more than {MAX_NODES:,} values; it uses aliases (*name) in aliases, write them out"
            )
        self.values[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag.startswith(_TAG):
            return self._scalar(node)
        return self._refuse(
            node, "has a tag (a word after !), which is not taken here; remove it, or put the text in quotes"
        )

    def _item(self, node: yaml.Node, path: KeyPath) -> Any:
        self.keys[path] = node.start_mark.line + 1
        return self.value(node, path)

    def _mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str) or not key:
                # shown by its place alone: in a group of secrets the key could be one
                self._refuse(key_node, "a key must be a word; put it in quotes if it is one")
            inner = (*path, key)
            if key in data:
                self.faults.append(
                    Fault(inner, f"stands twice (first in line {self.keys[inner]}); keep one of them", line=line)
                )
                continue
            self.keys[inner] = line
            data[key] = self.value(value_node, inner)
        return data

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text = node.value
        match node.tag.removeprefix(_TAG):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text.replace("_", ""))
            case "str":
                return text
        return self._refuse(node, "has a tag (a word after !), which is not taken here; remove it")

    def _refuse(self, node: yaml.Node, why: str) -> NoReturn:
        raise ConfigError(f"{self.file}:{node.start_mark.line + 1}: {why}")


__all__ = ["Document", "parse_document", "read_document"]
