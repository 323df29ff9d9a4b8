# SPDX-License-Identifier: GPL-3.0-or-later
"""Channels and the tracks that they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.protocol import HostTrack

Known = Mapping[str, Any]  # by channel: the track's `id`, `name`, `kind`, `enabled`


def laid_out(tracks: Sequence[HostTrack], known: Known) -> list[int]:
    """A channel for each track: the one that it had, else one above all others; at first as Blender lays them out."""
    had = {about["id"]: int(channel) for channel, about in known.items()}
    if not any(track.id in had for track in tracks):
        sounds = [number for number, track in enumerate(tracks) if track.kind == "audio"]
        pictures = [number for number, track in enumerate(tracks) if track.kind == "video"]
        order = {number: channel for channel, number in enumerate([*reversed(sounds), *pictures], 1)}
        return [order[number] for number in range(len(tracks))]
    channels: list[int] = []
    for track in tracks:
        channel = had.get(track.id, 0)
        if not channel or channel in channels:
            channel = max([*had.values(), *channels]) + 1
        channels.append(channel)
    return channels


def facts(tracks: Sequence[HostTrack], channels: Sequence[int]) -> dict[str, Any]:
    """What is to be known of channels when they are read again."""
    return {
        str(channel): {"id": track.id, "name": track.name, "kind": track.kind, "enabled": track.enabled}
        for track, channel in zip(tracks, channels, strict=True)
    }


def named(editor: Any) -> dict[int, str]:
    """Names that channels were given, by channel."""
    return {n: c.name for n, c in enumerate(editor.channels) if c.name and not c.name.startswith("Channel ")}
