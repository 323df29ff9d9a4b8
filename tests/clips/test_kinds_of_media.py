"""What people's clips are like: each kind gone on from keeps its frames, rate, size, colour and timecode.

The movies are made by ffmpeg as other programs make them; `python -m pytest -v` on this file prints the table.
"""

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from shotwright.core.clips.finishing import HANDLE_FRAMES, Finished, copies, finish, place_for
from shotwright.core.clips.jobs import ClipJob, extend_head, extend_tail
from shotwright.core.clips.source import Source, open_source
from shotwright.core.media.probe import MediaInfo, probe
from shotwright.core.media.reading import read_frames
from shotwright.core.timing import FrameRange, format_timecode

FRAMES, NEW = 16, 5
_BT709 = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
_SET = "-vf setparams=color_primaries={0}:color_trc={1}:colorspace={2}:range={3}"


@dataclass(frozen=True)
class Kind:
    """A file's name, and how ffmpeg writes it; `copied` whether its own frames can stay as they are."""

    file: str
    written: str
    copied: bool
    rate: str = "24"
    size: str = "192x108"
    sound: bool = False


def _tagged(primaries: str, transfer: str, matrix: str, range_: str) -> str:
    return _SET.format(primaries, transfer, matrix, range_)


KINDS = {
    "ProRes Proxy": Kind("a.mov", "-c:v prores_ks -profile:v 0 -timecode 01:00:00:00", True),
    "ProRes LT, 23.976": Kind("a.mov", "-c:v prores_ks -profile:v 1 -timecode 10:11:12:13", True, "24000/1001"),
    "ProRes 422, 25": Kind("a.mov", "-c:v prores_ks -profile:v 2 -timecode 00:59:58:24", True, "25"),
    "ProRes HQ, 29.97 drop frame": Kind(
        "a.mov", "-c:v prores_ks -profile:v 3 -timecode 01:00:00;00", True, "30000/1001"
    ),
    "ProRes HQ, 29.97 non-drop": Kind("a.mov", "-c:v prores_ks -profile:v 3 -timecode 01:00:00:00", True, "30000/1001"),
    "ProRes, drop frame from midnight": Kind("a.mov", "-c:v prores_ks -timecode 00:00:00;02", True, "30000/1001"),
    "ProRes, drop frame to midnight": Kind("a.mov", "-c:v prores_ks -timecode 23:59:59;20", True, "30000/1001"),
    "ProRes 4444": Kind("a.mov", "-c:v prores_ks -profile:v 4 -pix_fmt yuv444p10le", True),
    "ProRes 4444 with alpha": Kind("a.mov", "-c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le", True),
    "ProRes 4444 XQ": Kind("a.mov", "-c:v prores_ks -profile:v 5 -pix_fmt yuv444p10le", True),
    "ProRes in Matroska": Kind("a.mkv", "-c:v prores_ks -profile:v 3", True),
    "ProRes, BT.709 tags": Kind("a.mov", f"-c:v prores_ks {_BT709}", True),
    "ProRes, BT.601 tags": Kind("a.mov", f"-c:v prores_ks {_tagged('smpte170m', 'bt709', 'smpte170m', 'tv')}", True),
    "ProRes, BT.2020 SDR": Kind("a.mov", f"-c:v prores_ks {_tagged('bt2020', 'bt709', 'bt2020nc', 'tv')}", True),
    "ProRes, P3 D65": Kind("a.mov", f"-c:v prores_ks {_tagged('smpte432', 'bt709', 'bt709', 'tv')}", True),
    "ProRes, 47.952": Kind("a.mov", "-c:v prores_ks -timecode 23:59:59:40", True, "48000/1001"),
    "ProRes, 48": Kind("a.mov", "-c:v prores_ks", True, "48"),
    "ProRes, 50 from midnight": Kind("a.mov", "-c:v prores_ks -timecode 00:00:00:02", True, "50"),
    "ProRes, 59.94 drop frame": Kind("a.mov", "-c:v prores_ks -timecode 00:59:59;58", True, "60000/1001"),
    "ProRes, 60": Kind("a.mov", "-c:v prores_ks", True, "60"),
    "ProRes, 12, animation on twos": Kind("a.mov", "-c:v prores_ks", True, "12"),
    "ProRes, upright": Kind("a.mov", "-c:v prores_ks", True, size="108x192"),
    "ProRes, anamorphic 2:1": Kind("a.mov", "-c:v prores_ks -vf setsar=2", True, size="96x108"),
    "ProRes, PAL's 12:11": Kind("a.mov", "-c:v prores_ks -vf setsar=12/11", True, "25", "180x144"),
    "ProRes with 24 bit sound": Kind("a.mov", "-c:v prores_ks -c:a pcm_s24le", True, sound=True),
    "ProRes with 16 bit sound, 23.976": Kind("a.mov", "-c:v prores_ks -c:a pcm_s16le", True, "24000/1001", sound=True),
    "DNxHR LB": Kind("a.mov", "-c:v dnxhd -profile:v dnxhr_lb", True, size="256x144"),
    "DNxHR SQ": Kind("a.mov", "-c:v dnxhd -profile:v dnxhr_sq -timecode 01:00:00:00", True, "25", "256x144"),
    "DNxHR HQ": Kind("a.mov", "-c:v dnxhd -profile:v dnxhr_hq", True, "50", "256x144"),
    "DNxHR HQX": Kind("a.mov", "-c:v dnxhd -profile:v dnxhr_hqx -pix_fmt yuv422p10le", True, size="256x144"),
    "FFV1, 8 bit": Kind("a.mkv", "-c:v ffv1 -g 1 -pix_fmt yuv420p", True),
    "FFV1, 10 bit 4:4:4": Kind("a.mkv", "-c:v ffv1 -g 1 -pix_fmt yuv444p10le", True),
    "FFV1, odd sides": Kind("a.mkv", "-c:v ffv1 -g 1 -pix_fmt gbrp", True, size="191x107"),
    "MJPEG in QuickTime": Kind("a.mov", "-c:v mjpeg -q:v 2 -pix_fmt yuvj420p", True, "30"),
    "MJPEG in AVI": Kind("a.avi", "-c:v mjpeg -q:v 2 -pix_fmt yuvj422p", True, "25"),
    "PNG movie": Kind("a.mov", "-c:v png -pix_fmt rgb24", True),
    "PNG movie with alpha": Kind("a.mov", "-c:v png -pix_fmt rgba", True),
    "QuickTime Animation": Kind("a.mov", "-c:v qtrle -g 1 -pix_fmt rgb24", True),
    "QuickTime Animation with alpha": Kind("a.mov", "-c:v qtrle -g 1 -pix_fmt argb", True),
    "v210, uncompressed": Kind("a.mov", "-c:v v210 -timecode 01:00:00:00", True),
    "Ut Video": Kind("a.avi", "-c:v utvideo -pix_fmt yuv422p", True),
    "H.264": Kind("a.mp4", f"-c:v libx264 -pix_fmt yuv420p {_BT709}", False),
    "H.264, 23.976 with AAC": Kind("a.mp4", "-c:v libx264 -pix_fmt yuv420p -c:a aac", False, "24000/1001", sound=True),
    "H.264, 10 bit 4:2:2": Kind("a.mov", "-c:v libx264 -pix_fmt yuv422p10le -timecode 09:00:00:00", False, "25"),
    "H.264, full range": Kind(
        "a.mp4", f"-c:v libx264 -pix_fmt yuvj420p {_tagged('bt709', 'bt709', 'bt709', 'pc')}", False
    ),
    "H.264 in Matroska": Kind("a.mkv", "-c:v libx264 -pix_fmt yuv420p", False, "30000/1001"),
    "H.264 of a camcorder": Kind("a.ts", "-c:v libx264 -pix_fmt yuv420p", False, "25"),
    "H.264, anamorphic": Kind("a.mp4", "-c:v libx264 -pix_fmt yuv420p -vf setsar=4/3", False, size="144x108"),
    "H.265": Kind("a.mp4", "-c:v libx265 -tag:v hvc1 -x265-params log-level=none", False),
    "H.265, 10 bit, P3": Kind(
        "a.mov",
        f"-c:v libx265 -pix_fmt yuv420p10le -x265-params log-level=none {_tagged('smpte432', 'bt709', 'bt709', 'tv')}",
        False,
        "30",
    ),
    "MPEG-2": Kind("a.mpg", "-c:v mpeg2video -q:v 2", False, "25"),
    "MPEG-4 in AVI": Kind("a.avi", "-c:v mpeg4 -q:v 2", False, "25"),
    "VP9": Kind("a.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8", False, "30"),
    "AV1": Kind("a.mp4", "-c:v libsvtav1 -preset 12 -svtav1-params log-level=0", False, "24"),
}


def _made(kind: Kind, folder: Path, run_ffmpeg: Callable[..., None]) -> Path:
    path = folder / kind.file
    seconds = float(FRAMES / Fraction(kind.rate))
    sound = ("-f", "lavfi", "-i", f"sine=300:duration={seconds}:sample_rate=48000") if kind.sound else ()
    picture = "-f", "lavfi", "-i", f"testsrc2=size={kind.size}:rate={kind.rate}"
    run_ffmpeg(*picture, *sound, "-frames:v", FRAMES, *kind.written.split(), path)
    return path


def _packets(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [hashlib.sha256(bytes(p)).hexdigest() for p in container.demux(video=0) if p.size]


def _colour(info: MediaInfo) -> tuple[str, ...]:
    return info.primaries, info.transfer, info.matrix, info.range


def _extended(path: Path, side: str, make_take: Callable[[ClipJob], Path]) -> tuple[Source, ClipJob, Finished]:
    source = open_source(path)
    job = (extend_tail if side == "tail" else extend_head)(source, NEW)
    output = place_for(job, None, side)
    if not copies(job, output):
        job = job.with_handles(HANDLE_FRAMES)
    return source, job, finish(job, make_take(job), output)


@pytest.mark.parametrize(("name", "side"), zip(KINDS, itertools.cycle(("tail", "head")), strict=False))
def test_every_kind_of_clip_is_gone_on_from_as_what_it_is(
    name: str, side: str, tmp_path: Path, run_ffmpeg: Callable[..., None], make_take: Callable[[ClipJob], Path]
) -> None:
    kind = KINDS[name]
    path = _made(kind, tmp_path, run_ffmpeg)
    before = path.read_bytes()
    source, job, done = _extended(path, side, make_take)
    was, found = source.info, probe(done.output)
    assert was.frames == FRAMES
    assert done.copied == kind.copied
    kept = FRAMES if done.copied else HANDLE_FRAMES
    assert found.frames == kept + NEW == job.kept_frames + job.new_frames
    assert (found.rate, found.size) == (was.rate, was.size)
    assert found.pixel_aspect == was.pixel_aspect
    assert found.alpha == was.alpha
    first = 0 if done.copied else FRAMES - kept
    start = (was.start_frames or 0) + (first if side == "tail" else -NEW)
    if done.output.suffix in (".mov", ".mp4", ".mkv"):
        assert found.drop_frame == was.drop_frame
        assert done.start_timecode == format_timecode(start, was.rate, was.drop_frame)
        assert found.start_frames is not None
        assert format_timecode(found.start_frames, found.rate, found.drop_frame) == done.start_timecode
    if done.copied:
        assert (found.codec, found.profile, found.pixel_format) == (was.codec, was.profile, was.pixel_format)
        assert _colour(found) == _colour(was)
        own = _packets(done.output)[:FRAMES] if side == "tail" else _packets(done.output)[NEW:]
        assert own == _packets(path)
    else:
        said = [
            tag for tag, own in zip(_colour(found), _colour(was), strict=True) if own != "unspecified" and tag != own
        ]
        assert not [tag for tag in said if tag != "tv"]  # a mezzanine is limited in range
    new = list(read_frames(done.output, own_colour=True))[-NEW:] if side == "tail" else []
    for number, frame in enumerate(new):
        assert abs(float(frame.mean()) - (100 + job.frames - NEW + number)) < 2
    assert found.has_sound == was.has_sound == kind.sound
    assert path.read_bytes() == before


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_phone_clip_comes_upright(
    turn: int, tmp_path: Path, run_ffmpeg: Callable[..., None], make_take: Callable[[ClipJob], Path]
) -> None:
    plain, turned = tmp_path / "plain.mov", tmp_path / "phone.mov"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=192x108:rate=30", "-frames:v", FRAMES, "-c:v", "mjpeg", plain)
    run_ffmpeg("-display_rotation", turn, "-i", plain, "-c", "copy", turned)
    source, _, done = _extended(turned, "tail", make_take)
    found = probe(done.output)
    assert (found.size, found.rotation) == (source.info.size, 0)
    assert source.info.size == ((192, 108) if turn == 180 else (108, 192))
    own = next(source.frames(FrameRange(FRAMES - HANDLE_FRAMES, FRAMES)))
    assert np.abs(next(read_frames(done.output, own_colour=True)).astype(int) - own).mean() < 3


def test_a_variable_rate_becomes_even_and_says_so(
    tmp_path: Path, run_ffmpeg: Callable[..., None], make_take: Callable[[ClipJob], Path]
) -> None:
    even, varied = tmp_path / "even.mkv", tmp_path / "phone.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=192x108:rate=30", "-frames:v", 30, "-c:v", "ffv1", even)
    # Frames 10 to 14 and 20 are left out: what is before them stays on.
    left_out = "select='not(between(n,10,14)+eq(n,20))'"
    run_ffmpeg("-i", even, "-vf", left_out, "-fps_mode", "vfr", "-c:v", "libx264", "-qp", "0", varied)
    source, job, done = _extended(varied, "tail", make_take)
    assert source.info.varies
    assert probe(varied).frames == 24
    assert (str(source.info.rate), source.info.frames) == ("30", 30)
    assert source.shown == (*range(10), *[9] * 5, *range(10, 15), 14, *range(15, 24))
    assert "variable rate" in source.notices[0]
    found = probe(done.output)
    assert (str(found.rate), found.frames, found.varies) == ("30", HANDLE_FRAMES + NEW, False)
    truth = list(read_frames(even))
    for number, frame in enumerate(source.frames(FrameRange(8, 30)), 8):
        shown = 9 if 10 <= number <= 14 else 19 if number == 20 else number
        assert np.abs(frame.astype(int) - truth[shown]).mean() < 4
    assert job.new_frames == NEW
