"""The project's mask: black outside the aspect ratio that will be seen."""

from __future__ import annotations

from fractions import Fraction

from .frame import Frame


def masked_rows_and_columns(size: tuple[int, int], ratio: Fraction | None) -> tuple[slice, slice]:
    """What stays visible of a frame of `size` (width, height): rows, columns. None for no mask shows all."""
    width, height = size
    if ratio is None:
        return slice(0, height), slice(0, width)
    kept_height = min(height, max(1, round(width / ratio)))
    kept_width = width if kept_height < height else min(width, max(1, round(height * ratio)))
    top, left = (height - kept_height) // 2, (width - kept_width) // 2
    return slice(top, top + kept_height), slice(left, left + kept_width)


def draw_mask(frame: Frame, ratio: Fraction | None) -> Frame:
    """A copy of the frame, black outside the centred area whose width by height is `ratio`; None draws nothing."""
    if ratio is None:
        return frame
    rows, columns = masked_rows_and_columns((frame.shape[1], frame.shape[0]), ratio)
    masked = frame.copy()
    masked[: rows.start] = masked[rows.stop :] = 0
    masked[:, : columns.start] = masked[:, columns.stop :] = 0
    return masked
