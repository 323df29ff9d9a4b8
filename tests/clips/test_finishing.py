"""The finished clip: every frame in its place, the source's own untouched, timecode, sound and colour kept."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from shotwright.core.clips.finishing import finish, place_for
from shotwright.core.clips.jobs import ClipJob, bridge, extend_head, extend_tail, reroll
from shotwright.core.clips.source import open_source
from shotwright.core.errors import RefusedError, UsageError
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.writing import Tags
from shotwright.core.timing import FrameRange, Rate

Take = Callable[[ClipJob], Path]
Clip = Callable[..., Path]


def levels(path: Path) -> list[int]:
    return [round(float(frame.mean())) for frame in read_frames(path, own_colour=True)]


def packets(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [hashlib.sha256(bytes(p)).hexdigest() for p in container.demux(video=0) if p.size]


def source_levels(start: int, end: int) -> list[int]:
    return [16 + 2 * number for number in range(start, end)]


def close(found: list[int], wanted: list[int]) -> bool:
    return len(found) == len(wanted) and all(abs(a - b) <= 1 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [("a.mov", "prores", "24"), ("a.mov", "prores", "24000/1001"), ("a.mkv", "lossless", "25")],
)
def test_an_extended_clip_keeps_its_own_frames_bit_by_bit(
    name: str, codec: str, rate: str, make_clip: Clip, make_take: Take, tmp_path: Path
) -> None:
    clip = make_clip(name, codec=codec, rate=rate)
    before = clip.read_bytes()
    job = extend_tail(open_source(clip), 6)
    done = finish(job, make_take(job), place_for(job, tmp_path / f"out{clip.suffix}", "tail"))
    assert done.copied
    assert packets(done.output)[:30] == packets(clip)
    known = job.frames - 6
    assert close(levels(done.output), source_levels(0, 30) + [100 + i for i in range(known, known + 6)])
    found, was = probe(done.output), probe(clip)
    assert (found.frames, found.rate, found.size, found.codec) == (36, was.rate, was.size, was.codec)
    assert (found.primaries, found.transfer, found.matrix, found.range) == (
        was.primaries,
        was.transfer,
        was.matrix,
        was.range,
    )
    assert found.start_frames == was.start_frames
    assert clip.read_bytes() == before


def test_a_head_starts_earlier_and_wraps_before_midnight(make_clip: Clip, make_take: Take, tmp_path: Path) -> None:
    for start, label in ((86400, "00:59:59:18"), (2, "23:59:59:20")):
        clip = make_clip(f"head{start}.mov", start=start)
        job = extend_head(open_source(clip), 6)
        done = finish(job, make_take(job), tmp_path / f"out{start}.mov")
        assert done.start_timecode == label
        assert close(levels(done.output), [100, 101, 102, 103, 104, 105, *source_levels(0, 30)])
        assert packets(done.output)[6:] == packets(clip)


def test_long_gop_comes_as_new_frames_with_handles(make_clip: Clip, make_take: Take, tmp_path: Path) -> None:
    clip = make_clip("long.mp4", codec="h264")
    job = extend_tail(open_source(clip), 6).with_handles(12)
    output = place_for(job, None, "tail6")
    assert output.name == "long_tail6.mov"
    done = finish(job, make_take(job), output)
    found = probe(output)
    assert not done.copied
    assert (found.codec, found.frames, found.start_frames) == ("prores", 18, 86400 + 18)
    assert close(levels(output), source_levels(18, 30) + [100 + i for i in range(25, 31)])
    assert done.seams[0].kept_error < 1


def test_a_bridge_and_a_reroll_join_at_both_ends(make_clip: Clip, make_take: Take, tmp_path: Path) -> None:
    a, b = make_clip("a.mov"), make_clip("b.mov", first=40)
    job = bridge(open_source(a), open_source(b), 5)
    done = finish(job, make_take(job), tmp_path / "bridge.mov")
    wanted = source_levels(0, 30) + [100 + i for i in range(25, 30)] + source_levels(40, 70)
    assert close(levels(done.output), wanted)
    assert packets(done.output)[35:] == packets(b)
    assert len(done.seams) == 2
    job = reroll(open_source(a), FrameRange(10, 14))
    done = finish(job, make_take(job), tmp_path / "reroll.mov")
    assert close(levels(done.output), [*source_levels(0, 10), 110, 111, 112, 113, *source_levels(14, 30)])
    assert packets(done.output)[14:] == packets(a)[14:]


def heard(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        parts = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(parts)


def test_sound_stays_to_the_sample_and_tone_goes_on(make_clip: Clip, make_take: Take, tmp_path: Path) -> None:
    clip = make_clip("a.mov", sound=True)
    for job, name in ((extend_tail(open_source(clip), 12), "tail"), (extend_head(open_source(clip), 12), "head")):
        done = finish(job, make_take(job), tmp_path / f"{name}.mov")
        own, found = heard(clip), heard(done.output)
        assert len(found) == 42 * 2000
        kept = found[: len(own)] if name == "tail" else found[12 * 2000 :]
        assert np.array_equal(kept, own)
        tone = (found[len(own) :] if name == "tail" else found[: 12 * 2000]).astype(float)
        quiet = float(np.sqrt((own[len(own) // 2 + 100 :].astype(float) ** 2).mean()))
        middle = tone[4000:-4000]
        assert 0.5 * quiet < float(np.sqrt((middle**2).mean())) < 2 * quiet  # the quiet half's, not the loud one's


def test_other_colour_stays_as_it_is_tagged(make_clip: Clip, make_take: Take, tmp_path: Path) -> None:
    tags = Tags("smpte170m", "smpte170m", "smpte170m", "tv")
    clip = make_clip("pal.mov", rate="25", tags=tags)
    job = extend_tail(open_source(clip), 3)
    done = finish(job, make_take(job), tmp_path / "out.mov")
    found = probe(done.output)
    assert (found.primaries, found.transfer, found.matrix) == ("smpte170m", "smpte170m", "smpte170m")
    assert close(levels(done.output)[-3:], [125, 126, 127][-3:])


@pytest.mark.parametrize("codec", ["png", "exr"])
def test_an_image_sequence_becomes_a_movie_of_its_colours(
    codec: str, make_clip: Clip, make_take: Take, tmp_path: Path
) -> None:
    job = extend_tail(open_source(make_clip("shot", codec=codec), Rate.parse(25)), 3)
    done = finish(job, make_take(job), tmp_path / "out.mov")
    found = probe(done.output)
    assert (found.codec, found.rate, found.matrix, done.copied) == ("prores", Rate.parse(25), "bt709", False)
    assert close(levels(done.output)[:30], source_levels(0, 30))


def test_nothing_is_overwritten(make_clip: Clip, tmp_path: Path) -> None:
    clip = make_clip("a.mov")
    job = extend_tail(open_source(clip), 3)
    with pytest.raises(UsageError, match="there already"):
        place_for(job, clip, "tail3")
    (tmp_path / "a_tail3.mov").write_bytes(b"mine")
    assert place_for(job, None, "tail3").name == "a_tail3_2.mov"


def test_interlaced_clips_are_refused(make_clip: Clip, tmp_path: Path) -> None:
    import subprocess

    from shotwright.core.media.ffmpeg import executable

    clip = make_clip("a.mov")
    woven = tmp_path / "woven.mov"
    command = [
        executable(),
        "-v",
        "error",
        "-i",
        str(clip),
        "-vf",
        "setfield=tff",
        "-c:v",
        "prores_ks",
        "-flags",
        "+ildct",
    ]
    subprocess.run([*command, str(woven)], check=True)
    with pytest.raises(RefusedError, match="interlaced"):
        open_source(woven)
