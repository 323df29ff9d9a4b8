"""What a host draws or shows over its shots, to become their panels: pictures, and drawings as plain lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import UsageError
from . import fields
from .fields import Json

Colour = tuple[float, float, float, float]
"""Red, green, blue and cover, 0 to 1, as they are seen (sRGB)."""

_MOST_STROKES, _MOST_POINTS = 50_000, 200_000
_FAR = 1000.0  # frames beside the frame


@dataclass(frozen=True)
class Stroke:
    """A line of `points`: x and y in the frame, 0 to 1 from its left top corner, and the width there, of its height.

    `line` and `fill` are the colours along it and inside of it, None for none.
    """

    points: tuple[tuple[float, float, float], ...]
    line: Colour | None = None
    fill: Colour | None = None
    closed: bool = False

    def to_json(self) -> dict[str, Any]:
        """As JSON, its points in one row of numbers."""
        row = [round(value, 5) for point in self.points for value in point]
        return {"points": row, "line": self.line, "fill": self.fill, "closed": self.closed}

    @classmethod
    def from_json(cls, data: object) -> Stroke:
        """The stroke that JSON tells; raises UsageError."""
        said = fields.obj(data, "A stroke")
        fields.only(said, ("points", "line", "fill", "closed"), "A stroke")
        row = fields.items(said, "points", 3 * _MOST_POINTS)
        if len(row) % 3:
            raise UsageError("A stroke's points are not x, y and width each.", "Send three numbers a point.")
        values = [fields.number({"points": value}, "points", -_FAR, _FAR) for value in row]
        points = tuple(zip(values[::3], values[1::3], values[2::3], strict=True))
        return cls(points, _colour(said, "line"), _colour(said, "fill"), fields.flag(said, "closed", False))


@dataclass(frozen=True)
class Board:
    """One drawing or picture that stands over record frames, the edit's first one being 0.

    `picture` is a whole path, empty for a drawing: its `strokes`, the lowest first, on `ground`, in a frame of `size`.
    """

    start: int
    frames: int
    picture: str = ""
    size: tuple[int, int] = (16, 9)
    strokes: tuple[Stroke, ...] = ()
    ground: Colour = (1.0, 1.0, 1.0, 1.0)

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "size": list(self.size), "strokes": [stroke.to_json() for stroke in self.strokes]}

    @classmethod
    def from_json(cls, data: object) -> Board:
        """The board that JSON tells; raises UsageError."""
        said = fields.obj(data, "A board")
        fields.only(said, ("start", "frames", "picture", "size", "strokes", "ground"), "A board")
        strokes = tuple(Stroke.from_json(each) for each in fields.items(said, "strokes", _MOST_STROKES))
        if sum(len(stroke.points) for stroke in strokes) > _MOST_POINTS:
            raise UsageError("A drawing has too many points.", f"Keep it under {_MOST_POINTS:,}: simplify its strokes.")
        width, height = fields.pair(said, "size")
        if not (1 <= width <= 16384 and 1 <= height <= 16384):
            raise UsageError(f"No drawing is {width} by {height}.", "Use 1 to 16384 pixels.")
        return cls(
            fields.integer(said, "start", -(10**9), 10**9),
            fields.integer(said, "frames", 1, 10**9),
            fields.text(said, "picture", "", longest=8000),
            (width, height),
            strokes,
            _colour(said, "ground") or (1.0, 1.0, 1.0, 1.0),
        )


def _colour(data: Json, key: str) -> Colour | None:
    if data.get(key) is None:
        return None
    values = [fields.number({key: value}, key, 0, 1) for value in fields.items(data, key, 4)]
    if len(values) != 4:
        raise UsageError(f"“{key}” is no colour.", "Send red, green, blue and cover, 0 to 1.")
    return values[0], values[1], values[2], values[3]
