"""What families' tests ask for: chunks of a few frames, known ones of them drawn at random."""

from dataclasses import replace

import numpy as np
from shotwright.core.models.base import ChunkRequest, Frames
from shotwright.core.models.families import Variant, variants

# Tiny folders of them differ from others' in nothing but the size that they are made for.
LARGER = {"hunyuan-1.5-720p", "hunyuan-1.5-720p-i2v"}
KINDS = {variant.name: variant for variant in variants() if variant.name not in LARGER}


def size_of(kind: Variant) -> tuple[int, int]:
    """A small picture that the tiny pipelines of a kind can make; HunyuanVideo 1.5 chooses among its own."""
    return (80, 48) if kind.family == "hunyuan-1.5" else (64, 64)


def picture(size: tuple[int, int], number: int) -> Frames:
    """A picture of squares in colours of its own."""
    width, height = size
    squares = np.random.default_rng(number).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return squares.repeat(8, 0).repeat(8, 1)


def words(kind: Variant, frames: int = 0, seed: int = 4) -> ChunkRequest:
    """A chunk of which nothing is known."""
    count = kind.limits.chunk_frames(frames or kind.limits.shortest_chunk)
    width, height = size_of(kind)
    unknown = np.zeros(count, np.bool_)
    return ChunkRequest(
        "a red car",
        "",
        (width, height),
        kind.limits.rates[0],
        count,
        seed,
        np.zeros((count, height, width, 3), np.uint8),
        unknown,
        unknown,
        np.ones(count, np.float32),
        steps=2,
    )


def given(request: ChunkRequest, frames: range, number: int, keep: float = 1) -> ChunkRequest:
    """The same where these frames are known: frame n is picture `number` + n."""
    known, frame_known, kept = request.known.copy(), request.frame_known.copy(), request.keep.copy()
    for at in frames:
        known[at] = picture(request.size, number + at)
    frame_known[frames.start : frames.stop], kept[frames.start : frames.stop] = True, keep
    return replace(request, known=known, frame_known=frame_known, keep=kept)


def asked(kind: Variant, job: str, number: int = 0) -> ChunkRequest:
    """What a job comes to in one chunk; another `number` is another known picture, where something is known."""
    request = words(kind)
    last = request.frames - 1
    ends = {"bridge", "loop", "reroll"}
    if job == "text":
        return request
    if job == "follow":
        distances = np.stack([picture(request.size, number + at) for at in range(request.frames)])
        return replace(request, depth=distances)
    if job == "restyle":
        return given(request, range(request.frames), number, 0.4)
    if job == "keyframes":
        return given(given(request, range(1, 2), number), range(3, 4), number)
    if job == "panels":
        drawn = given(request, range(1), number)
        return replace(drawn, frame_known=request.frame_known, panel_known=drawn.frame_known)
    if job in ends:
        return given(given(request, range(1), 77), range(last, last + 1), number)
    if job == "head" and not kind.limits.stills:
        return given(request, range(last - 2, last + 1), number)
    return given(request, range(1 if kind.limits.stills else 3), number)


def distance(one: Frames, other: Frames) -> float:
    """Code values between two stretches of frames, on average."""
    return float(np.abs(one.astype(int) - other).mean())
