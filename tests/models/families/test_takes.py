"""Whole takes by tiny models, planned, chained and written: exact frames, size and rate; known frames as they were."""

from pathlib import Path

import numpy as np
import pytest
from shotwright.core.backends.worker.making import Order, make_take
from shotwright.core.backends.worker.reporting import Reporter
from shotwright.core.media.probe import probe
from shotwright.core.media.reading import read_frames
from shotwright.core.media.writing import MovieWriter
from shotwright.core.models.catalogue import add_model
from shotwright.core.models.loading import load_model
from shotwright.core.protocol import Delivery, Known, MediaRange, Prompt, Sampling, TakeRequest
from shotwright.core.storage import sha256_of
from shotwright.core.timing import FrameRange, Rate

from .asking import picture

SIZE, RATE = (96, 64), Rate.parse(24)


class Maker:
    """Makes takes with one tiny model, of movies of squares."""

    def __init__(self, name: str, folder: Path, state: Path, home: Path) -> None:
        add_model(state, folder, "m")
        self._model = load_model("m", state)
        self._home, self._media, self._made = home, dict[str, Path](), 0
        self.name = name

    def known(self, begin: int, end: int, number: int, role: str = "frame", keep: float = 1) -> Known:
        """A stretch of a movie of which frame n is picture `number` + n."""
        path = self._home / f"{begin}-{end}-{number}.mkv"
        with MovieWriter(path, SIZE, RATE, "lossless") as movie:
            for at in range(begin, end):
                movie.write(picture(SIZE, number + at))
        self._media[sha256_of(path)] = path
        media = MediaRange(sha256_of(path), FrameRange(0, end - begin), RATE)
        return Known(FrameRange(begin, end), media, role, keep)

    def frames(self, count: int, *known: Known) -> list[np.ndarray]:
        """The frames of a take, after its file was found to be what was asked for."""
        self._made += 1
        work = self._home / f"work{self._made}"
        request = TakeRequest(
            (Prompt("a red car"),), count, RATE, SIZE, 3, known=known, model="m", sampling=Sampling(steps=2)
        )
        order = Order("j", request, Delivery(codec="lossless"), work, work / "attempt", self._media)
        order.attempt.mkdir(parents=True)
        path = order.attempt / make_take(order, self._model, Reporter("j", lambda _: None, lambda: False))
        found = probe(path)
        assert (found.frames, found.size, found.rate) == (count, SIZE, RATE)
        return list(read_frames(path))


@pytest.fixture
def maker(request: pytest.FixtureRequest, pipelines: dict[str, Path], state_folder: Path, tmp_path: Path) -> Maker:
    return Maker(request.param, pipelines[request.param], state_folder, tmp_path)


def _is_drawn(frames: list[np.ndarray], at: range, number: int) -> bool:
    """Whether frames are the known ones, as far as a movie's colours keep them."""
    return all(np.abs(frames[n].astype(int) - picture(SIZE, number + n)).mean() < 4 for n in at)


@pytest.mark.parametrize("maker", ["ltx-0.9.5", "ltx-2", "ltx-2.3", "ltx-2.5", "wan-vace"], indirect=True)
def test_a_bridge_knows_the_motion_of_both_sides(maker: Maker) -> None:
    before, behind = maker.known(0, 10, 0), maker.known(30, 41, 0)
    frames = maker.frames(41, before, behind)
    assert _is_drawn(frames, range(10), 0)
    assert _is_drawn(frames, range(30, 41), 0)
    moved_otherwise = maker.frames(41, maker.known(0, 10, 0), maker.known(30, 41, 500))
    assert not all(np.array_equal(frames[at], moved_otherwise[at]) for at in range(10, 30))


@pytest.mark.parametrize("maker", ["wan-vace"], indirect=True)
def test_vace_follows_distances_and_holds_frames_at_once(maker: Maker) -> None:
    held = maker.known(0, 4, 0)
    one = maker.frames(20, held, maker.known(0, 20, 100, "depth"))
    other = maker.frames(20, held, maker.known(0, 20, 200, "depth"))
    assert _is_drawn(one, range(4), 0)
    assert _is_drawn(other, range(4), 0)
    assert not any(np.array_equal(one[at], other[at]) for at in range(8, 20))


@pytest.mark.parametrize("maker", ["ltx-0.9.5"], indirect=True)
def test_a_long_take_is_chained_whatever_is_known_of_it(maker: Maker) -> None:
    assert len(maker.frames(190)) == 190
    tail = maker.frames(190, maker.known(0, 12, 0))
    assert _is_drawn(tail, range(12), 0)
    head = maker.frames(190, maker.known(170, 190, 0))
    assert _is_drawn(head, range(170, 190), 0)


@pytest.mark.parametrize("maker", ["ltx-0.9.5", "wan-2.1-t2v"], indirect=True)
def test_a_restyle_of_more_than_a_chunk_keeps_every_frame_in_part(maker: Maker) -> None:
    one = maker.frames(170, maker.known(0, 170, 0, keep=0.5))
    other = maker.frames(170, maker.known(0, 170, 300, keep=0.5))
    assert not any(np.array_equal(*pair) for pair in zip(one, other, strict=True))


@pytest.mark.parametrize("maker", ["wan-2.2-ti2v-5b", "ltx-0.9.0"], indirect=True)
def test_a_panel_behind_a_head_handle_is_gone_on_from_both_ways(maker: Maker) -> None:
    one, same, other = (maker.frames(24, maker.known(12, 13, number, "panel")) for number in (0, 0, 50))
    assert all(np.array_equal(*pair) for pair in zip(one, same, strict=True))
    assert not any(np.array_equal(*pair) for pair in zip(one, other, strict=True))
