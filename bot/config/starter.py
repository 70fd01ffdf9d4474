"""Make the commented example, config.yaml, from the table of options.

Lines that begin with `#` and an even number of blanks (none, two, four) are options that have no default; without the
`#` they are YAML at the right indentation. All other lines that begin with `#` are explanations.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import yaml

from bot.config.options import Option, options

WIDTH = 100
_UNBROKEN = "\N{NO-BREAK SPACE}"

HEADER = """\
# The configuration of Doppelwatch: every option with its default and its meaning.
#
# An option that is commented out has no default: take away the # before it, and nothing else.
# Durations and sizes are numbers with units (90 s, 45 min, 6 h, 30 days; 200 MB, 3 GB).
# A relative path starts at the folder of this file; ~ is your home.
# Errors name the line: run `doppelwatch check` after a change.
"""


def starter() -> str:
    """The text of config.yaml."""
    top = [option for option in options() if len(option.path) == 1]
    return "\n".join([HEADER, *("\n".join(_block(option)) + "\n" for option in top)])


def _block(option: Option) -> Iterator[str]:
    """One key at the top level with everything below it."""
    yield from _comment(_explained(option), "")
    inner = [child for child in options() if len(child.path) == 2 and child.path[0] == option.name]
    if option.section is None:
        yield f"{option.name}: {option.written_default}"
        return
    yield f"{option.name}:"
    if option.is_list:
        yield from _items(option, "  ")
        return
    for child in inner:
        if child.section is not None:
            yield from (f"#{line}" for line in _comment(_explained(child), "  "))
            yield f"#  {child.name}:"
            yield from _items(child, "    ")
        elif child.default in (None, (), {}):
            yield from (f"#{line}" for line in _written(child, "  "))
        else:
            yield from _comment(_explained(child), "  ")
            yield f"  {child.name}: {child.written_default}"


def _items(option: Option, indent: str) -> Iterator[str]:
    """An example of a list of groups, commented out: one item with every key, then the short forms."""
    inner = [child for child in options() if child.path[:-1] == option.path]
    for number, child in enumerate(inner):
        lines = list(_written(child, f"{indent}  "))
        if number == 0:
            key = next(index for index, line in enumerate(lines) if not line.lstrip().startswith("#"))
            lines[key] = f"{indent}- " + lines[key].removeprefix(f"{indent}  ")
            lines[:key] = [line.removeprefix("  ") for line in lines[:key]]
        yield from (f"#{line}" for line in lines)
    for short in option.field.examples or ():
        yield f"#{indent}- {short}"


def _written(option: Option, indent: str) -> Iterator[str]:
    """A key with its example as YAML, after its explanation."""
    yield from _comment(_explained(option), indent)
    dumped = yaml.safe_dump(option.example, allow_unicode=True, sort_keys=False, default_flow_style=False)
    lines = dumped.removesuffix("...\n").splitlines()
    if isinstance(option.example, (list, dict)):
        yield f"{indent}{option.name}:"
        yield from (f"{indent}  {line}" for line in lines)
    else:
        yield f"{indent}{option.name}: {lines[0]}"


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in textwrap.wrap(text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "):
        yield line.replace(_UNBROKEN, " ")


def _explained(option: Option) -> str:
    """The meaning, and the bounds as one more sentence that is not broken between number and unit."""
    bounds = option.bounds.replace(" ", _UNBROKEN)
    return f"{option.meaning} From {bounds}." if bounds else option.meaning
