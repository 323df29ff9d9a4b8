"""How well new frames carry known ones on, against clips whose continuation is known.

`python -m bench.seams [--width 640] [--only pan] [--pictures FOLDER]` prints every clip, `--verdicts` how often the
seam report is right. Beside ours stand: the last frame frozen, a cross-fade to the true last frame (a still that a
generous hand gives), and the last dense motion drawn on. A perfect model stands in for the made frames: the true ones,
64x36, enlarged again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from shotwright.core.media.motion import follow
from shotwright.core.media.scaling import enlarge
from shotwright.core.media.seam.carry import LOOKED_BACK, Carrier
from shotwright.core.media.seam.fill import filled
from shotwright.core.media.seam.grain import grain_of
from shotwright.core.media.seam.report import AROUND, INVISIBLE, seam_report
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.draw import draw_world

Frame = npt.NDArray[np.uint8]
Picture = npt.NDArray[np.float32]
Known = list[Frame]

KNOWN, NEW = 24, 24
_METHODS = ("ours", "freeze", "fade", "flow")
_WORLDS = (100005, 100008, 100023, 100027, 100028, 100036)
_FIGURES = (100002, 100006, 100013)
_DRAWN = (100001, 100015, 100042, 100043)
_PAINTS = ((205, 60, 50), (45, 110, 200), (240, 200, 60), (40, 44, 52))


# ---------------------------------------------------------------- clips


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
    for seed in _DRAWN:
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
    """A drawn world's frames and the masks of its subjects, kept on disk: drawing takes seconds."""
    kept = Path(tempfile.gettempdir()) / "shotwright-bench-worlds" / f"{seed}-{width}.npz"
    if not kept.exists():
        world = world_of(seed)
        assert world is not None
        frames, mask = draw_world(world, width * 9 // 16, width)
        kept.parent.mkdir(exist_ok=True)
        np.savez(kept, frames=frames, mask=(mask * 255).astype(np.uint8))
    with np.load(kept) as stored:
        return stored["frames"], stored["mask"].astype(np.float32) / 255


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


# ---------------------------------------------------------------- ways to go on


def _ours(clip: Clip, made: Callable[[int], Frame]) -> tuple[Known, Known]:
    """The new frames, and the same before grain is laid on."""
    known = clip.frames[: clip.known]
    grain = grain_of(known[-7:])
    carrier = Carrier(known[-1 - LOOKED_BACK :], grain)
    steps = range(1, len(clip.frames) - clip.known + 1)
    bare = [filled(*carrier.at(step), made(step)) for step in steps]
    return [grain.on(frame, step) for frame, step in zip(bare, steps, strict=True)], bare


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


def carried_on(clip: Clip) -> dict[str, Known]:
    """The new frames of each method."""
    size = clip.frames[0].shape[1::-1]

    def made(step: int) -> Frame:
        small = cv2.resize(clip.clean[clip.known - 1 + step], (64, 36), interpolation=cv2.INTER_AREA)
        return enlarge(np.asarray(small, np.uint8), size)

    count = len(clip.frames) - clip.known
    last, still = clip.frames[clip.known - 1], clip.frames[-1]
    fade = [
        np.asarray(cv2.addWeighted(last, 1 - n / count, still, n / count, 0), np.uint8) for n in range(1, count + 1)
    ]
    ours, bare = _ours(clip, made)
    return {"ours": ours, "bare": bare, "freeze": [last] * count, "fade": fade, "flow": _drawn_on(clip)}


# ---------------------------------------------------------------- measures


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
    for name in _METHODS:
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


# ---------------------------------------------------------------- verdicts


def faults(clip: Clip) -> Iterator[tuple[str, Known]]:
    """Frames around a seam with a fault planted at it, by the fault's name; the seam is before frame 12."""
    frames = clip.frames[KNOWN - AROUND : KNOWN + AROUND + 1]
    before, behind = frames[:AROUND], frames[AROUND:]
    rng = np.random.default_rng(5)
    amount = grain_of(frames[:7]).spread.mean()
    clean = clip.clean[KNOWN - AROUND : KNOWN + AROUND + 1]
    noise = rng.standard_normal(frames[0].shape) * (float(amount) if amount > 0.5 else 0)
    repeated = np.clip(clean[AROUND - 1] + noise + 0.5, 0, 255).astype(np.uint8)  # with its own grain, as a camera has
    yield "repeated", [*before, repeated, *behind[:-2]]
    yield "dropped", [*before, *behind[1:]]
    yield "exposure", [*before, *(np.clip(f * 1.02 + 0.5, 0, 255).astype(np.uint8) for f in behind[:-1])]
    shift = np.array([[1, 0, 1.0 * frames[0].shape[1] / 1280], [0, 1, 0]])
    size = frames[0].shape[1::-1]
    jumped = [
        cv2.warpAffine(f, shift, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE) for f in behind[:-1]
    ]
    yield "jump", [*before, *jumped]


def verdicts(width: int, only: str) -> Iterator[tuple[str, str, str]]:
    """How often untouched frames are called invisible, and planted faults are not."""
    passed: dict[str, list[bool]] = {}
    seconds = []
    for shot in SHOTS:
        if not shot.moves or only not in shot.name:
            continue
        clip = drawn(shot, width)
        for at in range(AROUND, KNOWN + NEW - AROUND, 3):
            begun = time.perf_counter()
            report = seam_report(clip.frames[at - AROUND : at + AROUND], AROUND)
            seconds.append(time.perf_counter() - begun)
            right = report.verdict == INVISIBLE
            passed.setdefault("untouched", []).append(right)
            if not right:
                print(f"  {shot.name} at {at}: " + _odd(report))
        for name, frames in faults(clip):
            report = seam_report(frames[: 2 * AROUND], AROUND)
            passed.setdefault(name, []).append(report.verdict != INVISIBLE)
            if report.verdict == INVISIBLE:
                print(f"  {shot.name}, {name}: " + _odd(report))
    for name, found in passed.items():
        yield (
            name,
            f"{np.mean(found):.1%} of {len(found)}",
            "95 % called invisible" if name == "untouched" else "95 % seen",
        )
    faulty = [right for name, found in passed.items() if name != "untouched" for right in found]
    yield "all faults", f"{np.mean(faulty):.1%} of {len(faulty)}", "95 % seen"
    yield "a report", f"{np.median(seconds):.2f} s at {width} wide", ""


def _odd(report: Any) -> str:
    return ", ".join(f"{name} {measure.odd:.2f}" for name, measure in report.measures.items())


# ---------------------------------------------------------------- tables


def table(width: int, only: str, pictures: Path | None) -> Iterator[tuple[str, str, str]]:
    """Every clip's row, printed; then the shares."""
    rows = []
    print(f"{'':<40}" + "".join(f"{m:>8}" for m in _METHODS) + "   " + "".join(f"{m:>7}" for m in _METHODS), end="")
    print("   sharp colour grain  look  seam")
    for clip in clips(width, only):
        made = carried_on(clip)
        found = scores(clip, made)
        around = [*clip.frames[max(0, clip.known - AROUND) : clip.known], *made["ours"][:AROUND]]
        report = seam_report(around, min(AROUND, clip.known))
        verdict, look = report.verdict, report.measures["grain"].at_seam
        rows.append((clip, found, verdict))
        print(f"{clip.name:<40}" + "".join(f"{found[m].alike:8.4f}" for m in _METHODS), end="   ")
        print("".join(f"{found[m].flow:7.2f}" for m in _METHODS), end="   ")
        ours = found["ours"]
        print(f"{ours.sharp:5.2f} {ours.colour:6.2f} {ours.grain:5.2f} {look:5.2f}  {verdict}", flush=True)
        if pictures:
            _keep(pictures / f"{clip.name.replace(' ', '_').replace(',', '')}.png", clip, made["ours"])
    moving = [found for clip, found, _ in rows if clip.moves]
    for rival in ("freeze", "fade", "flow"):
        if moving:
            alike = np.mean([f["ours"].alike > f[rival].alike for f in moving])
            flow = np.mean([f["ours"].flow < f[rival].flow for f in moving])
            both = np.mean([f["ours"].alike > f[rival].alike and f["ours"].flow < f[rival].flow for f in moving])
            bar = "80 %" if rival != "flow" else ""
            yield f"better than {rival}", f"MS-SSIM {alike:.0%}, flow {flow:.0%}, both {both:.0%}", bar
    still = [found for clip, found, _ in rows if not clip.moves]
    if still:
        lost = max(f["freeze"].alike - f["ours"].alike for f in still)
        yield "static: MS-SSIM lost against freeze", f"{lost:.4f} at most", "0"
    ours = [found["ours"] for _, found, _ in rows]
    yield "sharpness", f"{min(o.sharp for o in ours):.2f} at least", "0.8"
    yield "colour step at the seam", f"{np.mean([o.colour <= 1 for o in ours]):.0%} within the clip's own", ""
    grains = [o.grain for o in ours if np.isfinite(o.grain) and o.grain > 0]
    if grains:
        yield "grain", f"{min(grains):.2f} to {max(grains):.2f} of the source's", "0.85 to 1.15"
    yield "seams called invisible", f"{np.mean([v == INVISIBLE for _, _, v in rows]):.0%}", ""


def _keep(path: Path, clip: Clip, new: Known) -> None:
    """The frame at the seam, three new ones of ours, and the true ones under them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    last = len(new) - 1
    chosen = (0, last // 3, last)
    seam, truth = clip.frames[clip.known - 1], clip.frames[clip.known :]
    rows = [np.hstack([seam, *(new[n] for n in chosen)]), np.hstack([seam, *(truth[n] for n in chosen)])]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR))


def measure() -> Iterator[tuple[str, str, str]]:
    """All clips, 640 wide."""
    yield from table(640, "", None)
    yield from verdicts(640, "")


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--only", default="")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--verdicts", action="store_true")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    rows = verdicts(chosen.width, chosen.only) if chosen.verdicts else table(chosen.width, chosen.only, chosen.pictures)
    for what, measured, bar in rows:
        print(f"{what:<40} {measured:<44} {bar}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
