"""All that lies on disk for a take."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.pictures import read_picture
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.take_files import EDGE_FRAMES, TakeFiles, TakeMedia, proxy_size
from shotwright.core.protocol import Delivery
from shotwright.core.timing import Rate

Numbered = Callable[..., Frame]
NumberOf = Callable[[Frame], int]
NAME = "SC010_SH0010_TK01"


def write_take(folder: Path, delivery: Delivery, frames: list[Frame]) -> TakeMedia:
    size = (frames[0].shape[1], frames[0].shape[0])
    with TakeFiles(folder, delivery, Rate.parse("24000/1001"), size) as take:
        for frame in frames:
            take.write(frame)
    return take.media


def test_a_take_lies_there_whole(tmp_path: Path, numbered: Numbered, number_of: NumberOf) -> None:
    frames = [numbered(number, (320, 192)) for number in range(44)]
    media = write_take(tmp_path, Delivery(NAME, handle_frames=4, start_frames=86396), frames)
    assert {path.name for path in tmp_path.iterdir()} == {media.mezzanine, media.proxy, media.poster, *media.edges}
    assert media.mezzanine == f"{NAME}.mov"
    mezzanine, proxy = probe(tmp_path / media.mezzanine), probe(tmp_path / media.proxy)
    assert (mezzanine.frames, mezzanine.start_frames, mezzanine.size) == (44, 86396, (320, 192))
    assert (proxy.frames, proxy.start_frames, proxy.pixel_format) == (44, 86396, "yuv420p")
    assert number_of(read_picture(tmp_path / media.poster)) == 22
    assert [number_of(frame) for frame in read_frames(tmp_path / media.mezzanine)] == list(range(44))
    assert [number_of(frame) for frame in read_frames(tmp_path / media.proxy)] == list(range(44))


@pytest.mark.parametrize("count", [1, 5, 9, 31])
def test_edge_frames_come_back_bit_for_bit(count: int, tmp_path: Path) -> None:
    random = np.random.default_rng(count)
    frames = [random.integers(0, 256, (72, 128, 3), dtype=np.uint8) for _ in range(count)]
    media = write_take(tmp_path, Delivery(NAME), frames)
    head, tail = (list(read_frames(tmp_path / edge)) for edge in media.edges)
    assert np.array_equal(head, frames[:EDGE_FRAMES])
    assert np.array_equal(tail, frames[-EDGE_FRAMES:])


def test_a_sequence_is_numbered_1001_at_the_cut_in(tmp_path: Path, numbered: Numbered, number_of: NumberOf) -> None:
    media = write_take(tmp_path, Delivery(NAME, "exr", handle_frames=3), [numbered(number) for number in range(10)])
    folder = tmp_path / media.mezzanine
    assert sorted(path.name for path in folder.iterdir())[3] == f"{NAME}.1001.exr"
    assert number_of(list(read_frames(folder))[3]) == 3
    assert number_of(read_picture(tmp_path / media.poster)) == 5


def test_alpha_is_kept_in_mezzanine_and_edges_and_black_in_the_proxy(tmp_path: Path) -> None:
    frame = np.full((96, 160, 4), 200, np.uint8)
    frame[:, 80:, 3] = 0
    frame[:, :80, 3] = 255
    media = write_take(tmp_path, Delivery(NAME, "prores4444"), [frame] * 3)
    assert probe(tmp_path / media.mezzanine).alpha
    assert np.array_equal(next(read_frames(tmp_path / media.edges[0], alpha=True)), frame)
    poster = read_picture(tmp_path / media.poster)
    assert poster[:, :70].min() > 190
    assert poster[:, 90:].max() < 10


def test_the_same_frames_make_the_same_files(tmp_path: Path, numbered: Numbered) -> None:
    frames = [numbered(number) for number in range(20)]
    media = write_take(tmp_path / "a", Delivery(NAME), frames)
    write_take(tmp_path / "b", Delivery(NAME), frames)
    for name in (media.mezzanine, media.proxy, *media.edges):
        for one, other in zip(read_frames(tmp_path / "a" / name), read_frames(tmp_path / "b" / name), strict=True):
            assert np.array_equal(one, other)


def test_proxies_keep_their_shape() -> None:
    assert proxy_size((1920, 1080)) == (960, 540)
    assert proxy_size((1280, 720)) == (960, 540)
    assert proxy_size((1920, 802)) == (960, 400)
    assert proxy_size((640, 360)) == (640, 360)
    assert proxy_size((1080, 1920)) == (960, 1706)
