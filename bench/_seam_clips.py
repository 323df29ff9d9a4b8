"""The clips that seams are measured on: pans, pushes, subjects and still shots, drawn with their continuation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.draw import draw_world

Frame = npt.NDArray[np.uint8]
Picture = npt.NDArray[np.float32]
Known = list[Frame]

KNOWN, NEW = 24, 24
_WORLDS = (100005, 100008, 100023, 100027, 100028, 100036)
_FIGURES = (100002, 100006, 100013)
_DRAWN, _FIRST_SEED = 4, 100_001  # drawn scenes in which something moves, from that seed on
_PAINTS = ((205, 60, 50), (45, 110, 200), (240, 200, 60), (40, 44, 52))


@dataclass(frozen=True)
class Mover:
    """What moves on its own: `form` disc, box, rough (a textured disc), rough box or figure; sizes are shares of the
    height, speeds pixels a frame at 1280 wide; `at` is where it stands at the seam, in shares of the picture.
    """

    form: str
    size: float
    speed: tuple[float, float]
    at: tuple[float, float] = (0.45, 0.55)


@dataclass(frozen=True)
class Shot:
    """A clip to be drawn: `ground` world, photo or noise; `pan` in pixels a frame at 1280 wide, `push` in shares."""

    name: str
    ground: str
    pan: tuple[float, float] = (0.0, 0.0)
    push: float = 0.0
    grain: float = 0.0
    movers: tuple[Mover, ...] = ()
    detail: str = ""  # flicker or wave
    seed: int = 0

    @property
    def moves(self) -> bool:
        """Whether there is any motion to carry on."""
        return bool(any(self.pan) or self.push or self.movers)


SHOTS = (
    Shot("pan over a drawing", "world", pan=(3, 0)),
    Shot("fast pan over a drawing, grain", "world", pan=(-7, 0), grain=1.5, seed=1),
    Shot("pan over a photograph, heavy grain", "photo", pan=(4, 1), grain=3, seed=2),
    Shot("pan over noise", "noise", pan=(-8, 0), seed=3),
    Shot("slow tilt over a drawing, grain", "world", pan=(0, 1.5), grain=1.5, seed=2),
    Shot("tilt over a photograph", "photo", pan=(0, -5), seed=5),
    Shot("push into a drawing", "world", push=0.004, seed=3),
    Shot("push into a photograph, grain", "photo", push=0.006, grain=1.5, seed=7),
    Shot("zoom out of noise", "noise", push=-0.003, seed=8),
    Shot("pan and push, heavy grain", "photo", pan=(2, -1), push=0.003, grain=3, seed=9),
    Shot("flat disc, slow", "photo", movers=(Mover("disc", 0.3, (0.5, 0)),), seed=10),
    Shot("rough disc before a drawing", "world", movers=(Mover("rough", 0.3, (2, 0.3)),), seed=0),
    Shot("figure, slow", "world", movers=(Mover("figure", 0.5, (1, 0)),), seed=1),
    Shot("figure, grain", "world", grain=1.5, movers=(Mover("figure", 0.55, (-4, 0)),), seed=3),
    Shot("rough box, fast, grain", "photo", grain=1.5, movers=(Mover("rough box", 0.25, (8, 0)),), seed=14),
    Shot("flat box", "noise", movers=(Mover("box", 0.3, (1.5, 0)),), seed=15),
    Shot("small ball, very fast", "world", movers=(Mover("disc", 0.08, (12, 0), (0.35, 0.5)),), seed=4),
    Shot(
        "two discs",
        "photo",
        movers=(Mover("disc", 0.25, (3, 0), (0.3, 0.3)), Mover("rough", 0.25, (-2, 0), (0.7, 0.7))),
        seed=17,
    ),
    Shot("figure before a pan", "world", pan=(3, 0), movers=(Mover("figure", 0.5, (2, 0)),), seed=0),
    Shot("rough disc before a pan, grain", "photo", (-2, 0), 0, 1.5, (Mover("rough", 0.3, (4, 0)),), seed=19),
    Shot(
        "flat disc down, before a pan", "noise", pan=(2, 0), movers=(Mover("disc", 0.2, (0, 4), (0.5, 0.4)),), seed=20
    ),
    Shot(
        "two figures before a pan, heavy grain",
        "world",
        (1.5, 0),
        0,
        3,
        (Mover("figure", 0.45, (2.5, 0), (0.3, 0.6)), Mover("figure", 0.4, (-3, 0), (0.75, 0.6))),
        seed=2,
    ),
    Shot("static, grain", "world", grain=1.5, seed=1),
    Shot("static, heavy grain", "photo", grain=3, seed=23),
    Shot("static, a flickering light, grain", "world", grain=1.5, detail="flicker", seed=2),
    Shot("static, a waving flag", "world", detail="wave", seed=3),
)


@dataclass(frozen=True)
class Clip:
    """All its frames, `known` of them known; `clean` are the same without grain."""

    name: str
    frames: Known
    clean: Known
    known: int
    moves: bool
    grainy: bool = False


def clips(width: int, only: str = "") -> Iterator[Clip]:
    """The clips whose name holds some words."""
    for shot in SHOTS:
        if only in shot.name:
            yield drawn(shot, width)
    seeds = (seed for seed in itertools.count(_FIRST_SEED) if world_of(seed).move != "static")
    for seed in itertools.islice(seeds, _DRAWN):
        if only in f"drawn world {seed}":
            frames = [*_world(seed, width)[0]]
            yield Clip(f"drawn world {seed}", frames, frames, 14, True)


def drawn(shot: Shot, width: int) -> Clip:
    """A shot's frames, `width` wide and 16:9."""
    height, unit = width * 9 // 16, width / 1280
    ground = _ground(shot.ground, shot.seed, width * 3 // 2)
    middle = np.array(ground.shape[1::-1]) / 2
    forms = [_form(mover, width, shot.seed + index) for index, mover in enumerate(shot.movers)]
    rng = np.random.default_rng(shot.seed)
    frames, clean = [], []
    for number in range(KNOWN + NEW):
        t = number - KNOWN + 1
        zoom = (1 + shot.push) ** -t
        across, down = middle + (np.array(shot.pan) * unit * t) - np.array((width, height)) / 2 * zoom
        # As sharp between its pixels as on them: a source does not flicker in sharpness.
        flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
        picture: Any = cv2.warpAffine(
            ground,
            np.array([[zoom, 0, across], [0, zoom, down]]),
            (width, height),
            flags=flags,
            borderMode=cv2.BORDER_REFLECT,
        )
        _dress(picture, shot.detail, number)
        for mover, (form, share) in zip(shot.movers, forms, strict=True):
            x = mover.at[0] * width + mover.speed[0] * unit * t - form.shape[1] / 2
            y = mover.at[1] * height + mover.speed[1] * unit * t - form.shape[0] / 2
            place = np.array([[1, 0, x], [0, 1, y]])
            cover = cv2.warpAffine(share, place, (width, height))[..., None]
            picture = picture * (1 - cover) + cv2.warpAffine(form, place, (width, height)) * cover
        noise = rng.standard_normal(picture.shape, np.float32) * shot.grain if shot.grain else 0
        clean.append(np.clip(picture + 0.5, 0, 255).astype(np.uint8))
        frames.append(np.clip(picture + noise + 0.5, 0, 255).astype(np.uint8))
    return Clip(shot.name, frames, clean, KNOWN, shot.moves, shot.grain > 0)


def _dress(picture: Any, detail: str, number: int) -> None:
    height, width = picture.shape[:2]
    top, left, tall, wide = height // 3, width // 2, height // 6, width // 8
    if detail == "flicker":
        light = 1.0 + 0.25 * np.sin(number * 2.4) + 0.1 * np.sin(number * 5.1)
        picture[top : top + tall, left : left + wide] = np.array((150, 130, 80), np.float32) * light
    elif detail == "wave":
        columns, rows = np.meshgrid(np.arange(wide), np.arange(tall))
        sway = np.sin(columns * 12 / wide - number * 0.5) * tall * 0.1 * columns / wide
        stripes = np.where((rows + sway) // (tall / 6) % 2 > 0, 1.0, 0.0)[..., None]
        picture[top : top + tall, left : left + wide] = stripes * (200, 40, 40) + (1 - stripes) * (235, 235, 230)


def _world(seed: int, width: int) -> tuple[Frame, Picture]:
    """A drawn world's frames and the masks of its subjects."""
    frames, mask = draw_world(world_of(seed), width * 9 // 16, width)
    return frames, mask


@lru_cache(maxsize=2)
def _ground(kind: str, seed: int, width: int) -> Picture:
    height = width * 9 // 16
    if kind == "world":
        frames, mask = _world(_WORLDS[seed % len(_WORLDS)], width)
        return frames[int(mask.mean((1, 2)).argmin())].astype(np.float32)
    rng = np.random.default_rng(1000 + seed)
    if kind == "noise":
        fine = cv2.GaussianBlur(rng.standard_normal((height, width, 3), np.float32), (0, 0), width / 500)
        return np.asarray(np.clip(120 + fine / fine.std() * 32, 0, 255), np.float32)
    # A photograph's spectrum falls with 1 / frequency; hard edges lie over it.
    waves = np.hypot(np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width)[None] * width)
    picture = np.zeros((height, width, 3), np.float32)
    shared = rng.standard_normal((height, width))
    for channel in range(3):
        noise = np.fft.rfft2(shared + 0.4 * rng.standard_normal((height, width))) / np.maximum(waves, 2) ** 1.15
        field = np.fft.irfft2(noise, (height, width))
        picture[..., channel] = 120 + field / field.std() * 34
    for _ in range(26):
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        turned = cv2.boxPoints(((x, y), tuple(rng.uniform(0.02, 0.16, 2) * width), rng.uniform(0, 90)))
        over = picture.copy()
        cv2.fillPoly(over, [np.round(turned).astype(np.int32)], tuple(map(float, rng.uniform(20, 235, 3))), cv2.LINE_AA)
        picture = over * 0.8 + picture * 0.2
    return np.asarray(np.clip(picture, 0, 255), np.float32)


def _form(mover: Mover, width: int, seed: int) -> tuple[Picture, Picture]:
    """What a mover looks like, (height, width, 3), and how much of each place it covers."""
    size = round(mover.size * width * 9 / 16)
    rng = np.random.default_rng(2000 + seed)
    if mover.form == "figure":
        frames, masks = _world(_FIGURES[seed % len(_FIGURES)], width)
        number = int(masks.mean((1, 2)).argmax())
        rows, columns = np.nonzero(masks[number] > 0.5)
        cut = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
        scale = size / (rows.max() - rows.min() + 1)
        form, share = frames[number][cut].astype(np.float32), masks[number][cut]
        wanted = max(4, round(form.shape[1] * scale)), size
        return tuple(
            cv2.copyMakeBorder(cv2.resize(p, wanted, interpolation=cv2.INTER_AREA), 2, 2, 2, 2, cv2.BORDER_CONSTANT)
            for p in (form, share)
        )  # type: ignore[return-value]
    wide = size if "box" not in mover.form else size * 3 // 2
    share = np.zeros((size + 4, wide + 4), np.float32)
    if "box" in mover.form:
        share[2:-2, 2:-2] = 1
    else:
        cv2.circle(share, ((wide + 4) * 8, (size + 4) * 8), size * 8, 1.0, -1, cv2.LINE_AA, 4)
        rows, columns = np.mgrid[: size + 4, : wide + 4]
        away = np.hypot(rows - (size + 3) / 2, columns - (wide + 3) / 2)
        share = np.clip(size / 2 - away + 0.5, 0, 1).astype(np.float32)
    form = np.empty((*share.shape, 3), np.float32)
    form[:] = _PAINTS[seed % len(_PAINTS)]
    if "rough" in mover.form:
        fine = cv2.GaussianBlur(rng.standard_normal(share.shape, np.float32), (0, 0), max(1.0, width / 400))
        form = np.clip(form + (fine / fine.std() * 30)[..., None], 0, 255).astype(np.float32)
    return form, share
