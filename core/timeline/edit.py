"""The film as `edit.otio`: one clip a shot on V1, takes as its media references, words and sounds beside it.

How takes share one axis of frames is drawn in `references.py`. An edit never changes: every change gives a new one.
What other programs wrote into the file (tracks, markers, colours, metadata) is carried along. Takes of a shot that
left the list go to the attic, in the timeline's metadata, and come back with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import opentimelineio as otio

from ..errors import NotFoundError, ProjectError
from ..film import ProjectSettings, Shot, Take
from ..film.take import take_number
from ..storage import replace_file
from ..timing import Rate
from . import facts
from .events import Event, SoundEvent, Subtitle
from .merging.items import Parts, parts_of
from .parts import all_clips, attic_of, own_track, picture_track, rate_of, shot_clips
from .picture_track import lay_out
from .playing import SUBTITLE_KIND, picture_events, sound_events, subtitle_events
from .reading import BROKEN, read_timeline, timeline_of
from .references import is_take, take_of
from .shot_clips import add_take, highest_take, new_clip, remove_takes, shot_id_of
from .spans import frames_of, time_of
from .words_and_sound import fill_sounds, fill_subtitles, spoken, without_ours

_VERSION = 1


@dataclass(frozen=True)
class Edit:
    """One state of a film's edit; `folder` is where its relative paths start, None for an edit only in memory."""

    _timeline: Any
    folder: Path | None = None

    @classmethod
    def from_shots(cls, settings: ProjectSettings, shots: Sequence[Shot]) -> Edit:
        """A new edit that plays the shots in their order, each its first panel or a slate."""
        timeline = otio.schema.Timeline(name=settings.title)
        timeline.tracks.append(otio.schema.Track("V1", kind=otio.schema.TrackKind.Video))
        facts.put_facts(timeline, {"rate": str(settings.rate)})
        return cls(timeline).with_shots(settings, shots)

    @classmethod
    def read(cls, path: Path, folder: Path | None = None, ours: bool = False) -> Edit:
        """The edit in a file, checked through; raises ProjectError with a sentence, StorageError by the disk.

        Relative paths in it start at `folder`, without one where the file lies. One that is known to be `ours` was
        checked before it was written.
        """
        edit = cls(read_timeline(path), folder or path.absolute().parent)
        if ours:
            return edit
        try:
            edit.events(), edit.takes(), edit.sounds(), edit.subtitles(), edit.start_frames
            for clip in attic_of(edit._timeline).values():
                facts.facts_of(clip), highest_take(clip)
        except BROKEN as error:
            raise ProjectError(
                f"{path.name} is broken: {str(error).splitlines()[0] if str(error) else 'a clip has no length'}.",
                "Restore it from .shotwright/snapshots.",
            ) from None
        return edit

    def write(self, path: Path) -> None:
        """Writes the edit whole; raises StorageError."""
        replace_file(path, self._timeline.to_json_string(indent=1) + "\n", f"writing {path.name}")

    @classmethod
    def of_json(cls, value: Mapping[str, Any], folder: Path | None) -> Edit:
        """The edit of JSON that this program made."""
        edit = cls(timeline_of(value), folder)
        edit.__dict__["as_json"] = value
        return edit

    @cached_property
    def as_json(self) -> Mapping[str, Any]:
        """The edit as JSON, which is nobody's to change."""
        found: dict[str, Any] = json.loads(self._timeline.to_json_string())
        return found

    @cached_property
    def parts(self) -> Parts:
        """The edit taken apart; whoever changes anything of it takes a copy. Raises ProjectError."""
        return parts_of(self.as_json, self.rate)

    @property
    def title(self) -> str:
        """The film's title."""
        return str(self._timeline.name)

    @property
    def rate(self) -> Rate:
        """The exact rate."""
        return rate_of(self._timeline)

    @property
    def start_frames(self) -> int:
        """The timecode of the first frame, counted from 00:00:00:00."""
        start = self._timeline.global_start_time
        return frames_of(start, self.rate) if start is not None else 0

    @property
    def frames(self) -> int:
        """How long the film is."""
        events = self.events()
        return events[-1].record.end if events else 0

    def events(self) -> tuple[Event, ...]:
        """What V1 plays, in order."""
        return self._events

    def subtitles(self) -> tuple[Subtitle, ...]:
        """The dialogue as it is read over the film."""
        return subtitle_events(self._timeline.tracks, self.rate)

    def sounds(self) -> tuple[SoundEvent, ...]:
        """All sounds of all audio tracks."""
        return sound_events(self._timeline.tracks, self.rate)

    def takes(self) -> tuple[Take, ...]:
        """The takes of the shots in the cut, in the film's order, each shot's by number; the attic's are left out."""
        return self._takes

    def names_put_away(self) -> list[str]:
        """The names of shots that are in no cut and wait in the attic."""
        return [clip.name for clip in attic_of(self._timeline).values()]

    def next_take_number(self, shot_id: str) -> int:
        """The number of a shot's next take; a number is never used again, even once its take is deleted."""
        return self._highest_takes.get(shot_id, 0) + 1

    def with_shots(self, settings: ProjectSettings, shots: Sequence[Shot]) -> Edit:
        """The edit brought after a shot list: order, lengths, words, panels, joins. Takes stay with their shots.

        Raises ProjectError where the settings' rate is not the edit's.
        """
        if settings.rate != self.rate:
            raise ProjectError(
                f"The edit runs at {self.rate} frames a second, the project at {settings.rate}.",
                "Set the rate back, or make a new project at the other rate from the same script.",
            )
        timeline = self._timeline.clone()
        edit = Edit(timeline, self.folder)
        attic = lay_out(picture_track(timeline), shots, attic_of(edit._timeline), settings)
        timeline.name = settings.title
        timeline.global_start_time = time_of(settings.start_frames, settings.rate)
        known = {
            "version": _VERSION,
            "rate": str(settings.rate),
            "start_timecode": settings.start_timecode,
            "drop_frame": settings.drop_frame,
            "size": list(settings.size),
            "attic": attic,
        }
        facts.change_facts(timeline, **known)
        events = edit.events()
        fill_subtitles(own_track(timeline, "Subtitles", SUBTITLE_KIND), spoken(shots, events), settings.rate)
        sounds = own_track(timeline, "A1", otio.schema.TrackKind.Audio)
        if (others := without_ours(sounds, settings.rate)) is not None:
            others.name = f"A{sum(track.kind == sounds.kind for track in timeline.tracks) + 1}"
            facts.put_facts(others, {})
            timeline.tracks.append(others)
        fill_sounds(sounds, shots, events, settings.rate)
        return edit

    def with_take(self, shot_id: str, take: Take, media_frames: int | None = None) -> Edit:
        """The edit with a take more, which plays where its shot had none; itself where the take is in it already.

        `media_frames` are all that its media have, without those of the cut and equal handles. A take of a shot that is
        in no cut waits for it in the attic.
        """
        edit = Edit(self._timeline.clone(), self.folder)
        suffix = self._sequence_suffix(take.media)
        clips = [clip for clip in all_clips(edit._timeline) if shot_id_of(clip) == shot_id]
        if not clips:
            shot = Shot(shot_id, take.shot, "", "", "", "", take.frames, (1, 1))
            clips = [new_clip(shot, ProjectSettings(rate=self.rate, handle_frames=take.handle_frames))]
            facts.change_facts(edit._timeline, attic={**attic_of(edit._timeline), shot_id: clips[0]})
            clips = [attic_of(edit._timeline)[shot_id]]
        added = [add_take(clip, take, self.rate, suffix, media_frames) for clip in clips]
        return edit if any(added) else self

    def activate(self, shot: str, key: str) -> Edit:
        """The edit in which a shot, by name or ID, plays a take (or `PANEL`); raises NotFoundError."""

        def play(clip: Any) -> None:
            clip.active_media_reference_key = key

        return self._changed(shot, key, play)

    def circle(self, shot: str, key: str, circled: bool = True) -> Edit:
        """The edit in which a take is marked as good; raises NotFoundError."""

        def mark(clip: Any) -> None:
            references = clip.media_references()
            facts.change_facts(references[key], circled=circled)
            clip.set_media_references(references, clip.active_media_reference_key)

        if not is_take(key):
            raise NotFoundError(f"“{key}” is no take.", "Takes are called TK01, TK02 …")
        return self._changed(shot, key, mark)

    def uncircle(self, shot: str, key: str) -> Edit:
        """The edit in which a take is no longer marked; raises NotFoundError."""
        return self.circle(shot, key, circled=False)

    def prunable(self) -> tuple[Take, ...]:
        """The takes that neither play nor are circled: what `prune` would take out.

        A take that does not lie in a folder of its own (`…/TK02/…`) is left out: that folder is what gets deleted.
        """
        idle = (take for take in self.takes() if not take.active and not take.circled)
        return tuple(take for take in idle if PurePosixPath(take.media).parent.name == take.key)

    def prune(self) -> Edit:
        """The edit without its prunable takes, itself where there are none. Deleting media is the caller's."""
        gone: dict[str, set[str]] = {}
        for take in self.prunable():
            gone.setdefault(take.shot, set()).add(take.key)
        if not gone:
            return self
        edit = Edit(self._timeline.clone(), self.folder)
        for clip in shot_clips(edit._timeline):
            if clip.name in gone:
                remove_takes(clip, gone[clip.name], self.rate)
        return edit

    def _changed(self, shot: str, key: str, change: Callable[[Any], None]) -> Edit:
        edit = Edit(self._timeline.clone(), self.folder)
        clips = [clip for clip in shot_clips(edit._timeline) if shot_id_of(clip) == shot]
        clips = clips or [clip for clip in shot_clips(edit._timeline) if clip.name.casefold() == shot.casefold()]
        if not clips:
            raise NotFoundError(f"There is no shot “{shot[:60]}”.", "See them with: shotwright breakdown FILM.")
        having = [clip for clip in clips if key in clip.media_references()]
        if not having:
            raise NotFoundError(f"{clips[0].name} has no “{key[:20]}”.", "See its takes with: shotwright takes FILM.")
        for clip in having:
            change(clip)
        return edit if edit._timeline.to_json_string() != self._timeline.to_json_string() else self

    @cached_property
    def _takes(self) -> tuple[Take, ...]:
        found: dict[str, dict[str, Take]] = {}
        for clip in shot_clips(self._timeline):
            takes = found.setdefault(shot_id_of(clip), {})
            references, active = clip.media_references(), clip.active_media_reference_key
            for key in sorted(filter(is_take, references), key=take_number):
                if key not in takes or key == active:
                    takes[key] = take_of(clip.name, key, references[key], key == active)
        return tuple(take for takes in found.values() for take in takes.values())

    @cached_property
    def _events(self) -> tuple[Event, ...]:
        return picture_events(picture_track(self._timeline), self.rate)

    @cached_property
    def _highest_takes(self) -> dict[str, int]:
        """The highest take number of each shot; asked for shot by shot, in films of thousands."""
        found: dict[str, int] = {}
        for clip in all_clips(self._timeline):
            shot_id = shot_id_of(clip)
            found[shot_id] = max(found.get(shot_id, 0), highest_take(clip))
        return found

    def _sequence_suffix(self, media: str) -> str:
        """What the pictures of a take that is a folder end in."""
        folder = self.folder / media if self.folder else None
        if folder is not None and folder.is_dir():
            return next((file.suffix for file in sorted(folder.iterdir()) if not file.name.startswith(".")), ".png")
        return ".png"
