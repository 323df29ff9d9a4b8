"""Every frame is the frame that was asked for, whatever the codec, container and way of cutting."""

import contextlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import MediaError, UsageError
from shotwright.core.media.frame import Frame
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frame, read_frames
from shotwright.core.timing import FrameRange

Write = Callable[..., Path]
NumberOf = Callable[[Frame], int]
Run = Callable[..., None]
COUNT = 120

# Each as another program might write it: options of ffmpeg, the file's name.
FOREIGN = {
    "one long GOP": ("long.mp4", "-c:v libx264 -g 250 -bf 3"),
    "open GOPs, short": ("open.mp4", "-c:v libx264 -g 6 -bf 4 -x264-params open-gop=1:scenecut=0:b-pyramid=2"),
    "intra refresh": ("refresh.mp4", "-c:v libx264 -x264-params intra-refresh=1:keyint=24"),
    "fragmented": ("fragment.mp4", "-c:v libx264 -g 24 -movflags frag_keyframe+empty_moov"),
    "Matroska": ("long.mkv", "-c:v libx264 -g 48 -bf 2"),
    "transport stream": ("stream.ts", "-c:v libx264 -g 24 -bf 2"),
    "H.265": ("hevc.mp4", "-c:v libx265 -g 40 -x265-params log-level=error:pools=2"),
    "MPEG-2 in MXF": ("tape.mxf", "-c:v mpeg2video -qscale:v 2 -g 12 -bf 2"),
    "MPEG-4 in AVI": ("old.avi", "-c:v mpeg4 -qscale:v 2 -bf 2 -g 30"),
    "motion JPEG": ("camera.avi", "-c:v mjpeg -qscale:v 2"),
    "VP9": ("web.webm", "-c:v libvpx-vp9 -crf 20 -b:v 0 -cpu-used 8 -deadline realtime -g 40"),
    "VP8 with hidden frames": ("web8.webm", "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -b:v 2M -g 60"),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_any_frame_of_a_foreign_movie_is_found(
    case: str, write_numbered: Write, run_ffmpeg: Run, number_of: NumberOf, tmp_path: Path
) -> None:
    name, options = FOREIGN[case]
    original = write_numbered("original.mkv", "lossless", COUNT, rate="25")
    path = tmp_path / name
    run_ffmpeg("-i", original, "-pix_fmt", "yuvj420p" if "jpeg" in options else "yuv420p", *options.split(), path)
    assert probe(path).frames == COUNT
    wanted = [0, 1, COUNT - 1, *random.Random(0).sample(range(COUNT), 9)]
    assert [number_of(read_frame(path, frame)) for frame in wanted] == wanted
    stretch = FrameRange(41, 77)
    assert [number_of(frame) for frame in read_frames(path, stretch)] == list(stretch)


@pytest.mark.parametrize("codec", ["prores", "h264", "h265", "prores4444"])
@pytest.mark.parametrize("rate", ["24000/1001", "25"])
def test_all_frames_come_once_and_in_order(codec: str, rate: str, write_numbered: Write, number_of: NumberOf) -> None:
    path = write_numbered("movie.mov", codec, 50, rate=rate)
    assert [number_of(frame) for frame in read_frames(path)] == list(range(50))
    assert str(probe(path).rate) == rate


def test_a_cut_without_recoding_shows_only_what_its_edit_list_shows(
    write_numbered: Write, run_ffmpeg: Run, number_of: NumberOf, tmp_path: Path
) -> None:
    original = write_numbered("original.mkv", "lossless", 96)
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    run_ffmpeg("-i", original, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", 24, "-bf", 2, whole)
    run_ffmpeg("-ss", "1.25", "-i", whole, "-c", "copy", cut)
    shown = [number_of(frame) for frame in read_frames(cut)]
    assert probe(cut).frames == len(shown) == 66
    assert shown == list(range(30, 96))
    assert number_of(read_frame(cut, 40)) == 70


def test_uneven_times_are_counted_in_order(
    write_numbered: Write, run_ffmpeg: Run, number_of: NumberOf, tmp_path: Path
) -> None:
    """A phone's movie: frames come when they come."""
    original = write_numbered("original.mkv", "lossless", 60)
    path = tmp_path / "phone.mp4"
    run_ffmpeg("-i", original, "-vf", "select='mod(n,5)',settb=1/1000", "-fps_mode", "vfr", "-c:v", "libx264", path)
    left = [number for number in range(60) if number % 5]
    assert probe(path).frames == len(left)
    assert [number_of(read_frame(path, frame)) for frame in (0, 7, 23, 47)] == [left[i] for i in (0, 7, 23, 47)]


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_movie_is_read_upright(degrees: int, write_numbered: Write, run_ffmpeg: Run, tmp_path: Path) -> None:
    original = write_numbered("original.mp4", "h264", 3)
    path, upright = tmp_path / "turned.mp4", tmp_path / "upright.mkv"
    run_ffmpeg("-display_rotation", degrees, "-i", original, "-c", "copy", path)
    run_ffmpeg("-i", path, "-c:v", "ffv1", upright)  # ffmpeg turns by itself
    info = probe(path)
    assert info.rotation == degrees
    assert info.size == probe(upright).size == ((96, 160) if degrees % 180 else (160, 96))
    ours, theirs = read_frame(path, 2).astype(int), read_frame(upright, 2).astype(int)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).mean() < 1


def test_an_image_sequence_reads_like_a_movie(write_numbered: Write, number_of: NumberOf) -> None:
    folder = write_numbered("SC010_SH0010_TK01", "png", 12, first_number=989)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "SC010_SH0010_TK01.0989.png"
    assert names[-1] == "SC010_SH0010_TK01.1000.png"
    assert [number_of(frame) for frame in read_frames(folder, FrameRange(4, 9))] == [4, 5, 6, 7, 8]
    assert probe(folder).frames == 12
    (folder / "SC010_SH0010_TK01.0995.png").unlink()
    with pytest.raises(MediaError, match="1 frames of SC010_SH0010_TK01 are missing"):
        probe(folder)


def test_a_range_outside_the_movie_is_refused(write_numbered: Write) -> None:
    path = write_numbered("movie.mov", "prores", 5)
    with pytest.raises(UsageError, match="has 5"):
        next(read_frames(path, FrameRange(3, 6)))


def test_what_can_be_no_movie_is_a_sentence(tmp_path: Path) -> None:
    cases = {"empty.mov": b"", "text.mp4": b"It was a dark and stormy night.", "noise.mkv": bytes(range(256)) * 40}
    for name, data in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(MediaError, match=name):
            probe(tmp_path / name)
    with pytest.raises(MediaError, match=r"There is no gone\.mov"):
        probe(tmp_path / "gone.mov")
    (tmp_path / "folder").mkdir()
    with pytest.raises(MediaError, match="holds no image sequence"):
        probe(tmp_path / "folder")


def test_a_movie_cut_short_never_crashes(write_numbered: Write) -> None:
    path = write_numbered("movie.mkv", "h264", 40)
    whole = path.read_bytes()
    for share in (0.05, 0.4, 0.7, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        with contextlib.suppress(MediaError):
            assert len(list(read_frames(path))) <= probe(path).frames


def solid(run_ffmpeg: Run, path: Path, size: str, filters: str, *options: str) -> Frame:
    """A movie of one colour, R'G'B' (150, 80, 60), made by other rules than ours, as we read it."""
    source = f"color=c=0x96503c:s={size}:r=24:d=0.2,format=gbrp,setparams=range=pc"
    run_ffmpeg("-f", "lavfi", "-i", f"{source},{filters}", "-c:v", "libx264", "-crf", "4", *options, path)
    return read_frame(path, 1).astype(int)


COLOUR_CASES = {
    "tagged BT.601": ("320x240", "out_color_matrix=bt601:out_range=tv", "yuv420p", "smpte170m", "tv"),
    "tagged BT.709, small": ("320x240", "out_color_matrix=bt709:out_range=tv", "yuv420p", "bt709", "tv"),
    "untagged SD": ("720x576", "out_color_matrix=bt601:out_range=tv", "yuv420p", "unknown", "tv"),
    "untagged HD": ("1280x720", "out_color_matrix=bt709:out_range=tv", "yuv420p", "unknown", "tv"),
    "full range": ("320x240", "out_color_matrix=bt709:out_range=pc", "yuvj420p", "bt709", "pc"),
}


@pytest.mark.parametrize("case", COLOUR_CASES)
def test_colour_is_read_as_it_was_meant(case: str, run_ffmpeg: Run, tmp_path: Path) -> None:
    size, scale, pixels, matrix, levels = COLOUR_CASES[case]
    tags = f"setparams=colorspace={matrix}:color_primaries=unknown:color_trc=unknown:range={levels}"
    path = tmp_path / "movie.mp4"
    back = solid(run_ffmpeg, path, size, f"scale={scale},format={pixels},{tags}")
    assert probe(path).matrix == matrix.replace("unknown", "unspecified")
    assert np.abs(back[20, 20] - (150, 80, 60)).max() <= 2


# x, y of red, green and blue (SMPTE EG 432-1, ITU-R BT.2020, BT.709), all with white D65.
CHROMATICITIES = {
    "bt709": ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
}


def to_xyz(primaries: str) -> Frame:
    """The matrix from linear R, G, B to CIE X, Y, Z (SMPTE RP 177)."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in CHROMATICITIES[primaries]]).T
    white = np.array((0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290))
    return columns * np.linalg.solve(columns, white)


@pytest.mark.parametrize("primaries", ["smpte432", "bt2020"])
def test_wide_gamuts_come_into_ours(primaries: str, run_ffmpeg: Run, tmp_path: Path) -> None:
    light = (np.array((150, 80, 60)) / 255) ** 2.4
    coded = np.linalg.solve(to_xyz(primaries), to_xyz("bt709") @ light) ** (1 / 2.4) * 255
    colour = "0x" + "".join(f"{round(value):02x}" for value in coded)
    source = f"color=c={colour}:s=320x240:r=24:d=0.2,format=gbrp,scale=out_color_matrix=bt709:out_range=tv"
    tags = f"format=yuv444p10le,setparams=color_primaries={primaries}:color_trc=bt709:colorspace=bt709:range=tv"
    path = tmp_path / "wide.mov"
    run_ffmpeg("-f", "lavfi", "-i", f"{source},{tags}", "-c:v", "prores_ks", "-profile:v", 4, path)
    assert probe(path).primaries == primaries
    assert np.abs(read_frame(path, 1)[20, 20] - np.array((150, 80, 60))).max() <= 2


def test_high_dynamic_range_is_brought_down(run_ffmpeg: Run, tmp_path: Path) -> None:
    ramp = "gradients=s=320x240:r=24:d=0.2:c0=black:c1=white:x0=0:y0=120:x1=319:y1=120:speed=0.00001,format=yuv420p10le"
    params = "log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    path = tmp_path / "phone.mp4"
    run_ffmpeg("-f", "lavfi", "-i", ramp, "-c:v", "libx265", "-crf", "4", "-x265-params", params, path)
    assert probe(path).transfer == "hlg"
    row = read_frame(path, 0)[120, :, 1].astype(int)
    assert row[:8].mean() < 12
    assert row[-8:].mean() > 230
    assert (np.diff(row[::16]) >= 0).all()


def test_a_playlist_is_no_movie(write_numbered: Write, tmp_path: Path) -> None:
    """Nothing that calls itself a movie may have us fetch something else."""
    write_numbered("secret.mov", "prores", 3)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n")
    (tmp_path / "list.mp4").write_text("ffconcat version 1.0\nfile secret.mov\n")
    for name in ("list.m3u8", "list.mp4"):
        with pytest.raises(MediaError):
            probe(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("name", ["pipe.mov", "zero.mov"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    if name == "pipe.mov":
        os.mkfifo(tmp_path / name)
    else:
        (tmp_path / name).symlink_to("/dev/zero")
    with pytest.raises(MediaError) as refused:
        probe(tmp_path / name)
    assert "no file" in str(refused.value)


def test_a_frame_that_claims_gigabytes_is_refused(tmp_path: Path, run_ffmpeg: Callable[..., None]) -> None:
    path = tmp_path / "vast.mov"
    run_ffmpeg("-f", "lavfi", "-i", "color=size=16384x8192:rate=24", "-frames:v", 1, "-c:v", "qtrle", path)
    with pytest.raises(MediaError):
        list(read_frames(path))
