"""What an editor does to a cut, as functions from an old edit to a new one; the old one never changes.

Any OTIO timeline will do. Record frames count from 0 at the rate of the film; places are counted as OTIO's lists are.
Each function returns the new timeline with notices: what went that nobody asked to go (a transition, music in frames
that were closed up), as sentences. Undoing is taking the old edit again.

Sound that belongs to a picture goes along (`linked`, see `links.py`). Tracks move together unless one says otherwise
(`is_sync_locked`). What a retime means: `speed.py`. What becomes of transitions: `cuts.py`. Markers on a track
or stack stand in the record and move with it, those on a clip stand in its media.
"""

from .lengthening import lengthen
from .material import fill, insert, open_up, overwrite, remove
from .strip import is_sync_locked
from .trimming import ripple, roll, slice_at, slide, slip, trim
from .working_copy import Edited, Place

__all__ = [
    "Edited",
    "Place",
    "fill",
    "insert",
    "is_sync_locked",
    "lengthen",
    "open_up",
    "overwrite",
    "remove",
    "ripple",
    "roll",
    "slice_at",
    "slide",
    "slip",
    "trim",
]
