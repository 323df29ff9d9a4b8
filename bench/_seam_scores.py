"""Ways to go on from a clip, and how near each comes to the true continuation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from shotwright.core.media.motion import follow
from shotwright.core.media.scaling import enlarge
from shotwright.core.media.seam.grain import grain_of
from shotwright.core.media.seam.onward import Side, onward
from shotwright.core.timing import Rate

from ._seam_clips import Clip, Frame, Known

METHODS = ("ours", "freeze", "fade", "flow")


def _ours(clip: Clip, made: Callable[[int], Frame]) -> tuple[Known, Known]:
    """The new frames, and the same before grain is laid on."""
    side = Side(0, clip.frames[: clip.known])
    steps = range(1, len(clip.frames) - clip.known + 1)
    bare = [onward([side], step, made(step), model_leads=False) for step in steps]
    return [side.grained(frame, step) for frame, step in zip(bare, steps, strict=True)], bare


def _drawn_on(clip: Clip) -> Known:
    """The last frame drawn on along the last dense motion, which is taken along with it."""
    height, width = clip.frames[0].shape[:2]
    size = (width // 2, height // 2)
    greys = [cv2.resize(_grey(f), size, interpolation=cv2.INTER_AREA) for f in clip.frames[clip.known - 2 : clip.known]]
    back = cv2.resize(follow(greys[1], greys[0]), (width, height)) * 2
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    grid = np.stack([columns, rows], 2)
    places, new = grid, []
    for _ in range(len(clip.frames) - clip.known):
        places = cv2.remap(places, grid + back, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        new.append(
            cv2.remap(clip.frames[clip.known - 1], places, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        )
    return new


def _by_truth(clip: Clip) -> Callable[[int], Frame]:
    """What a perfect small model would make: the true frames, 64x36, enlarged again."""

    def made(step: int) -> Frame:
        small = cv2.resize(clip.clean[clip.known - 1 + step], (64, 36), interpolation=cv2.INTER_AREA)
        return enlarge(np.asarray(small, np.uint8), _size(clip))

    return made


@lru_cache(maxsize=1)
def _model() -> Any:
    import torch
    from shotwright.core.models.previs_model import Previs

    torch.set_num_threads(1)  # as OpenCV's here: threads that wait for a busy core would take minutes
    return Previs()


def _by_previs(clip: Clip) -> Callable[[int], Frame]:
    """What the built-in model makes, without a word."""
    from shotwright.core.models.base import ChunkRequest

    model, count = _model(), len(clip.frames)
    size = model.limits.sizes[0]
    known = np.zeros((count, size[1], size[0], 3), np.uint8)
    for number in range(clip.known):
        known[number] = cv2.resize(clip.frames[number], size, interpolation=cv2.INTER_AREA)
    held, none = np.arange(count) < clip.known, np.zeros(count, np.bool_)
    request = ChunkRequest("", "", size, Rate.parse(24), count, 0, known, held, none, np.ones(count, np.float32))
    frames = model.make_chunk(request, lambda *_: None)
    return lambda step: enlarge(frames[clip.known - 1 + step], _size(clip))


MODELS: dict[str, Callable[[Clip], Callable[[int], Frame]]] = {"truth": _by_truth, "previs": _by_previs}


def _size(clip: Clip) -> tuple[int, int]:
    height, width = clip.frames[0].shape[:2]
    return width, height


def carried_on(clip: Clip, model: str) -> dict[str, Known]:
    """The new frames of each method; ours with one of MODELS."""
    made = MODELS[model](clip)
    count = len(clip.frames) - clip.known
    last, still = clip.frames[clip.known - 1], clip.frames[-1]
    fade = [
        np.asarray(cv2.addWeighted(last, 1 - n / count, still, n / count, 0), np.uint8) for n in range(1, count + 1)
    ]
    ours, bare = _ours(clip, made)
    return {"ours": ours, "bare": bare, "freeze": [last] * count, "fade": fade, "flow": _drawn_on(clip)}


def _grey(frame: Frame) -> Frame:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def _at_640(frame: Frame) -> Frame:
    return np.asarray(cv2.resize(_grey(frame), (640, 360), interpolation=cv2.INTER_AREA), np.uint8)


def ms_ssim(one: Frame, other: Frame) -> float:
    """How alike two grey pictures are over five sizes (Z. Wang et al., Asilomar 2003); 1 for the same."""
    a, b = one.astype(np.float32), other.astype(np.float32)
    found = 1.0
    for level, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        mean_a, mean_b = (cv2.GaussianBlur(x, (11, 11), 1.5) for x in (a, b))
        var_a, var_b, both = (
            cv2.GaussianBlur(x * y, (11, 11), 1.5) - m * n
            for x, y, m, n in ((a, a, mean_a, mean_a), (b, b, mean_b, mean_b), (a, b, mean_a, mean_b))
        )
        alike = (2 * both + 58.5225) / (var_a + var_b + 58.5225)
        if level == 4:
            alike = alike * (2 * mean_a * mean_b + 6.5025) / (mean_a**2 + mean_b**2 + 6.5025)
        found *= max(1e-6, float(alike.mean())) ** weight
        a, b = (cv2.resize(x, (x.shape[1] // 2, x.shape[0] // 2), interpolation=cv2.INTER_AREA) for x in (a, b))
    return found


def _sharpness(frame: Frame) -> float:
    # Grain would count as sharpness, so it is smoothed a little.
    grey = cv2.GaussianBlur(_grey(frame), (0, 0), 1.2).astype(np.float32)
    slope = cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))).ravel()
    return float(np.partition(slope, -len(slope) // 50)[-len(slope) // 50 :].mean())


@dataclass(frozen=True)
class Score:
    """`alike` MS-SSIM, `flow` pixels a frame at 1280 wide, `sharp` a ratio; `colour` the step at the seam over the
    clip's own 95th percentile; `grain` over the source's.
    """

    alike: float
    flow: float
    sharp: float
    colour: float
    grain: float


def scores(clip: Clip, made: dict[str, Known]) -> dict[str, Score]:
    """Each method's frames against the true ones."""
    count = len(clip.frames) - clip.known
    seen = range(1, count - 1, 3)
    truth = clip.frames[clip.known :]
    small = [cv2.resize(_grey(f), (320, 180), interpolation=cv2.INTER_AREA) for f in clip.clean[clip.known :]]
    true_flow = {n: follow(small[n], small[n + 1]) for n in seen}
    detail = {
        n: cv2.magnitude(*(cv2.Sobel(small[n], cv2.CV_32F, *w, scale=1 / 8) for w in ((1, 0), (0, 1)))) > 2
        for n in seen
    }
    own = np.array([f.mean((0, 1)) for f in clip.frames])
    usual = float(np.quantile(np.abs(np.diff(own, axis=0)).max(1), 0.95))
    source = float(np.median([_sharpness(f) for f in clip.frames[clip.known - 4 : clip.known]]))
    amount = float(grain_of(clip.frames[clip.known - 7 : clip.known]).spread.mean())
    found = {}
    for name in METHODS:
        new = made[name]
        alike = np.mean([ms_ssim(_at_640(new[n]), _at_640(truth[n])) for n in seen])
        # Fresh grain has a motion of its own, which is none of the picture's.
        still = made["bare"] if name == "ours" else new
        pairs = {
            n: [cv2.resize(_grey(f), (320, 180), interpolation=cv2.INTER_AREA) for f in still[n : n + 2]] for n in seen
        }
        missed = [np.hypot(*np.moveaxis(follow(*pairs[n]) - true_flow[n], 2, 0))[detail[n]].mean() * 4 for n in seen]
        step = float(np.abs(new[0].mean((0, 1)) - own[clip.known - 1]).max())
        sharp = float(np.median([_sharpness(new[n]) for n in seen])) / source
        grain = float(grain_of(new[2:9]).spread.mean()) / amount if clip.grainy and name == "ours" else float("nan")
        # A fiftieth of a code value is what rounding alone does.
        found[name] = Score(float(alike), float(np.mean(missed)), sharp, step / max(usual, 0.02), grain)
    return found
