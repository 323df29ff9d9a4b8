"""Rain and snow fall on in new frames, as thick and as fast as they fell; none of it stands still in the air."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.seam.drops import Drops, drops_in
from shotwright.core.media.seam.falling import Falling
from shotwright.core.media.seam.grain import grain_of
from shotwright.core.media.seam.hold import ways_back
from shotwright.core.media.seam.onward import Side, onward

KNOWN = 25


@dataclass(frozen=True)
class Weather:
    """Drops so `long`, across and down, and `thick`, the nearest of which fall at `speed`, the farthest at half of it;
    they cover a share of what they lie before."""

    speed: tuple[float, float]
    long: tuple[float, float]
    thick: float
    many: int = 60
    covers: float = 0.85

    def over(self, frame: Frame, number: int) -> Frame:
        """A frame with its drops, at four times its size drawn."""
        height, width = frame.shape[:2]
        share = np.zeros((height * 4, width * 4), np.uint8)
        chance = np.random.default_rng(4)
        for x, y, near in chance.uniform((0, 0, 0.5), (width, height, 1), (self.many, 3)):
            rounds, row = divmod(y + self.speed[1] * near * number, height + 16)
            column = (x + self.speed[0] * near * number + rounds * 97 * near) % (width + 16)
            start = np.array((column - 8, row - 8)) * 4
            ends = [tuple(int(v) for v in np.round(each)) for each in (start, start + np.array(self.long) * 4 * near)]
            cv2.line(share, ends[0], ends[1], 255, max(1, round(self.thick * 4 * near)))
        covered = cv2.resize(share, (width, height), interpolation=cv2.INTER_AREA)[..., None] / 255 * self.covers
        return np.asarray(frame + (225.0 - frame) * covered + 0.5, np.uint8)


RAIN = Weather((-3, 31), (-1.5, 12), 1.6)
FAINT_RAIN = Weather((-3, 31), (-1.5, 14), 1.4, 90, 0.5)
SNOW = Weather((-1.5, 5), (0, 0.1), 3.6)
STORM = Weather((-60, 90), (-6, 12), 1.4, 110)  # too fast to be followed


def found(frames: list[Frame]) -> Drops | None:
    """The drops of frames, as a seam's side looks for them."""
    last = frames[-13:]
    return drops_in(last, ways_back(last), float(grain_of(frames[-7:]).spread.max()))


def sharpness(frame: Frame) -> float:
    """The slope of a frame's steepest places; grain is smoothed away."""
    grey = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (0, 0), 1.2).astype(np.float32)
    slope = cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))).ravel()
    return float(np.partition(slope, -len(slope) // 50)[-len(slope) // 50 :].mean())


def lighter(frame: Frame, dry: Frame) -> Any:
    """Where a frame has drops, (height, width) of 0 and 1, as against the same without."""
    return np.asarray(cv2.subtract(frame, dry).min(2) > 25, np.uint8)


def drops_of(spots: Any) -> int:
    """How many drops those are."""
    return int(cv2.connectedComponents(spots)[0]) - 1


@pytest.mark.parametrize("weather", [RAIN, FAINT_RAIN, SNOW, STORM])
@pytest.mark.parametrize(("pan", "grain"), [((0, 0), 0), ((3, 1), 0), ((-2, 0), 2)])
def test_drops_fall_on(clip, weather: Weather, pan: tuple[float, float], grain: float) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=pan, grain=grain)
    known = [weather.over(frame, number) for number, frame in enumerate(shot.known())]
    side = Side(0, known)
    usual = [drops_of(lighter(known[at], shot.frame(at, grain=False))) for at in range(12, KNOWN)]
    sharp = np.mean([sharpness(frame) for frame in known[-4:]])
    last = lighter(known[-1], shot.frame(KNOWN - 1, grain=False))
    stood = last > 0
    for steps in (1, 3, 6, 12):
        dry = shot.frame(KNOWN - 1 + steps, grain=False)
        new = onward([side], steps, dry, model_leads=False)
        assert 0.7 < drops_of(lighter(new, dry)) / np.mean(usual) < 1.3
        assert 0.85 < sharpness(side.grained(new, steps)) / sharp < 1.15
        came = np.array([[1, 0, -pan[0] * steps], [0, 1, -pan[1] * steps]], float)
        lit = cv2.warpAffine(lighter(new, dry), came, last.shape[::-1], flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
        stood &= lit > 0
    assert stood.sum() < 0.05 * last.sum()  # no drop of the last known frame is carried along with the ground


@pytest.mark.parametrize("backward", [False, True])
def test_flakes_of_the_last_known_frame_go_on_where_they_are_heading(clip, backward: bool) -> None:  # type: ignore[no-untyped-def]
    shot = clip()
    frames = [SNOW.over(frame, number) for number, frame in enumerate(shot.frames(2 * KNOWN))]
    if backward:
        frames.reverse()
    drops = found(frames[:KNOWN])
    assert drops is not None
    falling = Falling(drops)
    for steps in (1, 2):
        new = lighter(falling.on(drops.bare[-1], steps), shot.frame(0))
        true = cv2.dilate(lighter(frames[KNOWN - 1 + steps], shot.frame(0)), np.ones((5, 5), np.uint8))
        assert new[true > 0].sum() > 0.6 * new.sum()


def test_drops_are_taken_out_whole_and_nothing_else_is(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip(pan=(2, 0))
    known = [RAIN.over(frame, number) for number, frame in enumerate(shot.known())]
    drops = found(known)
    assert drops is not None
    assert np.abs(drops.colour - 225).max() < 12
    dried = [*zip(drops.bare, known[-13:], shot.known()[-13:], strict=True)]
    assert np.mean([lighter(bare, dry).sum() / lighter(wet, dry).sum() for bare, wet, dry in dried]) < 0.15
    for bare, wet, dry in dried:
        assert np.abs(bare.astype(int) - dry)[cv2.absdiff(wet, dry).max(2) == 0].mean() < 0.2


def test_between_two_ends_one_s_drops_give_way_to_the_other_s(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip()
    frames = [SNOW.over(frame, number) for number, frame in enumerate(shot.frames(KNOWN + 24 + KNOWN))]
    sides = [Side(0, frames[:KNOWN]), Side(25, frames[: KNOWN + 23 : -1])]
    usual = drops_of(lighter(frames[KNOWN - 1], shot.frame(0)))
    made = [onward(sides, at, shot.frame(0), model_leads=False) for at in (1, 8, 12, 16, 24)]
    assert all(0.6 < drops_of(lighter(new, shot.frame(0))) / usual < 1.4 for new in made)
    near = lighter(made[-1], shot.frame(0))
    true = cv2.dilate(lighter(frames[KNOWN + 23], shot.frame(0)), np.ones((5, 5), np.uint8))
    assert near[true > 0].sum() > 0.55 * near.sum()
    assert np.array_equal(made[2], onward(sides, 12, shot.frame(0), model_leads=False))


def test_a_model_that_leads_makes_its_own(clip) -> None:  # type: ignore[no-untyped-def]
    shot = clip()
    side = Side(0, [RAIN.over(frame, number) for number, frame in enumerate(shot.known())])
    assert lighter(onward([side], 4, shot.frame(28), model_leads=True), shot.frame(28)).mean() < 0.001


def _dust(frame: Frame, number: int) -> Frame:
    chance = np.random.default_rng(number)
    for x, y in chance.integers(5, 170, (3, 2)):
        cv2.circle(frame, (int(x), int(y)), 1, (240, 240, 240), -1)
    return frame


def _glints(frame: Frame, number: int) -> Frame:
    """Sparks on water, which is the lower part of the picture."""
    chance = np.random.default_rng(number)
    for x, y in chance.integers((5, 115), (315, 175), (60, 2)):
        cv2.line(frame, (int(x), int(y)), (int(x) + 3, int(y)), (250, 250, 240), 1)
    return frame


def _flag(frame: Frame, number: int) -> Frame:
    rows, columns = np.mgrid[:60, :80]
    frame[40:100, 100:180] = (np.sin(columns / 5 - number / 2 + rows / 9) > 0.6)[..., None] * 220
    return frame


def _light(frame: Frame, number: int) -> Frame:
    frame[60:100, 100:160] = 120 + round(60 * np.sin(number * 2.4))
    return frame


def _crowd(frame: Frame, number: int) -> Frame:
    """Something rough that fills most of the frame and moves by itself."""
    coat = np.random.default_rng(0).integers(0, 2, (150, 140, 1), np.uint8).repeat(4, 1) * 200
    frame[20:170, 20:300] = cv2.GaussianBlur(coat, (0, 0), 1)[:, 6 * number % 40 :][:, :280, None]
    return frame


def _wires(frame: Frame, number: int) -> Frame:
    for row in range(20, 170, 22):
        cv2.line(frame, (0, row + number % 11), (319, row + 9 + number % 11), (230, 230, 230), 1, cv2.LINE_AA)
    return frame


@pytest.mark.parametrize("thing", [_dust, _glints, _flag, _light, _crowd, _wires])
def test_what_is_no_rain_stays(clip, thing: Callable[[Frame, int], Frame]) -> None:  # type: ignore[no-untyped-def]
    assert found([thing(frame, number) for number, frame in enumerate(clip().known())]) is None


@pytest.mark.parametrize(
    "made",
    [
        {"pan": (6, 2)},
        {"zoom": 0.01},
        {"grain": 5.0},
        {"pan": (-3, 0), "disc": (4, 1), "rough": True},
        {"disc": (9, 0), "grain": 2.0},
    ],
)
def test_a_dry_clip_has_no_drops(clip, made: dict[str, Any]) -> None:  # type: ignore[no-untyped-def]
    known = clip(**made).known()
    assert found(known) is None
    assert found(known[::-1]) is None


def test_a_gust_may_leave_a_frame_without(clip) -> None:  # type: ignore[no-untyped-def]
    frames = clip().known()
    known = [frame if number in (20, 21) else RAIN.over(frame, number) for number, frame in enumerate(frames)]
    drops = found(known)
    assert drops is not None
    assert not drops.found[-5]
    assert np.array_equal(drops.bare[-5], known[-5])


def test_a_few_frames_tell_of_none(clip) -> None:  # type: ignore[no-untyped-def]
    known = [RAIN.over(frame, number) for number, frame in enumerate(clip().known())]
    assert found(known[-6:]) is None
    assert found(known[-1:]) is None
