"""Chunks of a take: which stretches of its native frames the model makes, and in which order.

chunk 0 [===========]
chunk 1           [~~~==========]                ~~~ overlap: known from the chunk made before
chunk 2                     [~~~~~~~======]      the last one reaches back to end with the take

windows [===========|===========|===]            each told of the whole take: nothing is known from another
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import RefusedError
from .axis import NativeKnown
from .limits import ModelLimits


@dataclass(frozen=True)
class Chunk:
    """One run of the model: native frames `start` … `start + frames - 1`.

    Its first `from_before` frames are taken from the chunk before it in time, its last `from_after` from the one after;
    only chunks that were made earlier are taken from. A `backwards` one is made the other way round in time; it may
    begin before the take, where nobody sees it.
    """

    index: int
    start: int
    frames: int
    from_before: int = 0
    from_after: int = 0
    backwards: bool = False

    @property
    def end(self) -> int:
        """One past its last native frame."""
        return self.start + self.frames


def in_time(count: int, limits: ModelLimits, overlap: int, from_stills: bool) -> list[Chunk]:
    """Chunks in order of time; neighbours overlap by so many frames, the last two by as much as it takes."""
    longest = limits.longest_chunk
    if count <= longest:
        return [Chunk(0, 0, limits.chunk_frames(count))]
    stride = longest - overlap
    if overlap < 1 or stride < 1:
        raise RefusedError(
            "This model can't make a take that long: it makes single chunks and can't go on from one.",
            f"Ask for at most {float(limits.rates[0].seconds(longest)):.1f} s, or choose another model.",
        )
    chunks = [Chunk(0, 0, longest)]
    while chunks[-1].end < count:
        start = chunks[-1].start + stride
        frames = limits.chunk_frames(count - start)
        if start + frames > count and not from_stills:  # one picture is all that these take of the chunk before
            start = count - frames
        chunks.append(Chunk(len(chunks), start, frames))
    return chunks


def in_windows(count: int, limits: ModelLimits) -> tuple[Chunk, ...]:
    """Chunks in order of time, side by side; the last one reaches back where it would be too short."""
    longest = limits.longest_chunk
    lengths = [limits.chunk_frames(min(longest, count - start)) for start in range(0, count, longest)]
    starts = [max(0, min(index * longest, count - frames)) for index, frames in enumerate(lengths)]
    return tuple(Chunk(index, starts[index], frames) for index, frames in enumerate(lengths))


def in_making_order(chunks: list[Chunk], known: dict[int, NativeKnown]) -> tuple[Chunk, ...]:
    """From the chunk that holds most known frames on to the end, then back to the start: what is given leads.

    Of equal ones the first, unless all that is known stands behind it: then the last, so that a head grows backwards.
    """
    behind = min(known, default=0) >= chunks[0].end
    candidates = chunks[::-1] if behind else chunks
    begin = max(candidates, key=lambda chunk: sum(chunk.start <= native < chunk.end for native in known)).index
    ordered = []
    for chunk in chunks[begin:]:
        before = chunks[chunk.index - 1].end - chunk.start if chunk.index > begin else 0
        ordered.append(Chunk(chunk.index, chunk.start, chunk.frames, from_before=before))
    for chunk in reversed(chunks[:begin]):
        after = chunk.end - chunks[chunk.index + 1].start
        ordered.append(Chunk(chunk.index, chunk.start, chunk.frames, from_after=after))
    return tuple(ordered)


def both_ways(native: int, count: int, limits: ModelLimits) -> tuple[Chunk, ...]:
    """From one known frame on to the end, then from it back to the start, each chunk from one picture of the other.

    chunk 2   [====|                          made backwards
    chunk 1        [====|                     made backwards
    chunk 0             |=====|====]          | is `native`, of so many frames
    """
    onward = in_time(count - native, limits, limits.overlap, from_stills=True)
    back = in_time(native + 1, limits, limits.overlap, from_stills=True)
    made = [
        Chunk(len(back) + chunk.index, native + chunk.start, chunk.frames, from_before=1 if chunk.index else 0)
        for chunk in onward
    ]
    made += [
        Chunk(len(back) - 1 - chunk.index, native + 1 - chunk.end, chunk.frames, from_after=1, backwards=True)
        for chunk in back
    ]
    return tuple(made)
