# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels and the tracks that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.protocol import HostTrack
from .effects import height_of

Known = Mapping[str, Any]  # by channel: the track's `id`, `name`, `kind`, `enabled`


def laid_out(tracks: Sequence[HostTrack], known: Known, others: int = 0) -> list[int]:
    """A channel for each track: the one that it had, else one above all others; at first as Blender lays them out.

    `others` is the highest one that anything else stands on. Tracks move up where one below takes more channels than
    there are up to them (see effects.py).
    """
    had = {about["id"]: int(channel) for channel, about in known.items()}
    if not any(track.id in had for track in tracks):
        sounds = [number for number, track in enumerate(tracks) if track.kind == "audio"]
        pictures = [number for number, track in enumerate(tracks) if track.kind == "video"]
        return _upward(tracks, dict.fromkeys((*reversed(sounds), *pictures), 1))
    channels: dict[int, int] = {}
    for number, track in enumerate(tracks):
        channel = had.get(track.id, 0)
        if not channel or channel in channels.values():
            channel = max([others, *had.values(), *channels.values()]) + 1
        channels[number] = channel
    return _upward(tracks, dict(sorted(channels.items(), key=lambda each: each[1])))


def _upward(tracks: Sequence[HostTrack], lowest: Mapping[int, int]) -> list[int]:
    """A channel for each track, at least the `lowest` one, by their numbers from below: none in the room of another."""
    found: dict[int, int] = {}
    free = 1
    for number, channel in lowest.items():
        found[number] = max(channel, free)
        free = found[number] + height_of(tracks[number])
    return [found[number] for number in range(len(tracks))]


def facts(tracks: Sequence[HostTrack], channels: Sequence[int]) -> dict[str, Any]:
    """What is to be known of channels when they are read again."""
    return {
        str(channel): {"id": track.id, "name": track.name, "kind": track.kind, "enabled": track.enabled}
        for track, channel in zip(tracks, channels, strict=True)
    }


def named(editor: Any) -> dict[int, str]:
    """Names that channels were given, by channel."""
    return {n: c.name for n, c in enumerate(editor.channels) if c.name and not c.name.startswith("Channel ")}
