"""The tracks beside V1: dialogue as subtitles, and sounds on A1, both placed by where V1 plays their shots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import opentimelineio as otio

from ..film import Shot
from ..timing import FrameRange, Rate
from . import facts
from .events import Event, Subtitle
from .playing import SUBTITLE_KIND, placed
from .spans import span_of
from .subtitles import readable

_NAME_LENGTH = 60


def spoken(shots: Sequence[Shot], events: Sequence[Event]) -> list[Subtitle]:
    """The dialogue of shots where V1 plays it, in readable pieces that follow each other and never overlap."""
    by_shot = {shot.shot_id: shot for shot in shots}
    lines = []
    for event in events:
        shot = by_shot.get(event.shot_id)
        for line in shot.dialogue if shot else ():
            start = event.record.start + event.cut_in + line.at_frames - event.source.start
            heard = FrameRange(start, start + max(1, line.frames)).intersection(event.record)
            if len(heard) and line.text.strip():
                lines.append(Subtitle(heard, " ".join(line.text.split()), line.speaker))
    return [piece for line in _one_at_a_time(lines) for piece in readable(line)]


def _one_at_a_time(lines: Iterable[Subtitle]) -> list[Subtitle]:
    """Lines in their order; those that begin together stand below each other, one that is talked into ends there."""
    following: list[Subtitle] = []
    ordered = sorted(lines, key=lambda line: line.record.start)
    for start, together in groupby(ordered, key=lambda line: line.record.start):
        said = list(together)
        end = max(line.record.end for line in said)
        words = said[0].text if len(said) == 1 else "\n".join(f"– {line.text}" for line in said)
        speakers = ", ".join(dict.fromkeys(line.speaker for line in said if line.speaker))
        if following and following[-1].record.end > start:
            last = following[-1]
            following[-1] = Subtitle(FrameRange(last.record.start, start), last.text, last.speaker)
        following.append(Subtitle(FrameRange(start, end), words, speakers))
    return following


def fill_subtitles(track: Any, subtitles: Sequence[Subtitle], rate: Rate) -> None:
    """Replaces what stands on the subtitle track."""
    del track[:]
    _place(track, ((line.record, _subtitle_clip(line, rate)) for line in subtitles), rate)


def _subtitle_clip(line: Subtitle, rate: Rate) -> Any:
    length = span_of(FrameRange(0, len(line.record)), rate)
    parameters = {"text": line.text, "speaker": line.speaker}
    words = otio.schema.GeneratorReference("subtitle", "Subtitle", available_range=length, parameters=parameters)
    clip = otio.schema.Clip(" ".join(line.text.split())[:_NAME_LENGTH], words, length)
    facts.put_facts(clip, parameters)
    return clip


def fill_sounds(track: Any, shots: Sequence[Shot], events: Sequence[Event], rate: Rate) -> None:
    """Replaces what stands on A1: each shot's own sound from its cut-in on, for as long as the shot plays."""
    del track[:]
    sounds = {shot.shot_id: shot.audio for shot in shots if shot.audio}
    _place(track, _sound_clips(sounds, events, rate), rate)


def _sound_clips(sounds: dict[str, str], events: Sequence[Event], rate: Rate) -> Iterable[tuple[FrameRange, Any]]:
    for event in events:
        if event.shot_id in sounds:
            path = sounds[event.shot_id]
            skip = event.source.start - event.cut_in
            record = FrameRange(min(event.record.end, event.record.start + max(0, -skip)), event.record.end)
            if len(record):
                source = FrameRange(max(0, skip), max(0, skip) + len(record))
                reference = otio.schema.ExternalReference(target_url=quote(path))
                clip = otio.schema.Clip(PurePosixPath(path).stem, reference, span_of(source, rate))
                facts.put_facts(clip, {"sound_of": event.shot_id})
                yield record, clip


def _place(track: Any, pieces: Iterable[tuple[FrameRange, Any]], rate: Rate) -> None:
    at = 0
    for record, clip in pieces:
        if record.start > at:
            track.append(otio.schema.Gap(source_range=span_of(FrameRange(0, record.start - at), rate)))
        track.append(clip)
        at = record.end


def without_ours(track: Any, rate: Rate) -> Any | None:
    """A copy of A1 in which our sounds are silence, None where nothing else is on it: what others laid there stays."""
    copy = track.clone()
    others = False
    for index, (item, record) in enumerate(list(placed(copy, rate))):
        if isinstance(item, otio.schema.Clip) and "sound_of" in facts.facts_of(item):
            copy[index] = otio.schema.Gap(source_range=span_of(FrameRange(0, len(record)), rate))
        elif not isinstance(item, otio.schema.Gap):
            others = True
    return copy if others else None


def is_subtitle_track(track: Any) -> bool:
    """Whether a track holds subtitles."""
    return bool(track.kind == SUBTITLE_KIND)
