"""Tippett plots of the verdict benchmark as one SVG: `python -m benchmarks._tippett FIGURES.json docs/verdict.svg`.

A Tippett plot (Tippett et al. 1968; Evett and Buckleton 1996) shows, for each log10 likelihood ratio, which share of
the cases of each class claims more. Where the curves of the two classes are far apart the evidence discriminates; what
the negative class claims above 0, and the positive one below, is misleading evidence.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from detectors.metrics import Labels, Scores

REACH = 2.0
"""The plot goes from -2 to 2, a hundred to one either way."""

POINTS = 41

_SIDE, _LEFT, _TOP, _GAP = 300.0, 46.0, 46.0, 70.0
_COLOURS = {"positive": "#b3261e", "negative": "#1f5fa8"}


def curves(log10_lr: Scores, positive: Labels) -> dict[str, list[float]]:
    """Shares, 0 to 1, of each class whose ratio is above each of the plot's points."""
    at = np.linspace(-REACH, REACH, POINTS)
    return {
        name: [round(float((log10_lr[chosen] > value).mean()), 4) for value in at]
        for name, chosen in (("positive", positive), ("negative", ~positive))
    }


def drawn(panels: Sequence[Mapping[str, Any]]) -> str:
    """One panel beside the other; each has `title`, `classes` (words for both), `before` and `after` (see above)."""
    width = _LEFT + len(panels) * (_SIDE + _GAP)
    height = _TOP + _SIDE + 78
    body = "\n".join(
        line for number, panel in enumerate(panels) for line in _panel(panel, _LEFT + number * (_SIDE + _GAP))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'font-family="sans-serif" font-size="12" fill="#222">\n'
        f'<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _panel(panel: Mapping[str, Any], left: float) -> list[str]:
    def place(value: float, share: float) -> str:
        return f"{left + (value + REACH) / (2 * REACH) * _SIDE:.1f},{_TOP + (1 - share) * _SIDE:.1f}"

    lines = [
        f'<text x="{left:.0f}" y="{_TOP - 22:.0f}" font-weight="bold">{escape(panel["title"])}</text>',
        f'<text x="{left:.0f}" y="{_TOP - 7:.0f}">{escape(panel["note"])}</text>',
        f'<rect x="{left:.0f}" y="{_TOP:.0f}" width="{_SIDE:.0f}" height="{_SIDE:.0f}" fill="none" stroke="#999"/>',
    ]
    for value in (-2, -1, 0, 1, 2):
        x, _, _ = place(value, 0).partition(",")
        lines.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{_TOP + _SIDE}" stroke="{"#999" if value == 0 else "#e4e4e4"}"/>'
        )
        lines.append(f'<text x="{x}" y="{_TOP + _SIDE + 16}" text-anchor="middle">{value:+d}</text>')
    for share in (0, 0.5, 1):
        y = _TOP + (1 - share) * _SIDE
        lines.append(f'<text x="{left - 6:.0f}" y="{y + 4:.0f}" text-anchor="end">{share:.0%}</text>')
    at = np.linspace(-REACH, REACH, POINTS)
    for stage, dash in (("before", ' stroke-dasharray="4 4"'), ("after", "")):
        for name, colour in _COLOURS.items():
            points = " ".join(place(float(value), share) for value, share in zip(at, panel[stage][name], strict=True))
            lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
    lines.append(
        f'<text x="{left + _SIDE / 2:.0f}" y="{_TOP + _SIDE + 34}" text-anchor="middle">'
        "share of cases whose log10 likelihood ratio is above</text>"
    )
    for number, (name, colour) in enumerate(_COLOURS.items()):
        start = left + number * _SIDE / 2
        lines.append(f'<rect x="{start:.0f}" y="{_TOP + _SIDE + 48}" width="12" height="3" fill="{colour}"/>')
        lines.append(f'<text x="{start + 17:.0f}" y="{_TOP + _SIDE + 53}">{escape(panel["classes"][name])}</text>')
    lines.append(f'<text x="{left:.0f}" y="{_TOP + _SIDE + 70}">dashed: before calibration</text>')
    return lines


def main(source: Path, target: Path) -> None:
    """Draw the last JSON object of a file."""
    figures = json.loads(source.read_text(encoding="utf-8").splitlines()[-1])
    target.write_text(drawn(figures["tippett"]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
