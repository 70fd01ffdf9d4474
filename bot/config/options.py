"""The options one by one, as the sections declare them: what the example, the table and errors are made from."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.config.section import Section
from bot.config.sections import Config
from bot.config.values import Kind

_GROUP = Kind("group of keys")


@dataclass(frozen=True, slots=True)
class Option:
    """One key of the configuration.

    Attributes:
        path: names from the root, such as ("people", "photos").
        key: the path as the documentation writes it: `people[].photos[]`.
        field: its declaration.
        kind: how its value, or each item of its list, is written.
        is_list: it takes a list.
        section: the section that it opens, or None for a single value.
        low, high: the least and the greatest value, or None.
    """

    path: tuple[str, ...]
    key: str
    field: FieldInfo
    kind: Kind
    is_list: bool
    section: type[BaseModel] | None
    low: Any = None
    high: Any = None

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path[-1]

    @property
    def required(self) -> bool:
        """It must be written."""
        return self.field.is_required()

    @property
    def default(self) -> Any:
        """Its value when it is not written; None for one that is required, too."""
        return None if self.required else self.field.get_default(call_default_factory=True)

    @property
    def example(self) -> Any:
        """A value to show, or None."""
        return self.field.examples[0] if self.field.examples else None

    @property
    def written_default(self) -> str:
        """The default as it stands in a YAML file."""
        if self.is_list:
            return f"[{', '.join(self.kind.write(value) for value in self.default)}]"
        return self.kind.write(self.default)

    @property
    def meaning(self) -> str:
        """One or two sentences."""
        return self.field.description or ""

    @property
    def bounds(self) -> str:
        """The bounds as words, "5 min to 7 days"; empty without any."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.kind.write(self.low)} to {self.kind.write(self.high)}"


def options(section: type[BaseModel] = Config, above: Option | None = None) -> Iterator[Option]:
    """Every option of a section and of those in it, in their order; a section comes before its keys."""
    for name, field in section.model_fields.items():
        option = _option(name, field, above)
        yield option
        if option.section is not None:
            yield from options(option.section, option)


def keys_at(path: tuple[str | int, ...]) -> dict[str, Option]:
    """The options that may stand under a path of the file; empty where no keys are known."""
    names = [part for part in path if isinstance(part, str)]
    section: type[BaseModel] | None = Config
    above: Option | None = None
    for name in names:
        if section is None or name not in section.model_fields:
            return {}
        above = _option(name, section.model_fields[name], above)
        section = above.section
    if section is None:
        return {}
    return {name: _option(name, field, above) for name, field in section.model_fields.items()}


def option_at(path: tuple[str | int, ...]) -> Option | None:
    """The option to which a path of the file belongs; list items belong to their list."""
    names = [part for part in path if isinstance(part, str)]
    return keys_at(tuple(names[:-1])).get(names[-1]) if names else None


def _option(name: str, field: FieldInfo, above: Option | None) -> Option:
    shape = _Shape(field.annotation, list(field.metadata))
    prefix = f"{above.key}." if above is not None else ""
    return Option(
        path=(*(above.path if above is not None else ()), name),
        key=f"{prefix}{name}{'[]' if shape.is_list else ''}",
        field=field,
        kind=next((part for part in shape.metadata if isinstance(part, Kind)), _GROUP),
        is_list=shape.is_list,
        section=shape.base if isinstance(shape.base, type) and issubclass(shape.base, Section) else None,
        low=next((part.ge for part in shape.metadata if isinstance(part, annotated_types.Ge)), None),
        high=next((part.le for part in shape.metadata if isinstance(part, annotated_types.Le)), None),
    )


class _Shape:
    """A field's annotation, unwrapped: the type of the value or item, and all metadata on the way to it."""

    def __init__(self, annotation: Any, metadata: list[Any]) -> None:
        self.metadata = metadata
        self.is_list = False
        while True:
            origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
            if origin is Annotated:
                annotation = parts[0]
                for part in parts[1:]:
                    self.metadata += part.metadata if isinstance(part, FieldInfo) else [part]
            elif origin in (types.UnionType, typing.Union):
                (annotation,) = (part for part in parts if part is not types.NoneType)
            elif origin is tuple:
                annotation = parts[0]
                self.is_list = True
            else:
                break
        self.base = annotation
