"""What an extension in an edit comes down to, drawn: kept frames of the source, made ones in brackets, known ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shotwright.core.clips.anew import looped, rerolled, restyled
from shotwright.core.clips.growth import bridge_over, growth, runs_on
from shotwright.core.clips.source import Source, open_source
from shotwright.core.errors import MediaError, RefusedError, UsageError
from shotwright.core.timeline.cutting import clip_of, gap_behind
from shotwright.core.timeline.edit import Edit
from shotwright.core.timing import FrameRange

from ..timeline.operations.drawing import film, span, time
from .test_jobs import drawn, known


@pytest.fixture
def source(make_clip: Callable[..., Path]) -> Callable[..., Source]:
    def make(frames: int, **more: Any) -> Source:
        return open_source(make_clip("a.mov", frames=frames, **more))

    return make


# The media of `A:24{8,6}` are 38 frames: 8 of handle, 24 that play, 6 of handle.
CASES = {
    "no handle": ("A:24{8,0}", "tail", 10, "a0-32 [24-34]", "0:8-32", 0, 10),
    "the handle first": ("A:24{8,6}", "tail", 10, "a0-38 [25-29]", "0:13-38", 6, 4),
    "the handle is enough": ("A:24{8,10}", "tail", 10, "", "", 10, 0),
    "a handle of 12 on the other side": ("A:24{40,6}", "tail", 10, "a28-70 [25-29]", "0:45-70", 6, 4),
    "at the head": ("A:24{6,20}", "head", 10, "[0-4] a0-42", "4:0-25", 6, 4),
    "at the head, without a handle": ("A:24{0,0}", "head", 10, "[0-10] a0-24", "10:0-24", 0, 10),
    "at half speed": ("A:24{0,2}x1/2", "tail", 10, "a0-14 [14-17]", "0:0-14", 2, 3),
    "at half speed, of an odd count": ("A:24{0,0}x1/2", "tail", 9, "a0-12 [12-17]", "0:0-12", 0, 5),
    "at double speed": ("A:12{0,6}x2", "tail", 10, "a0-30 [25-39]", "0:5-30", 6, 14),
    "backwards, at the tail": ("A:24{6,20}x-1", "tail", 10, "[0-4] a0-42", "4:0-25", 6, 4),
    "backwards, at the head": ("A:24{8,6}x-1", "head", 10, "a0-38 [25-29]", "0:13-38", 6, 4),
    "a freeze frame": ("A:24{0,0}x0", "tail", 10, "", "", 0, 0),
    "what a dissolve shows beyond": ("A:24{8,6} /4+3/ B:24", "tail", 10, "a0-38 [25-32]", "0:13-38", 6, 7),
    "no more than a dissolve": ("A:24{8,12} /4+3/ B:24", "tail", 10, "a0-44 [25-26]", "0:19-44", 10, 1),
    "a longer dissolve on the other side": (
        "B:24 /15+1/ A:24{20,0}", "tail", 10, "a5-44 [24-34]", "0:20-44", 0, 10),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_kept_made_and_known(case: str, source: Callable[..., Source]) -> None:
    line, side, frames, plays, knows, from_handles, made = CASES[case]
    edit = Edit(film(f"V1 {line}"))
    clip = clip_of(edit, "A")
    first, end = clip.available or (0, 0)
    opened = source(int(end - first))
    grown = growth(clip, opened, side, frames)  # type: ignore[arg-type]
    job = grown.job
    assert (drawn(job) if job else "", known(job) if job else "") == (plays, knows)
    assert (grown.from_handles, job.new_frames if job else 0) == (from_handles, made)
    assert grown.for_join == {"what a dissolve shows beyond": 3, "no more than a dissolve": 1}.get(case, 0)
    if job:
        media = grown.media("new.mov", sounds=False)
        assert media.end - media.first == job.kept_frames + job.new_frames
        wanted = clip.plays(side, frames)  # type: ignore[arg-type]
        assert media.first <= wanted[0] < wanted[1] <= media.end
        assert all(given.at + len(given.frames) <= job.frames for given in job.given)


ANEW = {
    "a stretch": ("A:24{20,20}", lambda c, s: rerolled(c, s, FrameRange(4, 8)), "a8-24 [16-20] a28-56"),
    "a stretch at its head": ("A:24{8,0}", lambda c, s: rerolled(c, s, FrameRange(0, 4)), "a0-8 [8-12] a12-32"),
    "at double speed": ("A:12{0,0}x2", lambda c, s: rerolled(c, s, FrameRange(2, 4)), "a0-4 [4-8] a8-24"),
    "backwards": ("A:24{6,0}x-1", lambda c, s: rerolled(c, s, FrameRange(2, 4)), "a0-26 [25-27] a28-30"),
    "restyled": ("A:24{20,3}", lambda c, s: restyled(c, s, 0.6), "[0-39]"),
    "restyled under a dissolve": ("A:24{8,20} /4+15/ B:24", lambda c, s: restyled(c, s, 0.6), "[0-47]"),
    "round and round": ("A:24{20,6}", lambda c, s: looped(c, s, 6, 0), "a8-44 [24-30]"),
}


@pytest.mark.parametrize("case", ANEW)
def test_what_is_made_anew_stands_where_the_old_did(case: str, source: Callable[..., Source]) -> None:
    line, make, plays = ANEW[case]
    clip = clip_of(Edit(film(f"V1 {line}")), "A")
    first, end = clip.available or (0, 0)
    grown = make(clip, source(int(end - first)))
    assert grown.job
    assert drawn(grown.job) == plays
    media = grown.media("new.mov", sounds=False)
    assert media.end - media.first == grown.job.kept_frames + grown.job.new_frames
    assert media.first <= clip.plays()[0] < clip.plays()[1] <= media.end
    assert (media.real_first, media.real_end) == (media.first, media.end - ("round" in case) * 6)


def test_what_can_not_be_made_anew_is_told(source: Callable[..., Source]) -> None:
    for line, make, words in (
        ("A:24{0,0}", lambda c, s: rerolled(c, s, FrameRange(20, 30)), "not inside of A, which plays 24"),
        ("A:24{0,0}", lambda c, s: rerolled(c, s, FrameRange(0, 24)), "not inside of a.mov"),
        ("A:24{0,0}x0", lambda c, s: rerolled(c, s, FrameRange(0, 4)), "holds one frame"),
        ("A:24{0,0}", lambda c, s: restyled(c, s, 1.5), "makes no sense"),
        ("A:12{0,0}x2", lambda c, s: looped(c, s, 4, 4), "frame by frame"),
    ):
        clip = clip_of(Edit(film(f"V1 {line}")), "A")
        with pytest.raises((UsageError, RefusedError), match=words):
            make(clip, source(24))


def test_handles_may_be_ignored(source: Callable[..., Source]) -> None:
    clip = clip_of(Edit(film("V1 A:24{8,6}")), "A")
    grown = growth(clip, source(38), "tail", 10, use_handles=False)
    assert grown.job
    assert (drawn(grown.job), known(grown.job), grown.from_handles) == ("a0-32 [24-34]", "0:8-32", 0)
    assert grown.media("new.mov", sounds=False).real_end == 124


def test_what_a_dissolve_lacks_is_made_exactly(source: Callable[..., Source]) -> None:
    edit = Edit(film("V1 A:24{8,5} /6+8/ B:24{5,4}"))
    for name, side, made in (("A", "tail", "a0-37 [25-28]"), ("B", "head", "[0-1] a0-33")):
        clip = clip_of(edit, name)
        first, end = clip.available or (0, 0)
        grown = growth(clip, source(int(end - first)), side, 0)  # type: ignore[arg-type]
        assert grown.job
        assert (drawn(grown.job), grown.from_handles) == (made, 0)


def test_media_of_another_rate_are_counted_in_their_own_frames(source: Callable[..., Source]) -> None:
    timeline = film("V1 A:24")
    clip = timeline.tracks[0][0]
    clip.source_range = type(clip.source_range)(time(0), time(24))
    found = clip_of(Edit(timeline), "A")
    grown = growth(found, source(50, rate="48", start=0), "tail", 12)
    assert grown.job
    assert (drawn(grown.job), grown.from_handles) == ("a0-50 [49-71]", 2)
    media = grown.media("new.mov", sounds=False)
    assert (media.first, media.end, media.real_end) == (0, 36, 25)


def test_media_that_nobody_measured_begin_at_their_timecode_or_at_0(source: Callable[..., Source]) -> None:
    at_100 = clip_of(Edit(film("V1 A:24")), "A")
    grown = growth(at_100, source(30, start=96), "tail", 10)
    assert grown.job
    assert (drawn(grown.job), grown.from_handles) == ("a0-30 [25-33]", 2)
    assert grown.media("new.mov", sounds=False).first == 96
    from_0 = film("V1 A:24")
    from_0.tracks[0][0].source_range = type(from_0.tracks[0][0].source_range)(time(4), time(24))
    grown = growth(clip_of(Edit(from_0), "A"), source(30, start=86400), "tail", 10)
    assert (drawn(grown.job) if grown.job else "", grown.from_handles) == ("a0-30 [25-33]", 2)


def test_what_the_file_has_not_is_told(source: Callable[..., Source]) -> None:
    clip = clip_of(Edit(film("V1 A:24{8,6}")), "A")
    with pytest.raises(MediaError, match=r"A plays frames 8 to 32 of a\.mov, which has 30"):
        growth(clip, source(30), "tail", 10)
    with pytest.raises(RefusedError, match="The speed of A changes over time"):
        growth(clip_of(Edit(film("V1 A:24x?")), "A"), source(30), "tail", 10)


# A gap of a bridge: frames of A's and B's media on either side, what the bridge holds, what it knows, what is real.
BRIDGES = {
    "handles first": ("A:24{8,6} .:30 B:24{4,10}", "a20-38 [25-45] a0-16", "0:13-38 45:0-25", 10),
    "no handles": ("A:24{8,0} .:30 B:24{0,14}", "a20-32 [24-54] a0-12", "0:8-32 54:0-24", 0),
    "half a second is made": ("A:24{8,6} .:15 B:24{4,10}", "a20-34 [25-37] a3-16", "0:9-34 37:3-28", 3),
    "all is made where it is shorter": ("A:24{8,6} .:9 B:24{4,10}", "a20-32 [24-33] a4-16", "0:8-32 33:4-28", 0),
    "one side has more": ("A:24{8,20} .:24 B:24{2,26}", "a20-42 [25-37] a0-14", "0:17-42 37:0-25", 12),
    "a short clip": ("A:4{8,6} .:30 B:24{4,10}", "a8-18 [10-30] a0-16", "0:8-18 30:0-25", 10),
}


@pytest.mark.parametrize("case", BRIDGES)
def test_a_bridge_uses_what_the_clips_have_beyond_their_cuts(case: str, make_clip: Callable[..., Path]) -> None:
    line, plays, knows, real = BRIDGES[case]
    gap = gap_behind(Edit(film(f"V1 {line}")), "A")
    one, other = (
        open_source(make_clip(f"{number}/a.mov", frames=int(end - first)))
        for number, (first, end) in enumerate((gap.before.available or (0, 0), gap.after.available or (0, 0)))
    )
    bridging = bridge_over(gap, one, other)
    assert (drawn(bridging.job), known(bridging.job), bridging.from_handles) == (plays, knows, real)
    assert bridging.job.new_frames + real == len(gap.record)
    assert bridging.handle_frames == min(12, len(gap.before.record))
    assert bridging.job.seams[0] == bridging.job.parts[0].frames.end - bridging.job.parts[0].frames.start
    ignored = bridge_over(gap, one, other, use_handles=False)
    assert (ignored.job.new_frames, ignored.from_handles) == (len(gap.record), 0)


def test_a_bridge_needs_clips_that_play_frame_by_frame(source: Callable[..., Source]) -> None:
    gap = gap_behind(Edit(film("V1 A:24{8,6} .:15 B:12{4,10}x2")), "A")
    one = source(38)
    with pytest.raises(RefusedError, match="B does not play its media frame by frame"):
        bridge_over(gap, one, one)


def test_a_gap_in_one_medium_may_be_just_what_was_cut_out(source: Callable[..., Source]) -> None:
    timeline = film("V1 A:12{8,30} .:9 B:12{8,30}")
    timeline.tracks[0][2].source_range = span(121, 12)
    one = source(50)
    assert runs_on(gap_behind(Edit(timeline), "A"), one, one)
    timeline.tracks[0][2].source_range = span(122, 12)
    assert not runs_on(gap_behind(Edit(timeline), "A"), one, one)
