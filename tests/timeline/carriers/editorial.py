"""Writes tests/data/editorial: small edits, a file for each thing that an editor does. Run as a module, it renews them.

Each has three clips of V1, A, B, C, whose media carry timecode from 10:00:00:00 on, and what its name says.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import opentimelineio as otio
from shotwright.core.film import Take
from shotwright.core.timeline import facts
from shotwright.core.timeline.references import slate_reference, take_reference
from shotwright.core.timing import FrameRange, Rate

FOLDER = Path(__file__).parents[2] / "data" / "editorial"
RATE = 24
START, MEDIA = 86400, 864000
NTSC = 24000 / 1001


def time(frames: float, rate: float = RATE) -> Any:
    return otio.opentime.RationalTime(frames, rate)


def span(start: float, frames: float, rate: float = RATE) -> Any:
    return otio.opentime.TimeRange(time(start, rate), time(frames, rate))


def clip(name: str, start: int = 12, frames: int = 48, media: str = "", rate: float = RATE) -> Any:
    reference = otio.schema.ExternalReference(f"media/{media or name}.mov", span(MEDIA, 120, rate))
    made = otio.schema.Clip(name, reference, span(MEDIA + start, frames, rate))
    facts.put_facts(made, {"occurrence_id": f"id of {name}"})
    return made


def shot(name: str, takes: int, frames: int = 48) -> Any:
    """A shot of ours with so many takes, of which the second plays where there is one."""
    references = {}
    for number in range(1, takes + 1):
        key = f"TK{number:02}"
        media = f"media/{name}/{key}/{name}_{key}.mov"
        take = Take(name, key, media, frames, 12, MEDIA + 2400 * number, "previs", number, "0" * 8)
        references[key] = take_reference(take, 12, Rate.parse(RATE))
    made = otio.schema.Clip(name, source_range=span(12, frames))
    if references:
        made.set_media_references(references, f"TK{min(2, takes):02}")
    else:
        made.media_reference = slate_reference(FrameRange(0, frames + 24), Rate.parse(RATE))
    known = {"shot_id": f"shot {name}", "occurrence_id": f"id of {name}", "cut_in": 12, "shot_frames": frames}
    facts.put_facts(made, known)
    return made


def plain(rate: float = RATE) -> Any:
    film = otio.schema.Timeline("Film")
    facts.put_facts(film, {"rate": "24000/1001" if rate != RATE else "24"})
    film.global_start_time = time(START, rate)
    track = otio.schema.Track("V1", kind="Video")
    track.extend([clip(name, 12 * place, rate=rate) for place, name in enumerate("ABC")])
    film.tracks.append(track)
    return film


def _on_b(change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda film: change(film.tracks[0][1])


def _retimed(effect: Any) -> Callable[[Any], None]:
    return _on_b(lambda b: b.effects.append(effect))


def _with_track(name: str, kind: str, *items: Any) -> Callable[[Any], None]:
    def add(film: Any) -> None:
        track = otio.schema.Track(name, kind=kind)
        track.extend(items)
        film.tracks.append(track)

    return add


def _gap(frames: int) -> Any:
    return otio.schema.Gap(source_range=span(0, frames))


def _dissolve(early: int, late: int) -> Callable[[Any], None]:
    join = otio.schema.Transition("Dissolve", "SMPTE_Dissolve", time(early), time(late))
    return lambda film: film.tracks[0].insert(1, join)


def _nested() -> Any:
    inside = otio.schema.Track("V1", kind="Video")
    inside.extend([clip("D"), clip("E")])
    stack = otio.schema.Stack("nested", [inside], span(24, 48))
    facts.put_facts(stack, {"occurrence_id": "id of nested"})
    return stack


def _shots(*takes: int) -> Callable[[Any], None]:
    def put(film: Any) -> None:
        film.tracks[0][:] = [shot(f"SC010_SH00{10 * n + 10}", count) for n, count in enumerate(takes)]

    return put


def _ramp() -> Any:
    return otio.schema.TimeEffect(name="ramp", effect_name="TimeEffect")


def _fade() -> Any:
    effect = otio.schema.Effect(name="Fade Out", effect_name="FadeOut")
    facts.put_facts(effect, {"fade": "fade out", "frames": 12, "script": "FADE OUT."})
    return effect


CASES: dict[str, Callable[[Any], None]] = {
    "cuts": lambda film: None,
    "gap": lambda film: film.tracks[0].insert(1, _gap(12)),
    "gap-at-the-start": lambda film: film.tracks[0].insert(0, _gap(30)),
    "same-medium-twice": lambda film: film.tracks[0].append(clip("A again", 72, 24, "A")),
    "same-clip-twice": lambda film: film.tracks[0].append(clip("A", 0, 48, "A")),
    "dissolve-centred": _dissolve(6, 6),
    "dissolve-at-the-cut": _dissolve(0, 8),
    "speed-200": _retimed(otio.schema.LinearTimeWarp(time_scalar=2.0)),
    "speed-50": _retimed(otio.schema.LinearTimeWarp(time_scalar=0.5)),
    "reverse": _retimed(otio.schema.LinearTimeWarp(time_scalar=-1.0)),
    "freeze": _retimed(otio.schema.FreezeFrame()),
    "speed-ramp": _retimed(_ramp()),
    "effect": _retimed(otio.schema.Effect("Blur", "Blur")),
    "fade": _retimed(_fade()),
    "disabled-clip": _on_b(lambda b: setattr(b, "enabled", False)),
    "disabled-track": _with_track("V2", "Video", clip("over")),
    "clip-marker": _on_b(lambda b: b.markers.append(otio.schema.Marker("look", span(MEDIA + 20, 1), "RED"))),
    "clip-marker-with-a-note": _on_b(
        lambda b: b.markers.append(otio.schema.Marker("look", span(MEDIA + 20, 1), "GREEN", comment="too dark"))
    ),
    "edit-marker": lambda film: film.tracks.markers.append(otio.schema.Marker("scene 2", span(60, 1), "GREEN")),
    "second-picture-track": _with_track("V2", "Video", _gap(20), clip("over", 0, 30)),
    "sound": _with_track("A1", "Audio", clip("music", 0, 100)),
    "two-sounds": lambda film: [_with_track(f"A{n}", "Audio", clip(f"sound {n}", 0, 100))(film) for n in (1, 2)],
    "subtitles": _with_track("Subtitles", "Subtitle", clip("words", 0, 30)),
    "nested-edit": lambda film: film.tracks[0].insert(1, _nested()),
    "metadata-of-others": _on_b(lambda b: b.metadata.update({"other tool": {"grade": [1, 2, {"lift": 0.5}]}})),
    "long-name": lambda film: film.tracks[0].append(clip("D", media="a_name_that_is_longer_than_any_reel_of_an_edl")),
    "slate": _shots(1, 0, 1),
    "takes": _shots(1, 3, 1),
    "one-take-each": _shots(1, 1, 1),
    "empty-track": _with_track("V2", "Video"),
    "spaces-and-umlauts": lambda film: film.tracks[0].append(clip("Bär im Schnee", media="Bär im Schnee 1")),
}


def case(name: str) -> Any:
    film = plain(NTSC) if name == "ntsc" else plain()
    CASES.get(name, CASES["cuts"])(film)
    if name == "disabled-track":
        film.tracks[1].enabled = False
    return film


NAMES = (*CASES, "ntsc")

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (FOLDER / f"{name}.otio").write_text(case(name).to_json_string(indent=1) + "\n")
