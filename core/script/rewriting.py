"""A rewritten script merged into a film's shot list, as a diff: what the rewrite left alone stays as people made it.

the script before ──► its breakdown ──┐
the film's shots, which people changed ──► three-way merge, shot by shot ──► the new list
the rewritten script ──► its breakdown ──┘

Shots keep their IDs and names, and with them takes, boards and cuts; new ones take numbers between their neighbours'.
Once numbers are locked, none is given twice, and what the script no longer has is OMITTED, not gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher

from ..errors import UsageError
from ..film import Scene, Shot
from ..film.numbering import locked_between, number_between, scene_code_by_tens
from .breakdown import Breakdown
from .ids import shot_id
from .list_numbers import shot_names

OMITTED = "OMITTED"
_ALIKE = 0.5  # of two shots' words: less is another shot
_SCRIPTS = ("heading", "text", "lines", "dialogue", "transition_in", "transition_out")  # where both differ, it is right
_KEPT = ("shot_id", "name", "scene", "panels", "audio", "omitted")


Three = tuple[Shot | None, Shot | None, Shot]  # in the script before, in the film, in the script now


@dataclass(frozen=True)
class Rewrite:
    """The new list, and by name the shots that are new, changed by the rewrite, omitted, and left as they were."""

    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    omitted: tuple[str, ...]
    kept: tuple[str, ...]


def rewritten(
    before: Breakdown,
    scenes: Sequence[Scene],
    shots: Sequence[Shot],
    after: Breakdown,
    naming: str,
    locked: bool,
    used: Iterable[str] = (),
) -> Rewrite:
    """The film's scenes and shots after a rewrite; `before` and `after` are the script's breakdowns.

    `used` are names that shots once had, which are never given again. Raises ProjectError where no name is left.
    """
    ours = {shot.shot_id: shot for shot in shots}
    threes = _threes(before.shots, ours, after.shots)
    numbers = _scene_numbers(scenes, [(mine, now) for _, mine, now in threes], after.scenes, locked)
    merged = [_shot(was, mine, now, numbers[now.scene]) for was, mine, now in threes]
    kept = _kept(shots, {shot.shot_id for shot in merged}, {shot.shot_id for shot in before.shots}, locked)
    new_scenes = _scenes(scenes, after.scenes, numbers, {shot.scene for shot in kept})
    merged = _in_scenes(_with_those_that_stay(merged, kept, shots), new_scenes)
    return _told(ours, new_scenes, _named(merged, ours, naming, locked, used))


def _threes(before: Sequence[Shot], ours: dict[str, Shot], after: Sequence[Shot]) -> list[Three]:
    """Each shot of the rewrite beside what it was in the script before, and what it is in the film."""
    same = _matched(before, after)
    new = [number for number in range(len(after)) if number not in same]
    omitted = [shot for shot in ours.values() if shot.omitted]
    back = {new[n]: omitted[old] for n, old in _matched(omitted, [after[number] for number in new]).items()}
    threes: list[Three] = []
    for number, now in enumerate(after):
        was = before[same[number]] if number in same else None
        mine = ours.get(was.shot_id) if was else back.get(number)
        if was is not None and mine is None and _words(was) == _words(now):
            continue  # somebody took it out of the list, and the rewrite says nothing new about it
        threes.append((was, mine, now))
    return threes


def _kept(shots: Sequence[Shot], merged: set[str], scripted: set[str], locked: bool) -> list[Shot]:
    """The film's shots that the rewrite says nothing of: those that people put in, and once locked omitted ones."""
    left = (shot for shot in shots if shot.shot_id not in merged)
    return [
        replace(shot, omitted=True) if shot.shot_id in scripted else shot
        for shot in left
        if locked or shot.omitted or shot.shot_id not in scripted
    ]


def _told(ours: dict[str, Shot], scenes: tuple[Scene, ...], shots: Sequence[Shot]) -> Rewrite:
    """The new list, and what became of each shot."""
    found: dict[str, list[str]] = {"added": [], "changed": [], "omitted": [], "kept": []}
    for shot in shots:
        was = ours.get(shot.shot_id)
        if was is None:
            found["added"].append(shot.name)
        elif shot.omitted and not was.omitted:
            found["omitted"].append(shot.name)
        else:
            same = shot.omitted or _content(was) == _content(shot)
            found["kept" if same else "changed"].append(shot.name)
    there = {shot.shot_id for shot in shots}
    found["omitted"] += [shot.name for shot in ours.values() if shot.shot_id not in there]
    return Rewrite(scenes, tuple(shots), **{name: tuple(names) for name, names in found.items()})


def _words(shot: Shot) -> str:
    said = " ".join(f"{line.speaker}: {line.text}" for line in shot.dialogue)
    return re.sub(r"\s+", " ", f"{shot.text} {said}" if shot.text or said else shot.heading).strip().casefold()


def _matched(before: Sequence[Shot], after: Sequence[Shot]) -> dict[int, int]:
    """Which shot before each one after is: the same words in the same order, then like words between them, then moved.

    Numbers of `after` to numbers of `before`.
    """
    words = [_words(shot) for shot in before], [_words(shot) for shot in after]
    found: dict[int, int] = {}
    blocks = SequenceMatcher(None, *words, autojunk=False)
    for tag, a, a_end, b, b_end in blocks.get_opcodes():
        if tag == "equal":
            found |= dict(zip(range(b, b_end), range(a, a_end), strict=True))
        elif tag == "replace":
            first = a
            for number in range(b, b_end):
                alike = [(_alike(words[0][n], words[1][number]), -n) for n in range(first, a_end)]
                best = max(alike, default=(0.0, 0))
                if best[0] >= _ALIKE:
                    found[number], first = -best[1], -best[1] + 1
    places = {word: number for number, word in enumerate(words[0]) if number not in found.values()}
    for number, word in enumerate(words[1]):
        if number not in found and word in places:
            found[number] = places.pop(word)
    return found


def _alike(one: str, other: str) -> float:
    match = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return match.ratio() if match.quick_ratio() >= _ALIKE else 0.0


def _shot(was: Shot | None, mine: Shot | None, now: Shot, scene: str) -> Shot:
    """One shot of three: what the rewrite changed is as it says, what people changed as they made it."""
    if mine is None:
        return replace(now, name="", scene=scene)
    if was is None:  # it was omitted, and is back
        return replace(now, **{name: getattr(mine, name) for name in _KEPT} | {"scene": scene, "omitted": False})
    values = {}
    for field in fields(Shot):
        before, here, there = (getattr(shot, field.name) for shot in (was, mine, now))
        changed_by_both = here != before and there != before
        values[field.name] = there if here == before or (changed_by_both and field.name in _SCRIPTS) else here
    kept = {name: getattr(mine, name) for name in _KEPT}
    return Shot(**values | kept | {"scene": scene, "omitted": False, "lines": now.lines})


def _scene_numbers(
    scenes: Sequence[Scene], pairs: Sequence[tuple[Shot | None, Shot]], after: Sequence[Scene], locked: bool
) -> dict[str, str]:
    """The film's number of each scene of the rewrite: that of most of its shots, else its own, else one between."""
    own = [scene.number for scene in after]
    is_own = own != [scene_code_by_tens(ordinal) for ordinal in range(len(own))]
    there = [scene.number for scene in scenes]
    numbers: dict[str, str] = {}
    for scene in after:
        homes = [mine.scene for mine, now in pairs if mine and now.scene == scene.number]
        best = max(homes, key=homes.count, default="")
        if is_own and scene.number in there:
            best = scene.number
        if best and best not in numbers.values():
            numbers[scene.number] = best
    taken = {*there, *numbers.values()}
    for place, scene in enumerate(after):
        if scene.number in numbers:
            continue
        number = scene.number if is_own and scene.number not in taken else ""
        if not number:
            early = next((numbers[s.number] for s in reversed(after[:place]) if s.number in numbers), None)
            late = _next_number(there, early) or next(
                (numbers[s.number] for s in after[place:] if s.number in numbers), None
            )
            number = _between(early, late, taken, locked)
        numbers[scene.number] = number
        taken.add(number)
        at = there.index(early) + 1 if not is_own and early in there else len(there)
        there.insert(at, number)
    return numbers


def _next_number(there: Sequence[str], early: str | None) -> str | None:
    at = there.index(early) + 1 if early in there else len(there) if early else 0
    return there[at] if at < len(there) else None


def _between(early: str | None, late: str | None, taken: set[str], locked: bool) -> str:
    give = locked_between if locked and (early or late) else number_between
    try:
        return give(early, late, taken)
    except UsageError:  # labels that are not in order: behind the earlier one
        return give(early, None, taken)


def _scenes(
    scenes: Sequence[Scene], after: Sequence[Scene], numbers: dict[str, str], kept: set[str]
) -> tuple[Scene, ...]:
    """The rewrite's scenes by the film's numbers; one that only omitted shots are left of is where it was."""
    found = [replace(scene, number=numbers[scene.number]) for scene in after]
    there = {scene.number for scene in found}
    for place, scene in enumerate(scenes):
        if scene.number in there or scene.number not in kept:
            continue
        before = {earlier.number for earlier in scenes[:place]}
        at = max((n + 1 for n, other in enumerate(found) if other.number in before), default=0)
        found.insert(at, replace(scene, heading=OMITTED))
        there.add(scene.number)
    return tuple(found)


def _with_those_that_stay(merged: Sequence[Shot], kept: Sequence[Shot], shots: Sequence[Shot]) -> list[Shot]:
    """The rewrite's shots in its order, each that stays besides behind the one it stood behind."""
    result = list(merged)
    places = {shot.shot_id: place for place, shot in enumerate(shots)}
    for shot in kept:
        before = [earlier.shot_id for earlier in shots[: places[shot.shot_id]]]
        ids = [other.shot_id for other in result]
        behind = next((ids.index(earlier) + 1 for earlier in reversed(before) if earlier in ids), 0)
        result.insert(behind, shot)
    return result


def _in_scenes(shots: Sequence[Shot], scenes: Sequence[Scene]) -> list[Shot]:
    order = {scene.number: place for place, scene in enumerate(scenes)}
    return sorted(shots, key=lambda shot: order.get(shot.scene, len(order)))


def _named(shots: Sequence[Shot], ours: dict[str, Shot], naming: str, locked: bool, used: Iterable[str]) -> list[Shot]:
    """Names and IDs for the shots that have none yet."""
    names = shot_names(naming, [(shot.name, shot.scene) for shot in shots], locked, used)
    taken, named = set(ours), []
    for shot, name in zip(shots, names, strict=True):
        if not shot.name:
            own = shot_id("", name, shot.text)
            shot = replace(shot, name=name, shot_id=shot_id(own, name) if own in taken else own)
            taken.add(shot.shot_id)
        named.append(shot)
    return named


def _content(shot: Shot) -> Shot:
    """What of a shot counts as changed: not where its lines stand."""
    return replace(shot, lines=(0, 0), panels=(), omitted=False)
