"""HTML for mail programs: one column of tables, styles on the elements, below the size at which Gmail cuts.

Many mail programs drop style elements, so the library css-inline writes the styles onto the elements; what has no such
form (dark mode, narrow screens) stays in a style element for those that keep it. What each program takes is held
against a table in the tests.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources

import css_inline
from jinja2 import Environment
from markupsafe import Markup

from bot.digest import formats
from bot.digest.html import package_templates

LIMIT = 100_000
"""Bytes of the HTML at most: Gmail cuts a message at 102 KB and hides the rest behind a link."""


def render(template: str, values: Mapping[str, object]) -> str:
    """A mail template as one HTML document with its styles on its elements."""
    page = _environment().get_template(template).render(values)
    return _inliner().inline(page)


@functools.cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@functools.cache
def _environment() -> Environment:
    environment = package_templates()
    texts = resources.files("templates")
    environment.globals |= {
        # ours, and not escaped: text of a style element is taken as it stands
        "style": Markup(texts.joinpath("mail.css").read_text("utf-8")),  # noqa: S704
        "screen_style": Markup(texts.joinpath("mail-screen.css").read_text("utf-8")),  # noqa: S704
        "formats": formats,
    }
    return environment


def render_feed(values: Mapping[str, object]) -> str:
    """The feed's template as XML, escaped like the others."""
    return _environment().get_template("feed.xml").render(values)


__all__ = ["LIMIT", "render", "render_feed"]
