"""How well new frames carry known ones on, against clips whose continuation is known.

`python -m bench.seams [--width 640] [--only pan] [--pictures FOLDER]` prints every clip, `--verdicts` how often the
seam report is right. Beside ours stand: the last frame frozen, a cross-fade to the true last frame (a still that a
generous hand gives), and the last dense motion drawn on. The made frames are `--model previs`'s, or those of a perfect
model that stands in: the true ones, 64x36, enlarged again.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from shotwright.core.media.seam.grain import grain_of
from shotwright.core.media.seam.report import AROUND, INVISIBLE, seam_report

from ._seam_clips import KNOWN, NEW, SHOTS, Clip, Known, clips, drawn
from ._seam_scores import METHODS, MODELS, carried_on, scores


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


def table(width: int, only: str, pictures: Path | None, model: str = "truth") -> Iterator[tuple[str, str, str]]:
    """Every clip's row, printed; then the shares."""
    rows = []
    print(f"{'':<40}" + "".join(f"{m:>8}" for m in METHODS) + "   " + "".join(f"{m:>7}" for m in METHODS), end="")
    print("   sharp colour grain  look  seam")
    for clip in clips(width, only):
        made = carried_on(clip, model)
        found = scores(clip, made)
        around = [*clip.frames[max(0, clip.known - AROUND) : clip.known], *made["ours"][:AROUND]]
        report = seam_report(around, min(AROUND, clip.known))
        verdict, look = report.verdict, report.measures["grain"].at_seam
        rows.append((clip, found, verdict))
        print(f"{clip.name:<40}" + "".join(f"{found[m].alike:8.4f}" for m in METHODS), end="   ")
        print("".join(f"{found[m].flow:7.2f}" for m in METHODS), end="   ")
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
    parser.add_argument("--model", choices=MODELS, default="truth")
    parser.add_argument("--verdicts", action="store_true")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    if chosen.verdicts:
        rows = verdicts(chosen.width, chosen.only)
    else:
        rows = table(chosen.width, chosen.only, chosen.pictures, chosen.model)
    for what, measured, bar in rows:
        print(f"{what:<40} {measured:<44} {bar}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
