"""What a host draws, as JSON: the same again, and whatever is no drawing is refused in a sentence."""

import json
from typing import Any

import pytest
from shotwright.core.errors import UsageError
from shotwright.core.protocol import Board, Stroke

STROKE = Stroke(((0.25, 0.5, 0.01), (0.75, 0.5, 0.02)), (1.0, 0.0, 0.0, 1.0), None, True)
DRAWING = Board(12, 24, "", (1920, 1080), (STROKE, Stroke((), None, (0.0, 0.0, 0.0, 0.5))))


@pytest.mark.parametrize("board", [DRAWING, Board(0, 1, "/a/panel.png")])
def test_it_comes_back_as_it_was(board: Board) -> None:
    assert Board.from_json(json.loads(json.dumps(board.to_json()))) == board


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"frames": 0}, "frames"),
        ({"size": [0, 9]}, "No drawing is 0 by 9"),
        ({"picture": 3}, "picture"),
        ({"colour": "red"}, "no field"),
        ({"ground": [1, 1, 1]}, "is no colour"),
        ({"strokes": [{"points": [0, 0]}]}, "x, y and width"),
        ({"strokes": [{"points": [0, 0, float("nan")]}]}, "must be a number"),
        ({"strokes": [{"points": [0, 0, 10**9]}]}, "points"),
        ({"strokes": ["a line"]}, "must be an object"),
        ({"strokes": [{"points": [0.0] * 300_000}] * 3}, "too many points"),
    ],
)
def test_what_is_no_drawing_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Board.from_json({**DRAWING.to_json(), **change})
