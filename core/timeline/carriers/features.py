"""What an edit has that a carrier may lose, by names that the loss table uses too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import opentimelineio as otio

from .. import facts
from ..joins import FADE_IN, FADE_OUT
from ..operations.speed import speed_of
from ..playing import SUBTITLE_KIND
from ..references import file_name, is_take
from .edl import REEL_LENGTH

_VIDEO, _AUDIO = otio.schema.TrackKind.Video, otio.schema.TrackKind.Audio
_FADES = (FADE_IN, FADE_OUT)
Found = Iterable[str]


def features_of(timeline: Any) -> dict[str, list[str]]:
    """The features that a timeline has, each with the names of what has it."""
    found = {name: list(dict.fromkeys(tell(timeline))) for name, tell in FEATURES.items()}
    return {name: names for name, names in found.items() if names}


def _clips(which: Callable[[Any], bool]) -> Callable[[Any], Found]:
    return lambda timeline: (clip.name for clip in timeline.find_clips() if which(clip))


def _items(which: Callable[[Any], bool]) -> Callable[[Any], Found]:
    def tell(timeline: Any) -> Found:
        for track in timeline.tracks:
            yield from (thing.name for thing in track if isinstance(thing, otio.core.Item) and which(thing))

    return tell


def _tracks(which: Callable[[Any], bool]) -> Callable[[Any], Found]:
    return lambda timeline: (track.name for track in timeline.tracks if which(track))


def _ups(kind: str) -> Callable[[Any], Found]:
    return lambda timeline: (track.name for track in [t for t in timeline.tracks if t.kind == kind][1:])


def _transitions(timeline: Any) -> Found:
    for track in timeline.tracks:
        for before, thing in pairwise(track):
            if isinstance(thing, otio.schema.Transition):
                yield before.name


def _speed(which: Callable[[Any], bool]) -> Callable[[Any], Found]:
    return _items(lambda item: not isinstance(item, otio.schema.Gap) and which(speed_of(item)))


def _is_fade(effect: Any) -> bool:
    return facts.facts_of(effect).get("fade") in _FADES


def _has_effect(item: Any) -> bool:
    return any(not isinstance(effect, otio.schema.TimeEffect) and not _is_fade(effect) for effect in item.effects)


def _others_say(thing: Any) -> bool:
    return any(name != facts.NAMESPACE for name in thing.metadata)


FEATURES: dict[str, Callable[[Any], Found]] = {
    "other takes": _clips(lambda clip: sum(map(is_take, clip.media_references())) > 1),
    "dissolve": _transitions,
    "speed": _speed(lambda speed: speed is not None and speed > 0 and speed != 1),
    "reverse": _speed(lambda speed: speed is not None and speed < 0),
    "freeze": _speed(lambda speed: speed == 0),
    "speed ramp": _speed(lambda speed: speed is None),
    "disabled clip": _items(lambda item: not item.enabled),
    "disabled track": _tracks(lambda track: not track.enabled),
    "clip marker": _items(lambda item: len(item.markers) > 0),
    "edit marker": lambda timeline: (marker.name or "a marker" for marker in timeline.tracks.markers),
    "track marker": _tracks(lambda track: len(track.markers) > 0),
    "second picture track": _ups(_VIDEO),
    "sound": lambda timeline: (track.name for track in timeline.tracks if track.kind == _AUDIO),
    "subtitles": _tracks(lambda track: track.kind == SUBTITLE_KIND),
    "nested edit": _items(lambda item: isinstance(item, otio.schema.Stack)),
    "fade": _items(lambda item: any(_is_fade(effect) for effect in item.effects)),
    "effect": _items(_has_effect),
    "metadata of others": _items(_others_say),
    "track name": _tracks(lambda track: bool(track.name)),
    "slate": _clips(lambda clip: isinstance(clip.media_reference, otio.schema.MissingReference)),
    "long name": _clips(lambda clip: len(file_name(clip.media_reference).rpartition(".")[0]) > REEL_LENGTH),
}


def _drop_clip_markers(timeline: Any) -> None:
    for thing in timeline.tracks.find_children():
        if isinstance(thing, otio.core.Item) and not isinstance(thing, otio.schema.Track):
            thing.markers.clear()


def _drop_edit_markers(timeline: Any) -> None:
    timeline.tracks.markers.clear()


def _drop_effects(timeline: Any) -> None:
    for thing in timeline.tracks.find_children():
        if isinstance(thing, otio.core.Item):
            kept = [effect for effect in thing.effects if isinstance(effect, otio.schema.TimeEffect)]
            thing.effects.clear()
            thing.effects.extend(kept)


def _drop_subtitles(timeline: Any) -> None:
    for number in reversed(range(len(timeline.tracks))):
        if timeline.tracks[number].kind == SUBTITLE_KIND:
            del timeline.tracks[number]


def _drop_nested(timeline: Any) -> None:
    for track in timeline.tracks:
        for number, thing in enumerate(list(track)):
            if isinstance(thing, otio.schema.Stack):
                track[number] = otio.schema.Gap(source_range=thing.trimmed_range())


# How a program leaves the edit that does not take a feature in; metadata come home by themselves.
DROPS: dict[str, Callable[[Any], None]] = {
    "clip marker": _drop_clip_markers,
    "edit marker": _drop_edit_markers,
    "effect": _drop_effects,
    "fade": _drop_effects,
    "subtitles": _drop_subtitles,
    "nested edit": _drop_nested,
}
