"""What mail programs take of HTML and CSS: Gmail (web and app), Outlook for Windows (Word) and Apple Mail.

After what the makers document (Gmail's "CSS support", Microsoft's "Word HTML and CSS rendering capabilities") and what
caniemail.com tests, as known when this was written. `GRACEFUL` names what a program ignores without harm to what is
read, and what it looks like then.
"""

from __future__ import annotations

ELEMENTS = frozenset(
    {"html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div", "span", "a", "img", "bdi"}
)
"""Elements that all three show; `bdi` is unknown to Outlook, which shows its text as if it were not there."""

ATTRIBUTES = {
    "html": {"lang"},
    "meta": {"charset", "name", "content"},
    "table": {"role", "width", "cellpadding", "cellspacing", "border", "bgcolor"},
    "td": {"align", "height"},
    "a": {"href"},
    "img": {"src", "width", "alt"},
}
"""Attributes beside `class` and `style`."""

EVERYWHERE = frozenset(
    {
        "background-color",
        "border",
        "border-left",
        "border-top",
        "color",
        "display",  # block on pictures alone; Outlook shows them so anyway
        "font-family",
        "font-size",
        "font-weight",
        "line-height",
        "margin",
        "padding",  # on td; Outlook ignores it on div and span
        "text-decoration",
        "vertical-align",
        "white-space",
        "width",
    }
)
"""Properties that all three take inline."""

GRACEFUL = {
    "max-width": "Outlook ignores it; the attribute width stands beside it",
    "height": "Outlook takes it of cells and ignores it elsewhere; the line's own height stays",
    "padding-left": "Outlook ignores it on div: a quote stands closer to its line",
    "word-break": "Outlook ignores it; a hash is then cut at the column or makes it wider by some letters",
}

IN_STYLE = {
    "@media (max-width": "Gmail and Apple Mail take it; Outlook for Windows has no narrow window",
    "@media (prefers-color-scheme": "Apple Mail takes it; the others change colours themselves, or not at all",
}
"""What stands in the style element, which is lost without harm."""

PADDED = frozenset({"td"})
"""Elements on which Outlook takes padding."""
