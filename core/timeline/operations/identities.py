"""Who a clip is once it was cut in two or put in a second time: two clips of one edit are never the same one."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import opentimelineio as otio

from .. import facts
from ..shot_clips import renew_occurrence


def part_from(item: Any, links: defaultdict[str, str]) -> None:
    """Makes the later half of an item an occurrence of its own.

    `links` has for each link ID the one that later halves get, so that halves of picture and sound stay pairs.
    """
    for clip in _clips_in(item):
        if _occurrence(clip):
            renew_occurrence(clip)
    if link := facts.text(facts.facts_of(item), "link_id"):
        facts.change_facts(item, link_id=links[link])


def make_known(item: Any, timeline: Any) -> None:
    """Makes an item that is to come into a timeline one of its own, where the timeline has it already."""
    there = timeline.find_clips()
    occurrences = {_occurrence(clip) for clip in there} - {""}
    for clip in _clips_in(item):
        if _occurrence(clip) in occurrences:
            renew_occurrence(clip)
    known = facts.facts_of(item)
    if "link_id" in known and any(facts.facts_of(clip).get("link_id") == known["link_id"] for clip in there):
        facts.put_facts(item, {key: value for key, value in known.items() if key != "link_id"})


def _occurrence(clip: Any) -> str:
    return facts.text(facts.facts_of(clip), "occurrence_id")


def _clips_in(item: Any) -> list[Any]:
    return [item, *item.find_clips()] if isinstance(item, otio.core.Composition) else [item]
