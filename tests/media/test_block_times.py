"""A Matroska movie's frames, found by the heads of its blocks: just as reading it through would find them."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shotwright.core.errors import MediaError
from shotwright.core.media import blocks, index, reading
from shotwright.core.media.blocks import block_times
from shotwright.core.media.ebml import Bytes
from shotwright.core.media.ffmpeg import executable
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.timing import FrameRange

Write = Callable[..., Path]
Run = Callable[..., None]
ReadThrough = Callable[[Path], tuple[list[int], list[int]] | None]

SOUND = "-f lavfi -i sine=440:duration=4"
# Each as another program might write it: a second input, options of ffmpeg, the file's name.
PLAIN = {
    "frames decoded in another order": ("", "-c:v libx264 -bf 3 -g 30", "a.mkv"),
    "open GOPs": ("", "-c:v libx264 -g 12 -bf 4 -x264-params open-gop=1:scenecut=0:b-pyramid=2", "a.mkv"),
    "23.976": ("", "-r 24000/1001 -c:v libx264", "a.mkv"),
    "59.94": ("", "-r 60000/1001 -c:v libx264 -preset ultrafast", "a.mkv"),
    "unequal times": ("", "-vf select='mod(n\\,5)' -fps_mode vfr -c:v libx264", "a.mkv"),
    "a hole": ("", "-vf select='lt(n\\,40)+gt(n\\,43)' -fps_mode vfr -c:v libx264 -g 20", "a.mkv"),
    "begins late": ("", "-c:v libx264 -output_ts_offset 3.21", "a.mkv"),
    "with AAC": (SOUND, "-c:v libx264 -c:a aac -shortest", "a.mkv"),
    "with Opus, its end cut off": (SOUND, "-c:v libx264 -c:a libopus", "a.mkv"),
    "sound first": (SOUND, "-map 1:a -map 0:v -c:v libx264 -c:a pcm_s16le", "a.mkv"),
    "short clusters": (SOUND, "-c:v libx264 -c:a aac -cluster_time_limit 200", "a.mkv"),
    "H.265": ("", "-c:v libx265 -x265-params log-level=error:pools=2", "a.mkv"),
    "VP9": ("", "-c:v libvpx-vp9 -b:v 1M -cpu-used 8 -deadline realtime", "a.webm"),
    "FFV1": ("", "-c:v ffv1", "a.mkv"),
    "ProRes": ("", "-c:v prores_ks", "a.mkv"),
    "motion JPEG": ("", "-c:v mjpeg -pix_fmt yuvj420p", "a.mkv"),
    "MPEG-2": ("", "-c:v mpeg2video -bf 2 -q:v 3", "a.mkv"),
    "MPEG-4": ("", "-c:v mpeg4 -q:v 3", "a.mkv"),
}


@pytest.mark.parametrize("case", PLAIN)
def test_a_plain_file_need_not_be_read_through(
    case: str, write_numbered: Write, run_ffmpeg: Run, read_through: ReadThrough, tmp_path: Path
) -> None:
    beside, options, name = PLAIN[case]
    original = write_numbered("original.mov", "prores", 96)
    path = tmp_path / name
    pixels = () if "pix_fmt" in options or "prores" in options else ("-pix_fmt", "yuv420p")
    run_ffmpeg("-i", original, *beside.split(), *options.split(), *pixels, path)
    found = block_times(path)
    assert found is not None
    assert found == read_through(path)


@pytest.fixture(scope="module")
def with_sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "source.mkv"
    picture = ("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=24:duration=2")
    arguments = (
        *picture,
        *SOUND.split(),
        "-c:v",
        "libx264",
        "-crf",
        "40",
        "-c:a",
        "libopus",
        "-b:a",
        "8k",
        "-shortest",
    )
    subprocess.run([executable(), "-loglevel", "error", *arguments, str(path)], check=True)
    return path.read_bytes()


def _facts(path: Path) -> object:
    index._cached.cache_clear()
    try:
        return probe(path)
    except MediaError as error:
        return str(error)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_cut_short_anywhere_is_as_it_is_read_through(share: float, with_sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "short.mkv"
    path.write_bytes(with_sound[: int(len(with_sound) * share)])
    assert block_times(path) is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "block_times", lambda _path: None)
        read = _facts(path)
    assert _facts(path) == read


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=8))
def test_damage_never_crashes(changes: list[tuple[float, int]], with_sound: bytes, tmp_path: Path) -> None:
    data, path = bytearray(with_sound), tmp_path / "damaged.mkv"
    for share, value in changes:
        data[int(len(data) * share)] = value
    path.write_bytes(data)
    found = block_times(path)
    assert found is None or (found[0] == sorted(found[0]) and set(found[1]) <= set(found[0]))


def test_large_frames_are_not_read(run_ffmpeg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.mkv"
    source = "color=gray:size=1280x720:rate=24:duration=2,noise=alls=80:allf=t"
    run_ffmpeg("-f", "lavfi", "-i", source, *SOUND.split(), "-c:v", "mjpeg", "-q:v", 2, "-c:a", "aac", path)
    read = 0

    class Counting(Bytes):
        def read_into(self, memory: memoryview, at: int) -> None:
            nonlocal read
            read += len(memory)
            super().read_into(memory, at)

    monkeypatch.setattr(blocks, "Bytes", Counting)
    found = block_times(path)
    assert found is not None
    assert len(found[0]) == 48
    assert read < path.stat().st_size / 10


def test_only_frames_from_the_last_key_frame_on_are_decoded(
    write_numbered: Write,
    run_ffmpeg: Run,
    number_of: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "long.mkv"
    run_ffmpeg("-i", write_numbered("original.mkv", "lossless", 400), "-c:v", "libx264", "-g", 24, path)
    decoded, original = [], reading._decoded

    def counted(movie: Path, seek: int | None) -> Iterator[object]:
        for frame in original(movie, seek):
            decoded.append(frame.pts)
            yield frame

    monkeypatch.setattr(reading, "_decoded", counted)
    found = [number_of(frame) for frame in read_frames(path, FrameRange(376, 400))]
    assert found == [*range(376, 400)]
    assert len(decoded) <= 24 + 2 * 24
