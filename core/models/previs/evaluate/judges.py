"""Measures of clips against the scenes that they should show: the same for drawn, made and mistaken ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..world.scene import World
from . import looks
from .blobs import Blob, Finder, shape
from .cases import FRAMES, Case, Frames
from .discriminant import Discriminant

Scenes = Sequence[tuple[World, Frames, npt.NDArray[np.float32]]]
_MIDDLE = FRAMES // 2
_EARLY, _LATE = 2, FRAMES - 3
KEPT = 0.08  # of the width: how far from its panel a subject may stand


def move_of(world: World) -> str:
    """The camera's move as the picture shows it: a pan and a track look alike within a second."""
    kind, _, way = world.move.partition(" ")
    return {"tilt": "vertical ", "crane": "vertical ", "pan": "sideways ", "track": "sideways "}.get(kind, kind) + way


def size_of(world: World) -> str:
    """Three classes of shot size."""
    return "wide" if "wide" in world.size else world.size


def _height(blob: Blob | None) -> npt.NDArray[np.float64]:
    return np.array([np.log(blob.height), np.log(blob.pixels.sum())] if blob else [0.0, 0.0])


class Judges:
    """Classifiers fitted to drawn scenes of the training; each measure gives one verdict a case, or none."""

    def __init__(self, scenes: Scenes) -> None:
        self._finder = Finder(scenes)
        colours = np.stack([looks.colours(frames) for _, frames, _ in scenes])
        self._place = Discriminant(colours, [world.place for world, *_ in scenes])
        self._time = Discriminant(colours, [world.time for world, *_ in scenes])
        moves = np.stack([looks.camera(frames) for _, frames, _ in scenes])
        self._move = Discriminant(moves, [move_of(world) for world, *_ in scenes])
        blobs = [self._found(world, frames[_MIDDLE]) for world, frames, _ in scenes]
        self._kind = Discriminant(np.stack([shape(b) for b in blobs]), [w.subjects[0].kind for w, *_ in scenes])
        people = [i for i, (world, *_) in enumerate(scenes) if world.subjects[0].kind == "person"]
        heights = np.stack([_height(blobs[i]) for i in people])
        self._size = Discriminant(heights, [size_of(scenes[i][0]) for i in people])

    def _found(self, world: World, frame: npt.NDArray[np.uint8]) -> Blob | None:
        return self._finder.find(frame, world, world.subjects[0].colour)

    def _subject(self, case: Case, clip: Frames) -> Blob | None:
        return self._found(case.world, clip[_MIDDLE])

    def place(self, case: Case, clip: Frames) -> bool:
        """Told from the colours of the middle frame."""
        return self._place.tell(looks.colours(clip)[None]) == [case.world.place]

    def time(self, case: Case, clip: Frames) -> bool:
        """Told from the colours of the middle frame."""
        return self._time.tell(looks.colours(clip)[None]) == [case.world.time]

    def move(self, case: Case, clip: Frames) -> bool:
        """The camera's move with its direction, told from the flow."""
        return self._move.tell(looks.camera(clip)[None]) == [move_of(case.world)]

    def kind(self, case: Case, clip: Frames) -> bool:
        """The subject's kind, told from the form of its blob."""
        return self._kind.tell(shape(self._subject(case, clip))[None]) == [case.world.subjects[0].kind]

    def colour(self, case: Case, clip: Frames) -> bool:
        """The colour whose blob is found most surely."""
        return self._finder.colour(clip[_MIDDLE], case.world) == case.world.subjects[0].colour

    def way(self, case: Case, clip: Frames) -> bool | None:
        """The direction in which the subject's blob moves over its background; none where it should stand."""
        if case.way == 0:
            return None
        first, last = (self._found(case.world, clip[i]) for i in (_EARLY, _LATE))
        if first is None or last is None:
            return False
        ground = ~(first.pixels | last.pixels)
        moved = sum(looks.flow(clip[i], clip[i + 1])[..., 0] for i in range(_EARLY, _LATE))
        passed = float(np.median(np.asarray(moved)[ground])) if ground.any() else 0.0
        return bool((last.x - first.x - passed) * case.way > 0)

    def size(self, case: Case, clip: Frames) -> bool | None:
        """Wide, medium or close-up, told from a person's height."""
        if case.world.subjects[0].kind != "person":
            return None
        return self._size.tell(_height(self._subject(case, clip))[None]) == [size_of(case.world)]

    def kept(self, case: Case, clip: Frames) -> bool | None:
        """Whether the subject stands where its panel, of the middle frame, has it."""
        return self._stands(case, clip, _MIDDLE)

    def followed(self, case: Case, clip: Frames) -> bool | None:
        """Whether the subject stands where the scene has it, early, in the middle and late."""
        found = [self._stands(case, clip, at) for at in (_EARLY, _MIDDLE, _LATE)]
        given = [each for each in found if each is not None]
        return all(given) if given else None

    def _stands(self, case: Case, clip: Frames, at: int) -> bool | None:
        true, found = (self._found(case.world, frames[at]) for frames in (case.frames, clip))
        if true is None:
            return None
        return found is not None and abs(found.x - true.x) < KEPT * clip.shape[2]


def share(verdicts: Sequence[bool | None]) -> float:
    """The share of verdicts that are True, of those that were given."""
    given = [v for v in verdicts if v is not None]
    return sum(given) / max(1, len(given))
