"""How shots are joined: dissolves as transitions between clips, fades as effects of the clip that fades.

A dissolve of 2n frames plays n frames of the outgoing shot's tail handle and n of the incoming one's head handle; cuts
and the film's length stay where they are. A fade is an effect, as OTIO has no transition with nothing on one side that
other programs would not take for a dissolve with the neighbour.
"""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

from ..film import ProjectSettings, Shot
from ..timing import Rate
from . import facts
from .spans import frames_of, time_of

FADE_IN, FADE_OUT = "fade in", "fade out"


def dissolve_between(before: Shot, after: Shot, lengths: tuple[int, int], settings: ProjectSettings) -> Any | None:
    """The transition that the script asks for between two shots; None for a cut, or where no handle allows one.

    `lengths` are those of the two clips in frames. Each side is at most a handle, and half of its clip, so that two
    dissolves never meet.
    """
    asked = [join for join in (before.transition_out, after.transition_in) if join.kind == "dissolve"]
    if not asked:
        return None
    frames = max(join.frames for join in asked)
    early = min((frames + 1) // 2, settings.handle_frames, lengths[0] // 2)
    late = min(frames // 2, settings.handle_frames, lengths[1] // 2)
    if early + late < 1:
        return None
    transition = otio.schema.Transition(
        name="Dissolve",
        transition_type=otio.schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=time_of(early, settings.rate),
        out_offset=time_of(late, settings.rate),
    )
    words = next((join.words for join in asked if join.words), "")
    facts.put_facts(transition, {"script": words, "frames_asked": frames})
    return transition


def put_fades(clip: Any, shot: Shot, frames: int) -> None:
    """Replaces our fades on a clip of so many frames by those of its shot; each takes half of it at most."""
    take_off_fades(clip, FADE_IN, FADE_OUT)
    for kind, join in ((FADE_IN, shot.transition_in), (FADE_OUT, shot.transition_out)):
        length = min(join.frames, frames // 2)
        if join.kind == kind and length > 0:
            effect = otio.schema.Effect(name=kind.title(), effect_name=kind.title().replace(" ", ""))
            facts.put_facts(effect, {"fade": kind, "frames": length, "script": join.words})
            clip.effects.append(effect)


def take_off_fades(clip: Any, *kinds: str) -> None:
    """Takes our fades of these kinds off a clip; other effects stay, in their order."""
    kept = [effect for effect in clip.effects if facts.facts_of(effect).get("fade") not in kinds]
    del clip.effects[:]
    clip.effects.extend(kept)


def fade_frames(clip: Any, kind: str, frames: int) -> int:
    """How long a clip of so many frames fades, 0 for not at all."""
    for effect in clip.effects:
        known = facts.facts_of(effect)
        if known.get("fade") == kind:
            return min(facts.whole(known, "frames"), frames)
    return 0


def offsets(transition: Any, rate: Rate) -> tuple[int, int]:
    """How many frames a transition takes before its cut and behind it; none where a file says less than none."""
    return max(0, frames_of(transition.in_offset, rate)), max(0, frames_of(transition.out_offset, rate))
