"""When writing fails, there is a sentence, no file, no half file, and no process left."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from shotwright.core.errors import MediaError, StorageError
from shotwright.core.media import ffmpeg
from shotwright.core.media.frame import Frame
from shotwright.core.media.take_files import TakeFiles
from shotwright.core.media.writing import MovieWriter
from shotwright.core.protocol import Delivery
from shotwright.core.timing import Rate

Numbered = Callable[..., Frame]
SIZE = (320, 192)
RATE = Rate.parse(24)


def noise(number: int) -> Frame:
    return np.random.default_rng(number).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)


def write(movie: MovieWriter | TakeFiles, frames: int) -> None:
    with movie:
        for number in range(frames):
            movie.write(noise(number))


class StoppedHereError(Exception):
    pass


def write_until_interrupted(movie: MovieWriter | TakeFiles) -> None:
    with movie:
        movie.write(noise(0))
        raise StoppedHereError


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB, where the system lets us make one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize(("name", "codec"), [("take.mov", "prores"), ("reel.mp4", "h264"), ("take", "png")])
def test_a_full_disk_leaves_nothing(name: str, codec: str, small_disk: Path) -> None:
    with pytest.raises(StorageError, match=f"The disk is full.*writing {name}"):
        write(MovieWriter(small_disk / name, SIZE, RATE, codec), 100)
    assert list(small_disk.iterdir()) == []
    assert not children()


def test_a_disk_that_fills_up_during_a_take_leaves_none_of_its_files(small_disk: Path) -> None:
    folder = small_disk / "TK01"
    with pytest.raises(StorageError):
        write(TakeFiles(folder, Delivery("SC010_SH0010_TK01"), RATE, SIZE), 60)
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit on Windows")
def test_a_limit_on_file_sizes_is_a_full_disk(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        import numpy as np
        from shotwright.core.errors import StorageError
        from shotwright.core.media.writing import MovieWriter
        from shotwright.core.timing import Rate
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        path = Path(sys.argv[1])
        random = np.random.default_rng(0)
        try:
            with MovieWriter(path, (320, 192), Rate.parse(24), "prores") as movie:
                for _ in range(40):
                    movie.write(random.integers(0, 256, (192, 320, 3), dtype=np.uint8))
        except StorageError as error:
            print(error.message)
    """)
    path = tmp_path / "folder" / "take.mov"
    run = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, timeout=60)
    assert "This happened while writing take.mov" in run.stdout, run.stderr
    assert list(path.parent.iterdir()) == []


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.parametrize(("name", "codec"), [("take.mov", "prores"), ("take", "png")])
def test_a_killed_ffmpeg_is_a_sentence(name: str, codec: str, tmp_path: Path) -> None:
    def write_until_it_notices() -> None:
        with MovieWriter(tmp_path / name, SIZE, RATE, codec) as movie:
            movie.write(noise(0))
            assert movie.pid is not None
            os.kill(movie.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
            for number in range(200):
                movie.write(noise(number))

    with pytest.raises(MediaError, match="ffmpeg stopped while writing take"):
        write_until_it_notices()
    assert list(tmp_path.iterdir()) == []
    assert not children()


def test_what_is_raised_inside_removes_what_was_written(tmp_path: Path) -> None:
    kept = tmp_path / "take.mov"
    kept.write_bytes(b"an older take")
    with pytest.raises(StoppedHereError):
        write_until_interrupted(MovieWriter(kept, SIZE, RATE, "prores"))
    assert [path.name for path in tmp_path.iterdir()] == ["take.mov"]
    assert kept.read_bytes() == b"an older take"
    assert not children()


def test_a_take_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "TK01"
    with pytest.raises(StoppedHereError):
        write_until_interrupted(TakeFiles(folder, Delivery("A_TK01"), RATE, SIZE))
    assert list(folder.iterdir()) == []


def test_a_folder_that_may_not_be_written_is_a_sentence(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("no folder")
    with pytest.raises(StorageError), MovieWriter(blocker / "take.mov", SIZE, RATE, "prores"):
        pass


def test_what_a_codec_cannot_hold_is_refused_before_work(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    refused = [
        ("take.mov", (321, 192), "prores", "even"),
        ("take.mov", (128, 96), "dnxhr", "256x120"),
        ("take.mp4", SIZE, "prores", r"end in \.mov"),
        ("take.mov", SIZE, "cinepak", "no codec"),
        ("taken", SIZE, "png", "there already"),
    ]
    for name, size, codec, words in refused:
        with pytest.raises(MediaError) as caught:
            MovieWriter(tmp_path / name, size, RATE, codec)
        assert words.replace("\\", "") in f"{caught.value.message} {caught.value.hint}"


def test_frames_of_another_size_or_kind_are_refused(tmp_path: Path) -> None:
    for frame in (noise(0)[:100], np.zeros((SIZE[1], SIZE[0], 4), np.uint8), noise(0).astype(np.float32)):
        with pytest.raises(MediaError), MovieWriter(tmp_path / "take.mov", SIZE, RATE, "prores") as movie:
            movie.write(frame)
    with pytest.raises(MediaError, match="got no frames"), MovieWriter(tmp_path / "a.mov", SIZE, RATE, "prores"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_setting_names_the_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ffmpeg.ffmpeg_version()
    monkeypatch.setenv(ffmpeg.SETTING, str(tmp_path / "nowhere"))
    with pytest.raises(MediaError, match="isn't there"):
        ffmpeg.executable()
    broken = tmp_path / "ffmpeg"
    broken.write_text("no program")
    monkeypatch.setenv(ffmpeg.SETTING, str(broken))
    with pytest.raises(MediaError, match="does not run"):
        ffmpeg.ffmpeg_version()
    with pytest.raises(MediaError), MovieWriter(tmp_path / "take.mov", SIZE, RATE, "prores") as movie:
        movie.write(noise(0))
