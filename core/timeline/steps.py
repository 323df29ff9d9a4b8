"""Steps in an edit as plain data, as they come over the wire: a clip extended, a gap bridged."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

Side = Literal["head", "tail"]
Mode = Literal["gap", "ripple", "overwrite"]


@dataclass(frozen=True)
class NewMedia:
    """A movie that holds a clip's frames and new ones.

    `path` is as the edit is to hold it: relative to it, or absolute. From `first` to `end` are its media times on the
    clip's axis, in frames of the film; from `real_first` to `real_end` its frames and sound are those of the old media.
    `sounds` says whether it has sound, `take` its key where it is a shot's take, then with its first timecode.
    """

    path: str
    first: Fraction
    end: Fraction
    real_first: Fraction
    real_end: Fraction
    sounds: bool = False
    take: str = ""
    start_frames: int = 0


@dataclass(frozen=True)
class Extension:
    """So many record frames more at one side of a clip, also 0; `clip` and `state` are a CutClip's.

    `media` are None where it plays more of those that it has. Modes are drawn in operations/lengthening.py. `above`
    leaves the clip as it is, and lays one that plays the new media on a track above it.
    """

    clip: str
    state: str
    side: Side
    frames: int
    mode: Mode = "gap"
    over_neighbour: bool = False
    media: NewMedia | None = None
    above: bool = False


@dataclass(frozen=True)
class Bridge:
    """A movie of `frames` for the gap behind a clip, which plays from frame `handle_frames` of it on.

    `after` is the CutClip's address, `before` that of the clip behind the gap, empty for the next one; `state` is the
    CutGap's, `path` as the edit is to hold it. The gap is `opened_frames` longer then: all behind it moves.
    """

    after: str
    state: str
    path: str
    frames: int
    handle_frames: int
    before: str = ""
    opened_frames: int = 0


def to_json(step: Extension | Bridge) -> dict[str, Any]:
    """A step as JSON; its fractions are text, such as `25/2`."""
    told: dict[str, Any] = json.loads(json.dumps(asdict(step), default=str))
    return told
