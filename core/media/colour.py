"""Colour: the names of the tags, how a decoded frame becomes BT.709 R'G'B', and linear light for EXR.

The numbers are the code points of ITU-T H.273, which every container and codec here shares.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .frame import Frame
from .gamut import into_bt709, is_wide

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020", 11: "smpte431", 12: "smpte432"}
TRANSFERS = {1: "bt709", 6: "smpte170m", 8: "linear", 13: "iec61966-2-1", 14: "bt2020-10", 16: "smpte2084", 18: "hlg"}
MATRICES = {0: "gbr", 1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc"}
RANGES = {1: "tv", 2: "pc"}
UNTAGGED = "unspecified"

BT709 = 1
_BT601 = 5
_LIMITED, _FULL = 1, 2
_LARGEST_SD_HEIGHT = 576
_LINEAR_TRANSFER = 8


def matrix_of(frame: VideoFrame) -> int:
    """The matrix to decode by; where it is untagged BT.601 up to 576 lines and BT.709 above, as editors assume."""
    tagged = int(frame.colorspace)
    if tagged in MATRICES and tagged != 0:
        return tagged
    return _BT601 if frame.height <= _LARGEST_SD_HEIGHT else BT709


def to_own_rgb(frame: VideoFrame) -> Frame:
    """A decoded frame as (height, width, 3) R'G'B' in its own primaries and curve, exactly rounded."""
    if frame.format.is_rgb:
        return np.ascontiguousarray(frame.reformat(format="rgb24").to_ndarray(), dtype=np.uint8)
    return np.ascontiguousarray(_planar(frame, "gbrp"), dtype=np.uint8)


def to_rgb(frame: VideoFrame) -> Frame:
    """A decoded frame as (height, width, 3) R'G'B' in BT.709, exactly rounded.

    Planar GBR and accurate rounding: packed RGB without them is up to 3 code values off (docs/media.md). Frames in
    BT.2020 or P3 primaries, PQ or HLG are brought into BT.709 (gamut.py); linear light (EXR) is coded by its curve.
    """
    if frame.color_trc == _LINEAR_TRANSFER or frame.format.name.startswith("gbrpf"):
        return from_linear(np.asarray(frame.reformat(format="gbrpf32le").to_ndarray(), dtype=np.float32))
    primaries = PRIMARIES.get(int(frame.color_primaries), UNTAGGED)
    transfer = TRANSFERS.get(int(frame.color_trc), UNTAGGED)
    if is_wide(primaries, transfer):
        return into_bt709(np.asarray(_planar(frame, "gbrp16le"), dtype=np.uint16), primaries, transfer)
    return to_own_rgb(frame)


def _planar(frame: VideoFrame, pixel_format: str) -> npt.NDArray[Any]:
    from av.video.reformatter import Interpolation

    if frame.format.is_rgb:
        return frame.reformat(format=pixel_format).to_ndarray()
    full = frame.color_range == _FULL or frame.format.name.startswith("yuvj")
    return frame.reformat(
        format=pixel_format,
        src_colorspace=matrix_of(frame),
        dst_colorspace=BT709,
        src_color_range=_FULL if full else _LIMITED,
        dst_color_range=_FULL,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
    ).to_ndarray()


def alpha_of(frame: VideoFrame) -> Frame:
    """The straight alpha of a decoded frame that has one, (height, width), 0 to 255."""
    if not frame.format.name.startswith("yuva"):
        return np.asarray(frame.reformat(format="rgba").to_ndarray()[..., 3], dtype=np.uint8)
    plane = frame.reformat(format="yuva444p16le").planes[3]
    rows = np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, plane.line_size // 2)
    alpha = (rows[:, : plane.width].astype(np.uint32) * 255 + 32767) // 65535
    return np.asarray(alpha, dtype=np.uint8)


@lru_cache(maxsize=1)
def _linear_table() -> npt.NDArray[np.float32]:
    coded = np.arange(256, dtype=np.float64) / 255
    return np.where(coded < 0.081, coded / 4.5, ((coded + 0.099) / 1.099) ** (1 / 0.45)).astype(np.float32)


def to_linear(frame: Frame) -> npt.NDArray[np.float32]:
    """R'G'B' as scene-linear light by the inverse of the BT.709 curve (ITU-R BT.709-6, 1.2), 0 to 1 float32."""
    return np.asarray(_linear_table()[frame], dtype=np.float32)


def from_linear(light: npt.NDArray[np.float32]) -> Frame:
    """The inverse of `to_linear`; light outside 0 to 1 is clipped."""
    light = np.clip(np.nan_to_num(light), 0, 1)
    coded = np.where(light < 0.018, light * 4.5, 1.099 * light**0.45 - 0.099)
    return np.asarray(np.rint(coded * 255), dtype=np.uint8)
