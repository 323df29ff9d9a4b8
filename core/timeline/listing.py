"""An edit as text that a person reads and compares: one line a clip, with what hangs on it below."""

from __future__ import annotations

from collections.abc import Iterator

from ..timing import FrameRange, format_timecode
from .edit import Edit
from .events import Event


def listing(edit: Edit, drop_frame: bool = False) -> str:
    """The edit as lines of text: record timecodes (out exclusive), source frames, takes, joins, words, sounds."""
    return "\n".join([*_lines(edit, drop_frame), ""])


def _lines(edit: Edit, drop_frame: bool) -> Iterator[str]:
    def record(span: FrameRange) -> str:
        labels = (format_timecode(edit.start_frames + at, edit.rate, drop_frame) for at in (span.start, span.end))
        return "  ".join(labels)

    takes: dict[str, list[str]] = {}
    for take in edit.takes():
        mark = "*" * take.active + " circled" * take.circled
        takes.setdefault(take.shot, []).append(f"{take.key}{mark}")
    yield f"{edit.title}, {edit.rate} frames a second, {edit.frames} frames"
    yield ""
    for number, event in enumerate(edit.events(), 1):
        length = f"{len(event.record):4} f"
        yield f"{number:03}  {record(event.record)}  {length}  {event.shot or '-'}  {event.shows}"
        yield from (f"     {line}" for line in _below(event))
        if event.shot in takes:
            yield f"     takes {', '.join(takes[event.shot])}"
    for line in edit.subtitles():
        yield f"sub  {record(line.record)}  {line.speaker or '-'}: {line.text}"
    for sound in edit.sounds():
        yield f"snd  {record(sound.record)}  {sound.media} from frame {sound.skip_frames}"


def _below(event: Event) -> Iterator[str]:
    if event.shot_id:
        source, available = event.source, event.available
        yield (
            f"source {source.start}-{source.end} of {available.start}-{available.end}, cut-in at {event.cut_in}"
            f"{', plays ' + event.media if event.media else ''}"
        )
    if len(event.panels) > 1:
        yield "panels " + ", ".join(f"{panel.path} at {panel.at_frames}" for panel in event.panels)
    if event.early_frames:
        yield f"dissolves in from {event.early_frames} frames before its cut"
    if event.late_frames:
        yield f"dissolves out until {event.late_frames} frames behind its cut"
    if event.fade_in_frames:
        yield f"fades in over {event.fade_in_frames} frames"
    if event.fade_out_frames:
        yield f"fades out over {event.fade_out_frames} frames"
