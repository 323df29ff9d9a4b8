"""Which frames a job on clips knows, makes and plays; drawn as kept source frames and new ones in brackets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shotwright.core.clips.jobs import ClipJob, bridge, extend_head, extend_tail, loop, reroll, restyle
from shotwright.core.clips.source import open_source, place_in
from shotwright.core.errors import RefusedError, UsageError
from shotwright.core.timing import FrameRange


def drawn(job: ClipJob) -> str:
    return " ".join(
        f"{part.source.path.stem}{part.frames.start}-{part.frames.end}"
        if part.source
        else f"[{part.frames.start}-{part.frames.end}]"
        for part in job.parts
    )


def known(job: ClipJob) -> str:
    return " ".join(f"{given.at}:{given.frames.start}-{given.frames.end}" for given in job.given)


@pytest.mark.parametrize(
    ("make", "plays", "knows", "moved", "seams"),
    [
        (lambda a, b: extend_tail(a, 10), "a0-30 [25-35]", "0:5-30", 0, (30,)),
        (lambda a, b: extend_head(a, 10), "[0-10] a0-30", "10:0-25", -10, (10,)),
        (lambda a, b: bridge(a, b, 10), "a0-30 [25-35] b0-8", "0:5-30 35:0-8", 0, (30, 40)),
        (lambda a, b: loop(a, 6), "a0-30 [25-31]", "0:5-30 31:0-25", 0, (30,)),
        (lambda a, b: reroll(a, FrameRange(10, 14)), "a0-10 [10-14] a14-30", "0:0-10 14:14-30", 0, (10, 14)),
        (lambda a, b: reroll(a, FrameRange(0, 4)), "[0-4] a4-30", "4:4-29", 0, (4,)),
        (lambda a, b: restyle(a, 0.4), "[0-30]", "0:0-30", 0, ()),
        (lambda a, b: extend_tail(b, 3), "b0-8 [8-11]", "0:0-8", 0, (8,)),
        (lambda a, b: extend_tail(a, 10).with_handles(4), "a26-30 [25-35]", "0:5-30", 26, (4,)),
        (lambda a, b: extend_head(a, 10).with_handles(4), "[0-10] a0-4", "10:0-25", -10, (10,)),
        (lambda a, b: bridge(a, b, 5).with_handles(99), "a0-30 [25-30] b0-8", "0:5-30 30:0-8", 0, (30, 35)),
    ],
)
def test_what_a_job_plays_and_knows(
    make: Callable[..., ClipJob],
    plays: str,
    knows: str,
    moved: int,
    seams: tuple[int, ...],
    make_clip: Callable[..., Path],
) -> None:
    a, b = open_source(make_clip("a.mov")), open_source(make_clip("b.mov", frames=8))
    job = make(a, b)
    assert (drawn(job), known(job), job.moved_frames, job.seams) == (plays, knows, moved, seams)
    assert all(given.at + len(given.frames) <= job.frames for given in job.given)


def test_places_are_frames_or_timecode(make_clip: Callable[..., Path]) -> None:
    source = open_source(make_clip("a.mov"))
    assert place_in(source, "12") == 12
    assert place_in(source, "01:00:00:12") == 12
    for wrong in ("00:00:01:00", "soon", "-3"):
        with pytest.raises(UsageError):
            place_in(source, wrong)


def test_what_makes_no_sense_is_refused(make_clip: Callable[..., Path]) -> None:
    a, pal = open_source(make_clip("a.mov")), open_source(make_clip("pal.mov", rate="25"))
    with pytest.raises(RefusedError, match="25"):
        bridge(a, pal, 5)
    for stretch in (FrameRange(0, 30), FrameRange(5, 5), FrameRange(20, 31)):
        with pytest.raises(UsageError, match="not inside"):
            reroll(a, stretch)
    with pytest.raises(UsageError, match="strength"):
        restyle(a, 1.5)
