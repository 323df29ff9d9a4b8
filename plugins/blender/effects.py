# SPDX-License-Identifier: GPL-3.0-or-later
"""Retimes and dissolves, which in Blender are strips of their own above those that they change.

    channel  c+3                [cross]
             c+2     [= speed ==]
             c+1            [====B=======]      a track's second row: only where its strips overlap in a dissolve
             c       [===A======]               the track's own channel

In the edit the two meet at the cut: A ends and B begins there. How far each is shown beyond it is the dissolve's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ...core.protocol import HostItem, HostJoin, HostTrack
from . import strips, versions

CROSSES = {"CROSS": "dissolve", "GAMMA_CROSS": "gamma dissolve"}
_KINDS = {kind: name for name, kind in CROSSES.items()}
_OWN = Fraction(1)


def can_show(item: HostItem) -> bool:
    """Whether Blender can show an item at its speed: not backwards but at the film's own."""
    return strips.kind_of(item) == "MOVIE" and (item.speed in ("1", "-1") or Fraction(item.speed) >= 0)


# -- reading -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cross:
    """A cross over two of our strips: `left` is shown until `early + late` frames after `right` begins."""

    effect: Any
    left: Any
    right: Any

    @property
    def frames(self) -> int:
        """How long both are shown."""
        return _end(self.left) - versions.first_of(self.right)

    def join(self) -> HostJoin:
        """The dissolve, with its cut where it was, or else in its middle."""
        facts, frames = strips.facts_of(self.effect), self.frames
        early = int(facts.get("early", 0)) if facts.get("frames") == frames else frames // 2
        return HostJoin(str(facts.get("id", "")), early, frames - early, CROSSES[self.effect.type])


def is_managed(strip: Any) -> bool:
    """Whether a strip is a retime or a dissolve that an edit can have: a speed that changes is none."""
    if strip.type in CROSSES:
        return all(_is_ours(_base(each)) for each in (strip.input_1, strip.input_2))
    if strip.type != "SPEED" or strip.input_1 is None or strip.input_1.type != "MOVIE":
        return False
    told = strip.speed_control in ("MULTIPLY", "STRETCH") and not strip.input_1.use_reverse_frames
    return told and strip.name not in versions.animated(strip.id_data, "speed_factor")


def _base(strip: Any) -> Any:
    """What a dissolve or a retime is over; a retime that no edit can have is not seen through."""
    return strip.input_1 if strip is not None and strip.type == "SPEED" and is_managed(strip) else strip


def _is_ours(strip: Any) -> bool:
    return strip is not None and (strip.type in strips.OURS or bool(strips.id_of(strip)))


def _end(strip: Any) -> int:
    return versions.first_of(strip) + versions.frames_of(strip)


def crosses_in(there: Any) -> list[Cross]:
    """The dissolves between strips, in the order of time, which one track can hold."""
    found = []
    for effect in there:
        if effect.type not in CROSSES or effect.mute or not is_managed(effect):
            continue
        left, right = sorted((_base(effect.input_1), _base(effect.input_2)), key=versions.first_of)
        cross = Cross(effect, left, right)
        if versions.first_of(left) < versions.first_of(right) < _end(left) <= _end(right):
            found.append(cross)
    found.sort(key=lambda cross: versions.first_of(cross.right))
    heads, tails = [cross.right.name for cross in found], [cross.left.name for cross in found]
    return [c for c in found if heads.count(c.right.name) == 1 == tails.count(c.left.name)]


def leads_of(there: Any, found: Iterable[Cross]) -> tuple[dict[str, Any], list[Cross]]:
    """On whose channel strips stand in the edit that are dissolved to, by their names, and the dissolves that hold.

    What would stand over something else there stays where it is.
    """
    lead: dict[str, Any] = {}
    holding: list[Cross] = []
    joined = list(found)
    rights = {cross.right.name for cross in joined}
    for cross in joined:
        first = lead.get(cross.left.name, cross.left)
        begins, ends = versions.first_of(cross.right), _end(cross.right)
        others = (
            each
            for each in there
            if each.channel == first.channel and _is_ours(each) and each.name not in rights | {cross.left.name}
        )
        if all(versions.first_of(each) >= ends or _end(each) <= begins for each in others):
            lead[cross.right.name] = first
            holding.append(cross)
    return lead, holding


def speed_of(strip: Any, effect: Any, told: str) -> str:
    """At which speed a strip is shown; as it was `told` where Blender shows none, or one that changes."""
    if strip.type != "MOVIE":
        return told
    if effect is None:
        if told == "1" and not strip.use_reverse_frames:
            return told
        shown = -_OWN if strip.use_reverse_frames else _OWN
        was = Fraction(told)
        return told if shown == _OWN and was < 0 and was != -1 else str(shown)
    if effect.speed_control == "STRETCH":
        left = versions.content_of(strip) - (versions.first_of(strip) - strips.begins_at(strip))
        return str(Fraction(max(0, left), versions.frames_of(strip)))
    if abs(float(Fraction(told)) - effect.speed_factor) < 1e-5:
        return told
    return str(Fraction(effect.speed_factor).limit_denominator(1000))


def speeds_in(there: Any) -> dict[str, Any]:
    """The retimes over strips, by the names of these."""
    return {_base(each).name: each for each in there if each.type == "SPEED" and not each.mute and is_managed(each)}


def cut(item: HostItem, head: int, tail: int) -> HostItem:
    """An item that plays so many frames less at its head and tail, more below 0."""
    if not head and not tail:
        return item
    speed = Fraction(item.speed)
    earlier = head * speed if speed >= 0 else tail * -speed
    frames = item.frames - head - tail
    return replace(item, start=item.start + head, frames=frames, media_start=item.media_start + round(earlier))


# -- writing -----------------------------------------------------------------------------------------------------------


def height_of(track: HostTrack) -> int:
    """How many channels a track takes."""
    rows = 2 if any(_tail(*pair) for pair in _pairs(track)) else 1
    retimed = any(_effect_speed(item) for item in track.items)
    return rows + (rows if retimed else 0) + (rows - 1)


def _pairs(track: HostTrack) -> Iterable[tuple[HostItem, HostItem]]:
    return zip(track.items, track.items[1:], strict=False)


def _tail(item: HostItem, following: HostItem | None) -> HostJoin | None:
    """The dissolve that Blender shows between two items: both are pictures, and meet."""
    join = item.tail
    if join is None or following is None or item.start + item.frames != following.start or not join.early + join.late:
        return None
    return join if join.early < item.frames and join.late < following.frames else None


def _effect_speed(item: HostItem) -> Fraction | None:
    """The factor of an item's retime, None where it needs none."""
    if item.speed in ("1", "-1") or not can_show(item):
        return None
    return Fraction(item.speed)


@dataclass(frozen=True)
class Shown:
    """What is to be seen of a track: each item as long as it is shown, with its row, and the effects over them."""

    items: tuple[tuple[HostItem, int], ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Effect:
    """A strip over others, by their IDs, on a row of its track; `told` is what is written down on a dissolve."""

    type: str
    over: tuple[str, ...]
    row: int
    speed: Fraction = _OWN
    told: tuple[tuple[str, Any], ...] = ()


def shown(track: HostTrack) -> Shown:
    """A track as Blender shows it."""
    if track.kind != "video":
        return Shown(tuple((item, 0) for item in track.items), ())
    items: list[tuple[HostItem, int]] = []
    effects: list[Effect] = []
    tops = height_of(track) - 1
    rows = 2 if any(_tail(*pair) for pair in _pairs(track)) else 1
    entering: HostJoin | None = None
    row = 0
    for item, following in zip(track.items, (*track.items[1:], None), strict=False):
        row = 1 - row if entering else 0
        leaving = _tail(item, following)
        seen = cut(item, -entering.early if entering else 0, -leaving.late if leaving else 0)
        items.append((replace(seen, tail=None) if leaving else seen, row))
        speed = _effect_speed(item)
        if speed is not None:
            effects.append(Effect("SPEED", (item.id,), rows + row, speed))
        if leaving and following is not None:
            told = (("id", leaving.id), ("early", leaving.early), ("frames", leaving.early + leaving.late))
            effects.append(Effect(_KINDS[leaving.kind], (item.id, following.id), tops, told=told))
        entering = leaving
    return Shown(tuple(items), tuple(effects))


def lay(there: Any, wanted: Iterable[tuple[Effect, int]], by_id: Mapping[str, Any], before: Mapping[Any, Any]) -> None:
    """Puts effects over strips, each on its channel or the next one above that is free; `before` as `taken_off` gave.

    Retimes first: a dissolve is between what they show.
    """
    over: dict[str, Any] = {}
    for effect, channel in sorted(wanted, key=lambda each: each[0].type != "SPEED"):
        base = [by_id[own] for own in effect.over]
        inputs = {f"input{number}": over.get(strip.name, strip) for number, strip in enumerate(base, 1)}
        had = before.get((effect.type, effect.over), {})
        name = str(had.get("name") or f"{base[0].name} {effect.type.lower().replace('_', ' ')}")
        made = there.new_effect(
            name=name, type=effect.type, channel=strips.PARKED, frame_start=1, **versions.length(1), **inputs
        )
        if effect.type == "SPEED":
            made.speed_control, made.speed_factor = "MULTIPLY", float(effect.speed)
            over[base[0].name] = made
        made.channel = strips.free_channel(there, made, channel)
        made.blend_alpha = had.get("alpha", made.blend_alpha)
        made.select = bool(had.get("select", False))
        strips.note(made, **dict(effect.told))


def taken_off(there: Any) -> dict[Any, Any]:
    """Takes all retimes and dissolves of an edit off, and gives what their user had made of them."""
    had: dict[Any, Any] = {}
    for strip in [each for each in there if is_managed(each)]:
        bases = [_base(each) for each in (strip.input_1, getattr(strip, "input_2", None)) if each is not None]
        about = {"name": strip.name, "alpha": strip.blend_alpha, "select": strip.select}
        had[strip.type, tuple(map(strips.id_of, bases))] = about
    while (found := next((each for each in there if is_managed(each)), None)) is not None:
        there.remove(found)
    return had


def present(there: Any) -> set[Any]:
    """The retimes and dissolves that are there, as `asked` tells them."""
    speeds = set()
    for effect in speeds_in(there).values():
        base = _base(effect)
        told = str(strips.facts_of(base).get("speed", "1"))
        speeds.add(("SPEED", (strips.id_of(base),), str(Fraction(speed_of(base, effect, told))), ()))
    crosses = set()
    for cross in crosses_in(there):
        join = cross.join()
        over = strips.id_of(cross.left), strips.id_of(cross.right)
        crosses.add((cross.effect.type, over, "1", (join.id, join.early, join.early + join.late)))
    muted = {("muted", (each.name,), "1", ()) for each in there if each.mute and is_managed(each)}
    return speeds | crosses | muted


def asked(effects: Iterable[Effect]) -> set[Any]:
    """Effects as `present` tells them."""
    return {(each.type, each.over, str(each.speed), tuple(value for _, value in each.told)) for each in effects}
