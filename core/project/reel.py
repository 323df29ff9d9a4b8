"""The reel: the edit played into a movie, frame for frame as long as the edit."""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ..errors import ProjectError, ShotwrightError, UsageError
from ..film import ProjectSettings
from ..film.take import CUT_IN_FRAME
from ..media.frame import Frame
from ..media.lettering import letter, subtitle
from ..media.mask import draw_mask
from ..media.sound import SoundPiece, has_sound, mix
from ..media.writing import MovieWriter
from ..storage import remove_file, replace_file, temporary_beside
from ..timeline.edit import Edit
from ..timeline.events import Event, Subtitle
from ..timeline.subtitles import on_screen, srt
from ..timing import format_timecode
from .event_pictures import EventPictures, Notice

Progress = Callable[[int, int], None]
_FRAMES_A_REPORT = 6


def render_reel(
    edit: Edit,
    settings: ProjectSettings,
    film: Path,
    output: Path,
    burn_in: bool = False,
    subtitles: bool = False,
    on_progress: Progress | None = None,
    on_notice: Notice | None = None,
) -> int:
    """Plays the edit into `output` (H.264: .mp4, .mov, .mkv) and returns its length in frames, the edit's own.

    Takes play from their mezzanine, or from their proxy where only that is there; panels are held, slates stand for
    what is missing, and `on_notice` gets a sentence for each. The project's mask is drawn. `burn_in` writes shot, take,
    frame (the cut-in is 1001), timecode and GENERATED over it, `subtitles` the dialogue, which lies beside the reel as
    `.srt` either way. Memory is flat in the film's length. Raises ProjectError for an empty edit, UsageError for an
    output among the takes, MediaError, StorageError.
    """
    frames = edit.frames
    if not frames:
        raise ProjectError("The edit is empty: there is nothing to play.", "Give it shots: shotwright breakdown FILM.")
    if (film / "media").resolve() in output.resolve().parents:
        raise UsageError("The reel can't be written among the takes.", "Choose a place outside of the media folder.")
    notice = _said_once(on_notice)
    drop_frame = settings.drop_frame and settings.rate == edit.rate
    words, mask = edit.subtitles(), settings.mask_ratio()
    with _sound(edit, film, output, notice) as sound:
        movie = MovieWriter(output, settings.size, edit.rate, "h264", edit.start_frames, drop_frame, sound=sound)
        with movie, contextlib.closing(_Player(edit.events(), settings, film, notice)) as player:
            for number in range(frames):
                event, frame = player.at(number)
                frame = draw_mask(frame, mask)
                if burn_in:
                    label = format_timecode(edit.start_frames + number, edit.rate, drop_frame)
                    frame = _burnt_in(frame, event, number, label)
                if subtitles:
                    frame = _titled(frame, words, number)
                movie.write(frame)
                if on_progress and (number % _FRAMES_A_REPORT == 0 or number == frames - 1):
                    on_progress(number + 1, frames)
    subtitle_file = output.with_suffix(".srt")
    if words:
        replace_file(subtitle_file, srt(words, edit.rate), "writing the subtitles")
    else:
        remove_file(subtitle_file, "removing an earlier reel's subtitles")
    return frames


class _Player:
    """Frames of the film in their order, dissolves and fades done."""

    def __init__(self, events: Sequence[Event], settings: ProjectSettings, film: Path, notice: Notice) -> None:
        self._events = [event for event in events if len(event.record)]
        self._settings = settings
        self._film = film
        self._notice = notice
        self._open: dict[int, EventPictures] = {}
        self._index = 0

    def at(self, number: int) -> tuple[Event, Frame]:
        """The event that stands at a frame of the film, and the picture."""
        while number >= self._events[self._index].record.end:
            self._index += 1
        index = self._index
        event = self._events[index]
        for passed in [i for i in self._open if number >= self._events[i].seen.end]:
            self._open.pop(passed).close()
        before = self._events[index - 1] if index else None
        after = self._events[index + 1] if index + 1 < len(self._events) else None
        frame = self._faded(index, number)
        if before and number < before.record.end + before.late_frames:
            return event, dissolved(self._faded(index - 1, number), frame, _share(before, event, number))
        if after and number >= after.record.start - after.early_frames:
            return event, dissolved(frame, self._faded(index + 1, number), _share(event, after, number))
        return event, frame

    def close(self) -> None:
        """Closes what is still open."""
        for pictures in self._open.values():
            pictures.close()
        self._open.clear()

    def _faded(self, index: int, number: int) -> Frame:
        event = self._events[index]
        if index not in self._open:
            self._open[index] = EventPictures(event, self._settings, self._film, self._notice)
        frame = self._open[index].at(number)
        share = 1.0
        if event.fade_in_frames:
            share = min(share, max(0, number - event.record.start) / event.fade_in_frames)
        if event.fade_out_frames:
            share = min(share, max(0, event.record.end - 1 - number) / event.fade_out_frames)
        return frame if share >= 1 else dissolved(np.zeros_like(frame), frame, share)


def _share(outgoing: Event, incoming: Event, number: int) -> float:
    """How much of the incoming picture is seen at a frame of a dissolve: never none and never all of it."""
    start = incoming.record.start - incoming.early_frames
    length = incoming.early_frames + outgoing.late_frames
    return (number - start + 1) / (length + 1)


def dissolved(outgoing: Frame, incoming: Frame, share: float) -> Frame:
    """Two frames of one size mixed, `share` of the incoming one, 0 to 1; on code values, as editing programs do."""
    part = round(share * 256)
    mixed = outgoing.astype(np.uint16) * (256 - part) + incoming.astype(np.uint16) * part
    return np.asarray((mixed + 128) >> 8, dtype=np.uint8)


def _burnt_in(frame: Frame, event: Event, number: int, timecode: str) -> Frame:
    what = event.key if event.take else {"panel": "panel", "slate": "no picture"}.get(event.shows, "")
    left = [" ".join(filter(None, (event.shot, what)))]
    if event.shot_id:
        left.append(str(CUT_IN_FRAME + event.axis_frame(number) - event.cut_in))
    right = [timecode]
    if event.take:
        right.append("GENERATED")
    return letter(letter(frame, [line for line in left if line] or [""], "top-left"), right, "top-right")


def _titled(frame: Frame, words: Sequence[Subtitle], number: int) -> Frame:
    begun = bisect_right(words, number, key=lambda line: line.record.start)
    if begun == 0 or number not in words[begun - 1].record:
        return frame
    return subtitle(frame, on_screen(words[begun - 1].text))


def _said_once(on_notice: Notice | None) -> Notice:
    said: set[str] = set()

    def notice(sentence: str) -> None:
        if sentence not in said and on_notice is not None:
            on_notice(sentence)
        said.add(sentence)

    return notice


@contextlib.contextmanager
def _sound(edit: Edit, film: Path, output: Path, notice: Notice) -> Iterator[Path | None]:
    """The film's sound as one file beside the reel for as long as it is needed; None where the film has none."""
    pieces = []
    for event in edit.sounds():
        path = film / event.media
        try:
            if has_sound(path):
                pieces.append(SoundPiece(path, event.record.start, event.skip_frames, len(event.record)))
            else:
                notice(f"{event.media} has no sound; it is silent in the reel.")
        except ShotwrightError as error:
            notice(f"A sound is offline: {error.message} It is silent in the reel.")
    mixed = temporary_beside(output.with_suffix(".wav")) if pieces else None
    try:
        if mixed is not None:
            mix(mixed, pieces, edit.frames, edit.rate)
        yield mixed
    finally:
        if mixed is not None:
            with contextlib.suppress(OSError):
                mixed.unlink(missing_ok=True)
