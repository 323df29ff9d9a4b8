"""A screenplay broken down into scenes and shots."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import ScriptError
from ..film import DialogueLine, ProjectSettings, Scene, Shot, Transition
from ..film.numbering import scene_codes, shot_code_by_tens, shot_name
from ..timing import Rate
from . import beats, boards
from . import elements as kinds
from .beats import Beat, beats_of
from .cast import Cast
from .coverage import Coverage
from .directions import transition_kind
from .durations import bounds_frames, most_words
from .elements import Element, Screenplay
from .headings import lit, parse_heading
from .ids import shot_id
from .prompts import prompt
from .setups import Setup

_DISSOLVE_SECONDS = Fraction(1)  # as editors use it: docs/breakdown.md


@dataclass(frozen=True)
class Breakdown:
    """A script as scenes and shots, in its order; `notices` are sentences that its user should read."""

    title: str
    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]
    notices: tuple[str, ...]


def break_down(screenplay: Screenplay, settings: ProjectSettings) -> Breakdown:
    """Scenes and shots by the rules of docs/breakdown.md; the same script gives the same shots, IDs included.

    Every line of action or dialogue lies in exactly one shot's `lines`. Raises ScriptError for a script without scene
    headings, ProjectError where the project's naming can't name its shots.
    """
    if screenplay.boards:
        scenes, shots, notices = boards.break_down_boards(screenplay, settings)
        return Breakdown(screenplay.title, scenes, shots, (*screenplay.notices, *notices))
    headings = [element for element in screenplay.elements if element.kind == kinds.HEADING]
    if not headings:
        raise ScriptError(
            "The script has no scene headings, so it has no scenes.",
            "Begin each scene with a line such as INT. KITCHEN - DAY or EXT. HARBOUR - NIGHT.",
        )
    codes = scene_codes([heading.number for heading in headings])
    scenes = tuple(_scenes(screenplay.elements, codes))
    cast = Cast(screenplay.elements, settings.cast)
    coverage = Coverage(cast, most_words(settings))
    for index, scene_beats in enumerate(_beats_by_scene(beats_of(screenplay.elements))):
        coverage.cover(index, scenes[index].heading, scene_beats)
    setups = coverage.stage.setups
    shots = tuple(_with_transitions(_shots(screenplay.title, setups, scenes, cast, settings), setups, settings.rate))
    return Breakdown(screenplay.title, scenes, shots, (*screenplay.notices, *_notices(headings)))


def _scenes(elements: Sequence[Element], codes: Sequence[str]) -> Iterator[Scene]:
    """Each scene from its heading to its last element; what stands before the first heading belongs to the first."""
    starts = [index for index, element in enumerate(elements) if element.kind == kinds.HEADING]
    starts.append(len(elements))
    for ordinal, (start, end) in enumerate(itertools.pairwise(starts)):
        inside = elements[start if ordinal else 0 : end]
        lines = min(e.lines[0] for e in inside), max(e.lines[1] for e in inside)
        text = elements[start].text
        heading = parse_heading(text)
        yield Scene(codes[ordinal], text, heading.setting, heading.place, heading.time_of_day, lines)


def _beats_by_scene(found: list[Beat]) -> list[list[Beat]]:
    scenes: list[list[Beat]] = [[]]
    headed = False  # what stands before the first heading belongs to the first scene
    for beat in found:
        if beat.kind == beats.HEADING:
            if headed:
                scenes.append([])
            headed = True
        scenes[-1].append(beat)
    return scenes


def _shots(
    title: str, setups: list[Setup], scenes: Sequence[Scene], cast: Cast, settings: ProjectSettings
) -> list[Shot]:
    shots = []
    bounds = bounds_frames(settings)
    in_light = lit([scene.heading for scene in scenes])
    scene, ordinal = -1, 0
    for setup in setups:
        ordinal = ordinal + 1 if setup.scene == scene else 0
        scene = setup.scene
        number, heading = scenes[scene].number, setup.heading or scenes[scene].heading
        place = in_light[scene] if setup.heading == scenes[scene].heading else setup.heading
        name = shot_name(settings.naming, number, shot_code_by_tens(ordinal))
        text = "\n".join(setup.text)
        frames = min(max(settings.rate.frames(setup.seconds), bounds[0]), bounds[1])
        shots.append(
            Shot(
                shot_id=shot_id(title, name, text),
                name=name,
                scene=number,
                heading=heading,
                text=text,
                prompt=prompt(setup.size, setup.move, place, setup.picture, setup.cast, cast, settings.look),
                frames=frames,
                lines=setup.lines,
                shot_size=setup.size,
                camera_move=setup.move,
                cast=setup.cast,
                dialogue=tuple(_dialogue(setup, settings.rate, frames)),
            )
        )
    return shots


def _dialogue(setup: Setup, rate: Rate, frames: int) -> Iterator[DialogueLine]:
    """What is said, moved ahead where the shot's bounds cut it short."""
    for spoken in setup.spoken:
        length = min(max(1, rate.frames(spoken.seconds)), frames)
        at = min(rate.frames(spoken.at), frames - length)
        yield DialogueLine(spoken.speaker, spoken.text, at, length, spoken.off_screen)


def _with_transitions(shots: list[Shot], setups: list[Setup], rate: Rate) -> Iterator[Shot]:
    """A transition on both shots that it joins; fades on the one shot that they open or close."""
    for index, (shot, setup) in enumerate(zip(shots, setups, strict=True)):
        into, out = setup.transition_in, setup.transition_out
        if into and transition_kind(into) != "fade out":
            shot = replace(shot, transition_in=_transition(into, rate, shots[max(0, index - 1) : index + 1]))
        if out and transition_kind(out) != "fade in":
            shot = replace(shot, transition_out=_transition(out, rate, shots[index : index + 2]))
        yield shot


def _transition(words: str, rate: Rate, beside: list[Shot]) -> Transition:
    """The script's transition; a dissolve or fade lasts a second, at most half of the shorter shot beside it."""
    kind = transition_kind(words)
    longest = min(shot.frames for shot in beside) // 2
    return Transition(kind, 0 if kind == "cut" else min(rate.frames(_DISSOLVE_SECONDS), longest), words)


def _notices(headings: list[Element]) -> Iterator[str]:
    """What a reader of the script would not expect of its scene numbers."""
    given = [heading for heading in headings if heading.number]
    if given and len(given) < len(headings):
        missing = len(headings) - len(given)
        yield f"Scenes without a number got one between their neighbours': {missing} of {len(headings)}."
    twice = [number for number, count in Counter(heading.number for heading in given).items() if count > 1]
    if twice:
        yield f"Scene numbers that stand twice got a letter: {', '.join(twice[:5])}."
