"""Seam reports: untouched frames are invisible, planted faults are seen, told as JSON and drawn."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from shotwright.core.media.frame import Frame
from shotwright.core.media.seam.plot import write_plot
from shotwright.core.media.seam.report import AROUND, BAD, INVISIBLE, seam_report

SHOTS = ({"pan": (1.5, 0.2)}, {"zoom": 0.004, "grain": 2.0}, {"disc": (1.5, 0), "rough": True})


def repeated(frames: list[Frame], again: Frame) -> list[Frame]:
    return [*frames[:AROUND], again, *frames[AROUND:-1]]


def dropped(frames: list[Frame], _: Frame) -> list[Frame]:
    return [*frames[:AROUND], *frames[AROUND + 1 :]]


def brighter(frames: list[Frame], _: Frame) -> list[Frame]:
    return [*frames[:AROUND], *(np.clip(f * 1.02 + 0.5, 0, 255).astype(np.uint8) for f in frames[AROUND:])]


def jumped(frames: list[Frame], _: Frame) -> list[Frame]:
    way = np.array([[1, 0, 1.0], [0, 1, 0]])
    behind = (cv2.warpAffine(f, way, f.shape[1::-1], borderMode=cv2.BORDER_REPLICATE) for f in frames[AROUND:])
    return [*frames[:AROUND], *behind]


@pytest.mark.parametrize("shot", SHOTS)
def test_untouched_frames_are_invisible(clip, shot) -> None:  # type: ignore[no-untyped-def]
    frames = clip(**shot).frames(2 * AROUND + 5)
    for start in (0, 5):
        assert seam_report(frames[start : start + 2 * AROUND], AROUND).verdict == INVISIBLE


@pytest.mark.parametrize("shot", SHOTS)
@pytest.mark.parametrize("fault", [repeated, dropped, brighter, jumped])
def test_a_planted_fault_is_seen(clip, shot, fault: Callable[..., list[Frame]]) -> None:  # type: ignore[no-untyped-def]
    drawn = clip(**shot)
    frames = drawn.frames(2 * AROUND + 1)
    again = drawn.frame(AROUND - 1, grain=False)
    if drawn.grain:
        noise = np.random.default_rng(99).standard_normal(again.shape) * drawn.grain
        again = np.clip(again + noise + 0.5, 0, 255).astype(np.uint8)
    assert seam_report(fault(frames, again)[: 2 * AROUND], AROUND).verdict != INVISIBLE


def test_another_picture_is_bad(clip) -> None:  # type: ignore[no-untyped-def]
    frames = clip(pan=(1.5, 0)).frames(2 * AROUND)
    behind = [np.ascontiguousarray(f[::-1, ::-1]) for f in frames[AROUND:]]
    assert seam_report([*frames[:AROUND], *behind], AROUND).verdict == BAD


def test_a_report_is_json_and_a_picture(clip, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    report = seam_report(clip(pan=(1.5, 0)).frames(2 * AROUND), AROUND, kept_error=0.25)
    told = json.loads(json.dumps(report.to_json()))
    assert told["verdict"] == INVISIBLE
    assert told["kept_error"] == 0.25
    assert set(told) == {"verdict", "kept_error", "motion", "change", "light", "sharpness", "grain"}
    assert all(set(told[name]) == {"at_seam", "usual", "odd"} for name in report.measures)
    assert told["motion"]["usual"] == pytest.approx(1.5, abs=0.1)
    path = tmp_path / "seam.png"
    write_plot(path, report)
    assert path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert min(cv2.imread(str(path)).shape[:2]) > 200
