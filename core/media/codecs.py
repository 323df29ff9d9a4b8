"""How each codec is written: ffmpeg's options as data. Speeds and sizes measured: docs/media.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import MediaError

if TYPE_CHECKING:
    from .probe import MediaInfo

# Encoders below make other bits with other thread counts (x264) or pick them by the machine (x265): pinned.
_X264_THREADS = 4
_X265_POOL = "pools=4:frame-threads=2:log-level=error"


@dataclass(frozen=True)
class Codec:
    """One way to write frames.

    `suffixes` are the containers it goes into (the first is the usual), `pixel_format` what is stored,
    `alpha_format` the same with alpha (empty: it keeps none). `options` are ffmpeg's. `sequence` for one file a
    frame in a folder, `linear` for frames stored as linear light. `least` is the smallest width and height it takes.
    `exact` for colours turned into others as exactly as can be, or else quickly.
    """

    suffixes: tuple[str, ...]
    pixel_format: str
    options: Mapping[str, str | int]
    alpha_format: str = ""
    sequence: bool = False
    linear: bool = False
    least: tuple[int, int] = (16, 16)
    exact: bool = True
    movie_options: Mapping[str, str] = field(default_factory=dict)

    @property
    def suffix(self) -> str:
        """The usual file suffix, with its dot."""
        return self.suffixes[0]

    @property
    def rgb(self) -> bool:
        """Whether R'G'B' is stored as it is, without a matrix."""
        return not self.pixel_format.startswith("yuv")


_PRORES: Mapping[str, str | int] = {"c:v": "prores_ks", "vendor": "apl0", "qscale:v": 11}
_FASTSTART = {"movflags": "+faststart"}
_MOVIES = (".mov", ".mp4", ".mkv")

CODECS: Mapping[str, Codec] = {
    # A fixed qscale spares the rate search: 61 frames/s against 8 at 1280x720 on two cores.
    "prores": Codec((".mov",), "yuv422p10le", {**_PRORES, "profile:v": 3}),
    "prores4444": Codec((".mov",), "yuv444p10le", {**_PRORES, "profile:v": 4}, "yuva444p10le"),
    "dnxhr": Codec((".mov",), "yuv422p", {"c:v": "dnxhd", "profile:v": "dnxhr_hq"}, least=(256, 120)),
    "h264": Codec(
        _MOVIES,
        "yuv420p",
        {"c:v": "libx264", "preset": "veryfast", "crf": 14, "threads": _X264_THREADS},
        movie_options=_FASTSTART,
    ),
    "h265": Codec(
        _MOVIES,
        "yuv420p",
        {"c:v": "libx265", "preset": "veryfast", "crf": 16, "x265-params": _X265_POOL, "tag:v": "hvc1"},
        movie_options=_FASTSTART,
        least=(64, 64),
    ),
    "png": Codec((".png",), "rgb24", {"c:v": "png", "compression_level": 2, "pred": "sub"}, sequence=True),
    "exr": Codec(
        (".exr",), "gbrpf32le", {"c:v": "exr", "format:v": "half", "compression": "zip16"}, sequence=True, linear=True
    ),
    # Not for a project to choose: what lies beside every take. A proxy is scrubbed: quick to write and to decode.
    "proxy": Codec(
        (".mp4",),
        "yuv420p",
        {"c:v": "libx264", "preset": "ultrafast", "crf": 21, "threads": 1, "g": 12},
        exact=False,
        movie_options=_FASTSTART,
    ),
    # Lossless and quick, four times as quick as FFV1 and half as large again: for what is soon written once more.
    "passing": Codec((".mkv",), "gbrp", {"c:v": "utvideo", "pred": "left"}, "gbrap"),
    "lossless": Codec((".mkv",), "bgr0", {"c:v": "ffv1", "level": 3, "slices": 4, "slicecrc": 1, "g": 1}, "bgra"),
}


_PRORES_PROFILES = ("proxy", "lt", "standard", "hq", "4444", "xq")
_DNXHR = {"dnxhr lb": "dnxhr_lb", "dnxhr sq": "dnxhr_sq", "dnxhr hq": "dnxhr_hq", "dnxhr hqx": "dnxhr_hqx"}
# Codecs of whole frames that are written again as they were, with what each needs.
_SAME: Mapping[str, Mapping[str, str | int]] = {
    "ffv1": {"level": 3, "slices": 4, "slicecrc": 1, "g": 1},
    "mjpeg": {"qscale:v": 2, "huffman": "default"},
    "png": {"compression_level": 2, "pred": "sub"},
    "qtrle": {"g": 1},
    "v210": {},
    "utvideo": {},
    "huffyuv": {},
    "rawvideo": {},
}


def codec_like(info: MediaInfo, suffix: str) -> Codec | None:
    """The codec that writes frames which may stand beside a movie's own in its stream; None where there is none.

    Only codecs of whole frames have one: others need a second generation to be joined.
    """
    if not info.intra:
        return None
    options: dict[str, str | int]
    if info.codec == "prores":
        word = info.profile.lower().removeprefix("apple prores ").strip()
        profile = _PRORES_PROFILES.index(word) if word in _PRORES_PROFILES else 4 if "444" in info.pixel_format else 3
        options = {**_PRORES, "profile:v": profile}
    elif info.codec == "dnxhd" and info.profile.lower() in _DNXHR:
        options = {"c:v": "dnxhd", "profile:v": _DNXHR[info.profile.lower()]}
    elif info.codec in _SAME:
        options = {"c:v": info.codec, **_SAME[info.codec]}
    else:
        return None
    alpha = info.pixel_format if info.alpha else ""
    return Codec((suffix,), info.pixel_format, options, alpha)


def codec_named(name: str) -> Codec:
    """The codec of that name; raises MediaError."""
    if name not in CODECS:
        raise MediaError(f"There is no codec “{name[:40]}”.", f"Use one of {', '.join(CODECS)}.")
    return CODECS[name]
