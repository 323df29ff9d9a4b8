"""Draws the panels of the demo's scene: `python -m shotwright.core.models.previs.world.sample_panels FOLDER`.

Storyboard drawings of scenes of the previs world: ink lines over a few grey tones on paper.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from .draw import draw_world
from .scene import FRAMES, Camera, Subject, World, make_subject

_SIZE = (960, 540)
_TONES = 5
_PAPER = np.array((250, 246, 236), np.float32)
_INK = np.array((38, 36, 42), np.float32)
Picture = npt.NDArray[np.uint8]


def _who(kind: str, colour: str, action: str, x: float, z: float, facing: int, looks: float = 0.5) -> Subject:
    subject = make_subject(np.random.default_rng(3), kind, z, x, colour, action)
    at_x, at_z = np.full(FRAMES, x, np.float32), np.full(FRAMES, z, np.float32)
    return Subject(kind, colour, action, at_x, subject.y * 0, at_z, facing, subject.stride, (looks,) * 6)


def _scene(
    place: str, time: str, size: str, height: float, tilt: float, *who: Subject, weather: str = "clear", seed: int = 5
) -> World:
    still = np.zeros(FRAMES, np.float32)
    camera = Camera(still, still + height, still, still, still + tilt)
    return World(place, time, weather, size, "static", 0.5, who, camera, seed)


def _panels() -> dict[str, World]:
    """The demo's boarded shots: name to the scene that its drawing shows."""
    mara = ("person", "yellow")
    jon = ("person", "blue")
    return {
        "SC010_SH0010": _scene("desert", "sunset", "extreme wide", 1.8, 0.05, _who("car", "red", "drives", -4, 14, 1)),
        "SC010_SH0020": _scene("desert", "sunset", "close-up", 1.5, 0, _who(*mara, "stands", 0.05, 0.75, 0, 0.4)),
        "SC010_SH0030": _scene("desert", "sunset", "medium", 1.35, 0, _who(*mara, "talks", 0.1, 1.3, 1, 0.4)),
        "SC010_SH0040": _scene("desert", "sunset", "wide", 1.4, 0.1, _who("car", "red", "drives", 0.6, 7, 1)),
        "SC020_SH0010": _scene(
            "street", "night", "extreme wide", 1.8, 0.05, _who("car", "red", "drives", 2.4, 12, -1), weather="rain"
        ),
        "SC020_SH0020": _scene("street", "night", "medium", 1.25, 0, _who(*jon, "waves", 0.1, 1.5, 0, 0.7)),
        "SC020_SH0030": _scene("street", "night", "close-up", 1.5, 0, _who(*jon, "talks", -0.05, 0.75, 0, 0.7)),
        "SC030_SH0010": _scene(
            "room",
            "night",
            "wide",
            1.4,
            0,
            _who(*mara, "talks", -0.8, 3.6, 1, 0.4),
            _who(*jon, "talks", 0.8, 3.6, -1, 0.7),
        ),
        "SC030_SH0020": _scene("room", "night", "medium", 1.35, 0, _who(*jon, "talks", -0.1, 1.3, -1, 0.7)),
        "SC030_SH0030": _scene("room", "night", "medium", 1.35, 0, _who(*mara, "talks", 0.1, 1.3, 1, 0.4)),
        "SC030_SH0040": _scene("room", "night", "medium", 1.25, 0, _who(*jon, "turns", 0.2, 1.5, 1, 0.7)),
        "SC040_SH0010": _scene("sea", "dawn", "extreme wide", 1.5, 0.02, _who("dog", "black", "runs", -1.2, 6, 1)),
        "SC040_SH0020": _scene("sea", "dawn", "wide", 1.4, 0.05, _who(*mara, "walks", -0.6, 3.8, 1, 0.4)),
        "SC040_SH0030": _scene(
            "sea",
            "dawn",
            "wide",
            2.6,
            0.02,
            _who(*mara, "stands", -1.0, 9, 1, 0.4),
            _who("dog", "black", "stands", 1.2, 8, 1),
        ),
    }


def drawn(picture: Picture) -> Picture:
    """A picture (rows, columns, 3) as a storyboard drawing of the same size."""
    smooth: Any = cv2.bilateralFilter(picture, 9, 40, 7)
    grey = cv2.cvtColor(smooth, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    grey = np.clip((grey - grey.min()) / max(float(np.ptp(grey)), 1e-3), 0, 1)
    tone = np.round(grey * (_TONES - 1)) / (_TONES - 1)
    edges = np.zeros(grey.shape, np.float32)
    for channel in cv2.split(smooth):
        edges = np.maximum(edges, cv2.Canny(channel, 40, 100).astype(np.float32) / 255)
    ink = cv2.GaussianBlur(cv2.dilate(edges, np.ones((2, 2), np.uint8)), (0, 0), 0.8)
    grain = cv2.GaussianBlur(np.random.default_rng(0).standard_normal(grey.shape).astype(np.float32), (0, 0), 1.2)
    shade = 0.42 + 0.58 * cv2.GaussianBlur(tone.astype(np.float32), (0, 0), 0.8) + 0.02 * grain
    paper = shade[..., None] * _PAPER
    line = np.clip(1.25 * ink + 0.08 * grain * ink, 0, 1)[..., None]
    return np.asarray(np.clip(paper * (1 - line) + _INK * line, 0, 255), dtype=np.uint8)


def main() -> None:
    """Writes one PNG a boarded shot into the folder given."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    width, height = _SIZE
    for name, scene in _panels().items():
        frames, _ = draw_world(scene, height, width)
        few = Image.fromarray(drawn(frames[0])).quantize(24)  # a drawing needs no more, and stays a small file
        few.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
