"""Make the table of docs/configuration.md from the table of options."""

from __future__ import annotations

from bot.config.options import Option, options

BEGIN = "<!-- options: written by `python -m bot.config` -->"
END = "<!-- end of options -->"


def reference() -> str:
    """The table as Markdown, one row an option, with its markers."""
    rows = [_row(option) for option in options() if option.section is None or option.is_list]
    return "\n".join((BEGIN, "", "| key | value | default | meaning |", "| --- | --- | --- | --- |", *rows, "", END))


def with_reference(page: str) -> str:
    """The page with the table between its markers renewed.

    Raises:
        ValueError: it lacks the markers.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks the lines {BEGIN} and {END}")
    return before + reference() + after


def _row(option: Option) -> str:
    value = f"{option.kind.name}, {option.bounds}" if option.bounds else option.kind.name
    if option.is_list:
        value = f"list, each {option.kind.name}"
    cells = (f"`{option.key.removesuffix('[]')}`", value, _default(option), option.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(option: Option) -> str:
    if option.required:
        return "required"
    if option.default in (None, (), {}):
        return "none"
    return f"`{option.written_default}`"
