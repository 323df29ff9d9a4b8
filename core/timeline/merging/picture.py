"""Two edits drawn one above the other, what changed in colour: an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .changes import Change
from .items import Parts

_WIDTH, _ROW, _LABEL = 1200, 26, 70
_COLOURS = {
    "inserted": "#3f9b5f",
    "lifted": "#c0504d",
    "moved": "#7d60a8",
    "trimmed": "#d08a2e",
    "slipped": "#d08a2e",
    "take": "#3a77b5",
    "media": "#3a77b5",
}
_OTHER, _SAME = "#b59a2e", "#8a8f98"


def svg(one: Parts, other: Parts, changes: Sequence[Change], names: tuple[str, str]) -> str:
    """Both edits over one ruler; `names` stand beside them."""
    told: dict[str, dict[tuple[str, int], str]] = {"before": {}, "after": {}}
    for change in changes:
        side = "before" if change.kind == "lifted" else "after"
        told[side].setdefault((change.item, change.at), _COLOURS.get(change.kind, _OTHER))
    last = max((float(item.start + item.length) for side in (one, other) for item in side.items()), default=1.0)
    scale = (_WIDTH - _LABEL) / max(last, 1.0)
    rows: list[str] = []
    y = 4
    for name, parts, colours in ((names[0], one, told["before"]), (names[1], other, told["after"])):
        rows.append(f'<text x="4" y="{y + 14}" font-weight="bold">{escape(name)}</text>')
        y += 20
        for track in reversed(parts.tracks):
            rows.append(f'<text x="4" y="{y + 17}">{escape(track.name[:9])}</text>')
            for item in track.items:
                x, width = _LABEL + float(item.start) * scale, max(1.0, float(item.length) * scale - 1)
                colour = colours.get((item.name, round(item.start)), _SAME)
                dim = "" if item.value.get("enabled", True) else ' opacity="0.4"'
                title = f"<title>{escape(item.name)}</title>"
                box = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 4}"'
                rows.append(f'<rect {box} fill="{colour}"{dim}>{title}</rect>')
                if width > 7 * len(item.name[:24]):
                    rows.append(f'<text x="{x + 4:.1f}" y="{y + 15}" fill="white">{escape(item.name[:24])}</text>')
            y += _ROW
        y += 10
    about = f'width="{_WIDTH}" height="{y}" font-family="sans-serif" font-size="12"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {about}>'
    return "\n".join([head, f'<rect width="{_WIDTH}" height="{y}" fill="#f4f4f2"/>', *rows, "</svg>"])


def page(title: str, picture: str, changes: Sequence[Change]) -> str:
    """The picture and the changes as a page that stands by itself."""
    lines = "\n".join(
        f"<li><b>{escape(change.track)}</b> {escape(change.text)}{_doubt(change)}</li>" for change in changes
    )
    style = "body{font:15px sans-serif;margin:2em;max-width:80em} li{margin:.3em 0}"
    return (
        f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><style>{style}</style>"
        f"<h1>{escape(title)}</h1>\n{picture}\n<ol>\n{lines}\n</ol>\n"
    )


def _doubt(change: Change) -> str:
    return "" if change.surely >= 0.9 else f" <i>(the same clip? {change.surely:.0%} sure)</i>"
