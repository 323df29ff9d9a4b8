"""`edit.otio` off the disk, from anywhere: whatever is wrong with it becomes a sentence."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse as defused

from ..errors import ProjectError, storage_error
from ..timing import Rate
from .carriers import edl, fcpxml

EXCHANGED = (".edl", ".xml", ".fcpxml")  # edits that other programs wrote, read by adapters where there are any
_CONTENT = "content.otio"  # of a bundle: the edit beside its media
_LARGEST_BYTES = 512 << 20
_DEEPEST = 120
_RESTORE = "Restore it from .shotwright/snapshots, or copy the project again."
# What OTIO's readers raise on files that are not as they should be.
BROKEN = (
    otio.exceptions.OTIOError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RuntimeError,
    OverflowError,
)


def read_timeline(path: Path, rate: Rate | None = None, start: int | None = None) -> Any:
    """The timeline in a file; raises ProjectError where there is none that can be used, StorageError by the disk.

    `rate` is what an EDL counts at, which does not say so itself; without, the rate that its timecodes show. `start` is
    the timecode, in frames, that its edit is known to start at; without, that of its first event.
    """
    if path.suffix.lower() in EXCHANGED:
        return _adapted(path, rate, start)
    if path.suffix.lower() == ".otioz":
        return timeline_from(_zipped(path), path.name)
    if path.suffix.lower() == ".otiod":
        path = path / _CONTENT
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ProjectError(f"{path.name} is far too large for an edit.", _RESTORE)
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ProjectError(f"{path.name} is missing.", _RESTORE) from None
    except UnicodeDecodeError:
        raise ProjectError(f"{path.name} is no text: it is not an OpenTimelineIO edit.", _RESTORE) from None
    except OSError as error:
        raise storage_error(error, f"reading {path.name}") from error
    return timeline_from(text, path.name)


def _zipped(path: Path) -> str:
    """The text of the edit in an .otioz; media in it stay there. Raises ProjectError, StorageError."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(_CONTENT).file_size > _LARGEST_BYTES:
                raise ProjectError(f"{path.name} is far too large for an edit.", _RESTORE)
            with archive.open(_CONTENT) as file:
                return file.read(_LARGEST_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        raise ProjectError(f"{path.name} is missing.", _RESTORE) from None
    except (zipfile.BadZipFile, KeyError, NotImplementedError, EOFError, UnicodeDecodeError, RuntimeError):
        raise ProjectError(f"{path.name} is broken: there is no edit in it.", _RESTORE) from None
    except OSError as error:
        raise storage_error(error, f"reading {path.name}") from error


def _adapted(path: Path, rate: Rate | None, start: int | None) -> Any:
    """The timeline in an EDL or XML, read by OTIO's adapters."""
    suffix = path.suffix.lower()
    if not path.is_file():
        raise ProjectError(f"{path.name} is missing.", "Check its name.")
    if path.stat().st_size > _LARGEST_BYTES:
        raise ProjectError(f"{path.name} is far too large for an edit.", "Export a part of it.")
    try:
        if suffix == ".edl":
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            rate = rate or edl_rate(text)
            timeline = edl.mended(
                otio.adapters.read_from_string(text, "cmx_3600", rate=float(rate.fraction)), rate, start
            )
        else:
            root: Any = defused(str(path)).getroot()  # entities may stand for gigabytes, or for other files
            timeline = fcpxml.read(root, start) if suffix == ".fcpxml" else otio.adapters.read_from_file(str(path))
    except DefusedXmlException:
        raise ProjectError(f"{path.name} defines entities, as no edit does.", "Export it again as .otio.") from None
    except (*BROKEN, SyntaxError, OSError) as error:  # a broken XML is a SyntaxError
        said = str(error).split("\n")[0][:160]
        raise ProjectError(f"{path.name} can't be read: {said}.", "Export an .otio instead, and give that.") from None
    if isinstance(timeline, otio.schema.SerializableCollection):
        held = list(timeline.find_children(descended_from_type=otio.schema.Timeline))
        timeline = held[0] if len(held) == 1 else timeline
    if not isinstance(timeline, otio.schema.Timeline):
        raise ProjectError(f"{path.name} holds no timeline, or several.", "Export one timeline as .otio.")
    return timeline


def edl_rate(text: str) -> Rate:
    """The rate that the timecodes of an EDL count at; it does not say so itself.

    Drop frame counts at 30000/1001. Else the least of 24, 25, 30, 50 and 60 whose numbers hold all frames.
    """
    labels = re.findall(r"\b\d\d:\d\d:\d\d([:;])(\d\d)\b", text)
    if re.search(r"^FCM:\s*DROP", text, re.MULTILINE) or any(mark == ";" for mark, _ in labels):
        return Rate(Fraction(30000, 1001))
    highest = max((int(frame) for _, frame in labels), default=0)
    return Rate(Fraction(next((rate for rate in (24, 25, 30, 50, 60) if highest < rate), 60)))


def timeline_from(text: str, name: str) -> Any:
    """The timeline in JSON text; `name` stands in the sentences. Raises ProjectError."""
    _check_json(text, name)
    try:
        timeline = otio.adapters.read_from_string(text, "otio_json")
    except BROKEN as error:
        said = str(error).strip('"').split("\n")[0][:160]
        raise ProjectError(f"{name} is no OpenTimelineIO edit that can be read: {said}.", _RESTORE) from None
    if not isinstance(timeline, otio.schema.Timeline) or not isinstance(timeline.tracks, otio.schema.Stack):
        raise ProjectError(f"{name} holds no timeline.", "Export the timeline itself, not a clip or a bin.")
    return timeline


def timeline_of(value: Mapping[str, Any]) -> Any:
    """The timeline of JSON that is known to be good: a timeline's own, or what this program made of one."""
    return otio.adapters.read_from_string(json.dumps(value), "otio_json")


def _check_json(text: str, name: str) -> None:
    """Refuses what is no JSON, has numbers that are none, or nests so deep that a reader would fall over it.

    Numbers beyond all doubles OTIO refuses itself.
    """
    try:
        depth = _depth(json.loads(text, parse_constant=_no_number))
    except ValueError:
        raise ProjectError(f"{name} is broken: it is not JSON from end to end.", _RESTORE) from None
    except RecursionError:  # this parser says so, where others fall over
        depth = _DEEPEST + 1
    if depth > _DEEPEST:
        raise ProjectError(f"{name} nests too deep to be an edit.", _RESTORE)


def _depth(value: Any) -> int:
    """How many things of JSON lie inside each other at most."""
    depth = -1  # the list around it is ours
    level: list[Any] = [[value]]
    while level and depth <= _DEEPEST:
        held = (each.values() if type(each) is dict else each for each in level)
        level = [child for children in held for child in children if type(child) is dict or type(child) is list]
        depth += 1
    return depth


def _no_number(word: str) -> Any:
    raise ValueError(word)
