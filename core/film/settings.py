"""The settings of one project, as `shotwright.toml` holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import ProjectError, UsageError
from ..timing import Rate, format_timecode, parse_timecode

MIN_SIDE = 64
MAX_SIDE = 4096
MAX_SHORT_SIDE = 2160
PANEL_FITS = ("crop", "pad")
CODECS = ("prores", "prores4444", "dnxhr", "h264", "h265", "png", "exr")


def check_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size itself when a take can have it: even sides, 64x64 to 4096x2160 or 2160x4096. Raises UsageError."""
    if min(size) < MIN_SIDE or max(size) > MAX_SIDE or min(size) > MAX_SHORT_SIDE:
        raise UsageError(
            f"A picture of {size[0]}x{size[1]} can't be made.",
            f"Use {MIN_SIDE}x{MIN_SIDE} up to {MAX_SIDE}x{MAX_SHORT_SIDE}, or {MAX_SHORT_SIDE}x{MAX_SIDE} upright.",
        )
    if size[0] % 2 or size[1] % 2:
        even = (size[0] - size[0] % 2, size[1] - size[1] % 2)
        raise UsageError(f"{size[0]}x{size[1]} has an odd side.", f"Use {even[0]}x{even[1]}: video needs even sides.")
    return size


def parse_size(text: str) -> tuple[int, int]:
    """A picture size from `1280x720`, in pixels; raises UsageError."""
    width, found, height = text.lower().strip().partition("x")
    if not (found and width.isascii() and height.isascii() and width.isdigit() and height.isdigit()):
        raise UsageError(f"“{text}” is no picture size.", "Write width x height, such as 1280x720.")
    if len(width) > 5 or len(height) > 5:
        raise UsageError(f"A picture of {text[:40]} can't be made.", f"Use up to {MAX_SIDE}x{MAX_SHORT_SIDE}.")
    return check_size((int(width), int(height)))


@dataclass(frozen=True)
class ProjectSettings:
    """What holds for every shot of a film; each field is a key of `shotwright.toml`.

    `start_timecode` labels the first frame of the edit. `mask` is the aspect ratio that panels, reel and contact sheet
    are masked to (2.39), nothing when empty. `handle_frames` are made at each end of a take beyond the cut.
    `shortest_seconds` and `longest_seconds` bound what the breakdown gives one shot. `cast` maps a character's name to
    the words that every prompt showing the character gets, over what the script says. `naming` is a template of
    `{scene}` and `{shot}`; once `numbers_locked`, a rewrite renumbers nothing. Raises UsageError or ProjectError on
    values that can't be used.
    """

    title: str = "Untitled"
    rate: Rate = field(default_factory=lambda: Rate(Fraction(24)))
    drop_frame: bool = False
    start_timecode: str = "01:00:00:00"
    size: tuple[int, int] = (1280, 720)
    mask: str = ""
    panel_fit: str = "crop"
    handle_frames: int = 12
    shortest_seconds: float = 1.5
    longest_seconds: float = 12.0
    codec: str = "prores"
    model: str = "previs"
    look: str = ""
    naming: str = "SC{scene}_SH{shot}"
    numbers_locked: bool = False
    cast: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_size(self.size)
        parse_timecode(self.start_timecode, self.rate, self.drop_frame)
        self.mask_ratio()
        if self.panel_fit not in PANEL_FITS:
            raise ProjectError(f"panel_fit = “{self.panel_fit}” is unknown.", f"Use one of {', '.join(PANEL_FITS)}.")
        if self.codec not in CODECS:
            raise ProjectError(f"codec = “{self.codec}” is unknown.", f"Use one of {', '.join(CODECS)}.")
        if not 0 <= self.handle_frames <= 240:
            raise ProjectError(f"Handles of {self.handle_frames} frames can't be made.", "Use 0 to 240.")
        if not 0 < self.shortest_seconds <= self.longest_seconds <= 60:
            raise ProjectError("The bounds of a shot's length make no sense.", "Keep 0 < shortest <= longest <= 60.")

    @property
    def start_frames(self) -> int:
        """Frames from 00:00:00:00 to the first frame of the edit."""
        return parse_timecode(self.start_timecode, self.rate, self.drop_frame)

    def timecode(self, frame: int) -> str:
        """The label of a frame counted from the start of the edit."""
        return format_timecode(self.start_frames + frame, self.rate, self.drop_frame)

    def mask_ratio(self) -> Fraction | None:
        """Width by height of the mask, from `2.39` or `16:9`; None without one. Raises ProjectError."""
        if not self.mask:
            return None
        try:
            width, _, height = self.mask.partition(":")
            ratio = Fraction(width.strip()) / Fraction(height.strip() or 1)
        except (ValueError, ZeroDivisionError):
            raise ProjectError(f"mask = “{self.mask}” is no aspect ratio.", "Write 2.39, 1.85 or 16:9.") from None
        if not Fraction(1, 4) <= ratio <= 4:
            raise ProjectError(f"A mask of {self.mask} is too narrow.", "Use a ratio from 0.25 to 4.")
        return ratio
