"""The page as HTML: one file that loads nothing, runs nothing, and says so in its Content-Security-Policy."""

from __future__ import annotations

import base64
import functools
import hashlib
from datetime import date
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.digest import figures, formats, headline, wording
from bot.digest.archive_model import AccountPage, CasePage
from bot.digest.formats import Clock
from bot.digest.index_model import Index
from bot.digest.model import Page, Picture

_STYLE = "page.css"

_EVERY_YEAR = date.min
"""Pages that are not of one day tell the year of every time."""


def render_page(page: Page) -> str:
    """A day's digest as a whole HTML document."""
    clock = Clock(page.zone, page.day)
    return _environment().get_template("digest.html").render(page=page, clock=clock, base="")


def render_index(index: Index) -> str:
    """The list of all digests as a whole HTML document."""
    return _environment().get_template("index.html").render(index=index)


def render_account(page: AccountPage) -> str:
    """The page of an account, which lies in a folder beside the digests."""
    clock = Clock(page.zone, _EVERY_YEAR)
    return _environment().get_template("account.html").render(page=page, clock=clock, base="../")


def render_case(page: CasePage) -> str:
    """The page of a case, which lies in a folder beside the digests."""
    clock = Clock(page.zone, _EVERY_YEAR)
    return _environment().get_template("case.html").render(page=page, clock=clock, base="../")


def render(template: str, **values: object) -> str:
    """Another page in the same manner, as a whole HTML document: a template of the package with its values."""
    return _environment().get_template(template).render(**values)


def policy(style: str) -> str:
    """The Content-Security-Policy of a page with this one style element and pictures inside itself.

    Nothing may be loaded, run, framed or sent; the style is allowed by the SHA-256 of its text, so that no style
    that came in with outside text could act. (CSP Level 3, section 2.3.1: hash-source.)
    """
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def data_uri(picture: Picture) -> str:
    """A picture as a data: address."""
    return "data:image/jpeg;base64," + base64.b64encode(picture.jpeg).decode()


def package_templates(*, keep_trailing_newline: bool = False) -> Environment:
    """Templates from the package, escaped everywhere; a name that is missing is an error, not an empty place.

    Pages and mails each add the globals of their own.
    """
    return Environment(
        loader=PackageLoader("templates", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=keep_trailing_newline,
    )


@functools.cache
def _environment() -> Environment:
    environment = package_templates(keep_trailing_newline=True)
    style = resources.files("templates").joinpath(_STYLE).read_text("utf-8")
    environment.globals |= {
        # ours, and not escaped: text of a style element is taken as it stands
        "style": Markup(style),  # noqa: S704
        "policy": policy(style),
        "words": wording,
        "figures": figures,
        "headline": headline,
        "formats": formats,
        "data_uri": data_uri,
    }
    return environment
