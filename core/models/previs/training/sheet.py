"""Pictures to look at while training: sample sheets and the loss curve as PNG, with nothing but numpy."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt


def write_png(path: Path, picture: npt.NDArray[np.uint8]) -> None:
    """An 8-bit RGB PNG of (rows, columns, 3)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, columns, _ = picture.shape
    lines = b"".join(b"\0" + picture[y].tobytes() for y in range(rows))
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    )


def sheet(clips: Sequence[npt.NDArray[np.uint8]], frames: Sequence[int], columns: int = 2) -> npt.NDArray[np.uint8]:
    """Clips (frames, rows, columns, 3) as strips of the chosen frames, in so many columns."""
    strips = [np.concatenate([clip[i] for i in frames], 1) for clip in clips]
    while len(strips) % columns:
        strips.append(np.zeros_like(strips[0]))
    rows = [np.concatenate(strips[i : i + columns], 1) for i in range(0, len(strips), columns)]
    return np.concatenate(rows, 0)


def curve(values: Sequence[float], rows: int = 200, columns: int = 600) -> npt.NDArray[np.uint8]:
    """A line of values, smoothed to the picture's width, on white; the lowest value stands at the bottom."""
    picture = np.full((rows, columns, 3), 255, np.uint8)
    if len(values) < 2:
        return picture
    parts = np.array_split(np.asarray(values, np.float64), min(columns, len(values)))
    smooth = np.array([part.mean() for part in parts])
    low, high = float(np.percentile(smooth, 0)), float(np.percentile(smooth, 97))
    ys = rows - 1 - np.clip((smooth - low) / max(high - low, 1e-9), 0, 1) * (rows - 1)
    xs = np.linspace(0, columns - 1, len(smooth)).astype(int)
    for x, y in zip(xs, ys.astype(int), strict=True):
        picture[max(0, y - 1) : y + 1, x : x + 2] = (180, 30, 30)
    return picture
