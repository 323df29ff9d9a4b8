"""What the edit plays, as plain data for those who draw, mix or list it."""

from __future__ import annotations

from dataclasses import dataclass

from ..film import Panel, Take
from ..timing import FrameRange

_NOTHING = FrameRange(0, 0)


@dataclass(frozen=True)
class Event:
    """One clip of V1, as an edit decision list has it.

    `shows` is `take`, `panel`, `slate`, `media` (of somebody else) or `black` (a gap). `record` are frames of the film,
    counted from 0; `source` the frames of the shot's axis that play, `cut_in` the axis frame of the cut-in (number
    1001). `media` is the path of what plays, relative to the project, with its stretch of the axis in `available`. A
    dissolve lets it appear `early_frames` before its record range or stay `late_frames` behind it. `shot_id` is empty
    for what is no shot's.
    """

    shot_id: str
    shot: str
    occurrence_id: str
    shows: str
    key: str
    record: FrameRange
    source: FrameRange
    cut_in: int
    media: str = ""
    available: FrameRange = _NOTHING
    take: Take | None = None
    panels: tuple[Panel, ...] = ()
    heading: str = ""
    text: str = ""
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    early_frames: int = 0
    late_frames: int = 0

    @property
    def seen(self) -> FrameRange:
        """The frames of the film in which any of it is seen."""
        return FrameRange(self.record.start - self.early_frames, self.record.end + self.late_frames)

    def axis_frame(self, frame: int) -> int:
        """The frame of the shot's axis that stands at a frame of the film."""
        return self.source.start + frame - self.record.start

    def panel_at(self, frame: int) -> Panel | None:
        """The panel that is up at a frame of the film; the first one before its own time too."""
        at = self.axis_frame(frame) - self.cut_in
        begun = [panel for panel in self.panels if panel.at_frames <= at]
        return begun[-1] if begun else next(iter(self.panels), None)


@dataclass(frozen=True)
class Subtitle:
    """Words over the film; `record` are frames of the film, counted from 0."""

    record: FrameRange
    text: str
    speaker: str = ""


@dataclass(frozen=True)
class SoundEvent:
    """A sound on an audio track: its path, where it plays in the film, and how far into the file it starts."""

    media: str
    record: FrameRange
    skip_frames: int = 0
