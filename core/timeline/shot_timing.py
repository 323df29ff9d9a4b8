"""The lengths that shots have in the cut, taken back into the shot list: the editor's timing is the film's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..film import DialogueLine, Panel, Shot
from . import facts
from .edit import Edit
from .parts import picture_track
from .shot_clips import shot_id_of
from .spans import range_of


def timed(edit: Edit, shots: Sequence[Shot]) -> tuple[Edit, tuple[Shot, ...]]:
    """The shots as long as the cut plays them, and the edit in which each begins at its cut-in; no cut moves.

    What stands in a shot (panels, lines of dialogue) keeps its place in the picture. Shots that are not in the cut, or
    in it in several pieces, stay as they are.
    """
    timeline = edit._timeline.clone()
    clips: dict[str, list[object]] = {}
    for clip in picture_track(timeline):
        if shot_id := shot_id_of(clip):
            clips.setdefault(shot_id, []).append(clip)
    found = []
    for shot in shots:
        pieces = clips.get(shot.shot_id, [])
        if len(pieces) == 1:
            shot = _timed(pieces[0], shot, edit)
        found.append(shot)
    return (Edit(timeline, edit.folder) if found != list(shots) else edit), tuple(found)


def _timed(clip: object, shot: Shot, edit: Edit) -> Shot:
    plays = range_of(clip.trimmed_range(), edit.rate)  # type: ignore[attr-defined]
    later = plays.start - facts.whole(facts.facts_of(clip), "cut_in")
    frames = len(plays)
    if not later and frames == shot.frames:
        return shot
    facts.change_facts(clip, cut_in=plays.start, shot_frames=frames)

    def panel(panel: Panel) -> Panel:
        return replace(panel, at_frames=min(max(0, panel.at_frames - later), frames - 1))

    def line(line: DialogueLine) -> DialogueLine:
        at = min(max(0, line.at_frames - later), frames - 1)
        return replace(line, at_frames=at, frames=min(line.frames, frames - at))

    return replace(shot, frames=frames, panels=tuple(map(panel, shot.panels)), dialogue=tuple(map(line, shot.dialogue)))
