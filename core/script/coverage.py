"""Beats to setups: where the camera stands for each. The rules are told for readers in docs/breakdown.md."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from . import beats
from .beats import Beat
from .camera import OVER_SHOULDER, POINT_OF_VIEW, Camera, camera_in_action
from .cast import EVERYONE, Cast, names_of, speaker_is_absent
from .directions import opens_intercut
from .durations import BEAT_SECONDS, TURN_SECONDS, action_seconds, room_seconds, words_seconds
from .headings import parse_heading
from .intercut import Intercut
from .setups import Setup, Spoken
from .speeches import Piece, pieces_of

_PRONOUNS = frozenset("he she they him her them his hers their".split())
_HEADING_SECONDS = room_seconds(1)


@dataclass
class _Held:
    """Lines that wait for the shot they belong to: a heading, a shot line, MONTAGE."""

    lines: tuple[int, int]
    text: list[str] = field(default_factory=list)
    seconds: Fraction = Fraction(0)


class Coverage:
    """Walks through a script's beats and places the camera."""

    def __init__(self, cast: Cast, most_words: int) -> None:
        self.cast = cast
        self.most_words = most_words
        self.setups: list[Setup] = []
        self.scene = 0
        self.heading = ""
        self.seen_places: dict[str, str] = {}  # place, folded, to its heading
        self.establishing = False
        self.present: dict[str, None] = {}  # who is in the scene, the last seen at the end
        self.has_spoken: set[str] = set()  # in the exchange that runs
        self.held: _Held | None = None
        self.camera: Camera | None = None  # asked for, and not yet used
        self.transition = ""
        self.intercut: Intercut | None = None
        self.homes: dict[str, str] = {}  # the heading under which someone was last seen
        self.free_line = 1
        self._covers: dict[str, Callable[[Beat], None]] = {
            beats.HEADING: self._heading,
            beats.PARAGRAPH: self._paragraph,
            beats.ITEM: self._item,
            beats.SPEECH: self._speech,
            beats.WORDS_ON_SCREEN: self._words_on_screen,
            beats.CAMERA: self._camera,
            beats.TRANSITION: self._transition,
            beats.MONTAGE: self._hold_line,
            beats.MONTAGE_END: self._close_line,
            beats.INTERCUT: self._intercut,
            beats.INTERCUT_END: self._close_line,
        }

    def cover(self, scene: int, heading: str, scene_beats: list[Beat]) -> None:
        """Makes the setups of one scene; `heading` is its own, also for beats that come before it."""
        self.scene, self.heading = scene, heading
        self.present, self.has_spoken, self.intercut = {}, set(), None
        first = len(self.setups)
        for beat in scene_beats:
            self._covers[beat.kind](beat)
        self._stand_alone(must=len(self.setups) == first)

    # Directions: they wait for the next shot, or belong to the one before.

    def _heading(self, beat: Beat) -> None:
        place = parse_heading(beat.text).place.casefold()
        self.establishing = place not in self.seen_places
        self.seen_places[place] = beat.text
        self._hold(beat.lines, _HEADING_SECONDS)
        if opens_intercut(beat.text) or "INTERCUT" in beat.text.upper():
            self.intercut = Intercut.named(beat.text, self.seen_places, beat.text, self.heading)

    def _camera(self, beat: Beat) -> None:
        if self.camera is not None:
            self._stand_alone(must=True)
        self.camera = beat.camera
        self._hold(beat.lines, room_seconds(1), beat.text)

    def _transition(self, beat: Beat) -> None:
        self._stand_alone()
        if self.setups:
            self.setups[-1].transition_out = beat.text
        self.transition = beat.text

    def _hold_line(self, beat: Beat) -> None:
        self._stand_alone()
        self._hold(beat.lines, action_seconds(beat.rows), beat.text)

    def _close_line(self, beat: Beat) -> None:
        if beat.kind == beats.INTERCUT_END:
            self.intercut = None
        self._stand_alone()
        self._join(beat)

    def _words_on_screen(self, beat: Beat) -> None:
        self._join(beat)

    def _intercut(self, beat: Beat) -> None:
        before = self.setups[-1].heading if self.setups else self.heading
        others = [h for h in reversed(self.seen_places.values()) if h != self.heading][:1] or [before]
        self.intercut = Intercut.named(beat.text, self.seen_places, others[0], self.heading)
        self._hold_line(beat)

    def _join(self, beat: Beat) -> None:
        """Lets a line belong to the shot before it in the scene; where there is none, to the next."""
        if self.held is None and self.setups and self.setups[-1].scene == self.scene:
            last = self.setups[-1]
            first, end = self._claim(beat.lines)
            last.lines = (last.lines[0] if last.lines[0] <= last.lines[1] else first, end)
            last.text.append(beat.text)
        else:
            self._hold(beat.lines, Fraction(0), beat.text)

    def _hold(self, lines: tuple[int, int], seconds: Fraction, *text: str) -> None:
        if self.held is None:
            self.held = _Held(lines)
        self.held.lines = (min(self.held.lines[0], lines[0]), max(self.held.lines[1], lines[1]))
        self.held.text += text
        self.held.seconds += seconds

    def _stand_alone(self, must: bool = False) -> None:
        """Makes a shot of what waits, where the script asked for one or the scene would have none."""
        if self.held is None or not (must or self.camera or self.held.text):
            return
        camera = self.camera
        words = camera.words if camera else ""
        who = self._seen_in(words, camera) if camera else ()
        self._shoot("medium" if who else "wide", (self.free_line, 0), Fraction(0), who, camera.subject if camera else "")

    # Picture.

    def _paragraph(self, beat: Beat) -> None:
        self._action(beat, self._place(()))

    def _item(self, beat: Beat) -> None:
        self._action(beat, "")

    def _action(self, beat: Beat, place: str) -> None:
        camera = self.camera or camera_in_action(beat.text)
        who = self._seen_in(beat.text, camera)
        if self.camera and self.camera.subject:
            who = tuple(dict.fromkeys((*self._seen_in(self.camera.words, self.camera), *who)))
            if self.camera.size in ("close-up", "extreme close-up", "insert"):
                who = self._seen_in(self.camera.words, self.camera) or who[:1]
        if camera and camera.size == "insert":
            who = ()
        picture = camera.subject if camera and camera is not self.camera else beat.text
        if self.intercut and place:
            place = self.intercut.place_of(who, self.homes)
        size = "wide" if not who else "medium" if len(who) == 1 else "full"
        self.has_spoken.clear()
        setup = self._shoot(size, beat.lines, action_seconds(beat.rows), who, picture, camera, place)
        setup.text.append(beat.text)

    def _seen_in(self, text: str, camera: Camera | None) -> tuple[str, ...]:
        """Who is in the picture: who is named, else whom a pronoun means; never the owner of a point of view."""
        who = self.cast.mentioned(text)
        if not who and self.setups and self.setups[-1].scene == self.scene:
            words = (word.strip(".,;:!?'’").casefold() for word in text.split()[:40])
            if any(word in _PRONOUNS for word in words):
                who = self.setups[-1].cast
        if camera and camera.view == POINT_OF_VIEW:
            before, _, behind = camera.words.upper().replace(".", "").partition("POV")
            owner = (self.cast.mentioned(before) or self.cast.mentioned(behind))[:1]
            who = tuple(name for name in who if name not in owner)
        elif camera and camera.view == OVER_SHOULDER and len(who) == 1:
            who = (*who, *self._listeners(who)[:1])
        return who

    # Dialogue.

    def _speech(self, beat: Beat) -> None:
        if beat.together:
            self._speak_together(beat, beat.together)
            return
        pieces = pieces_of(beat.spoken, self.most_words)
        absent = speaker_is_absent(beat.cue)
        pause = TURN_SECONDS + BEAT_SECONDS * beat.pauses
        for index, piece in enumerate(pieces):
            lines = self._piece_lines(beat, pieces, index)
            self._speak(beat, piece, lines, absent, reverse=index % 2 == 1, pause=pause)
            pause = Fraction(0)

    def _piece_lines(self, beat: Beat, pieces: list[Piece], index: int) -> tuple[int, int]:
        """A piece has its lines and those ahead of them; the last also what is left of the speech."""
        lines = pieces[index].lines or (self.free_line, self.free_line - 1)
        first = beat.lines[0] if index == 0 else lines[0]
        following = next((piece.lines for piece in pieces[index + 1 :] if piece.lines), None)
        return first, beat.lines[1] if following is None and pieces[index].lines else lines[1]

    def _speak(
        self, beat: Beat, piece: Piece, lines: tuple[int, int], absent: bool, reverse: bool, pause: Fraction
    ) -> None:
        """One piece of a speech: a single of the speaker, or, in a reverse and for an absent voice, of who listens."""
        names = names_of(beat.cue)
        speakers = tuple(self.present) if set(names) & EVERYONE else names
        listeners = self._listeners(speakers)
        unseen = absent or bool(reverse and listeners)
        who = listeners[:1] if unseen else speakers
        again = bool(set(who) & self.has_spoken) and not unseen
        size = "wide" if not who else "close-up" if again else "medium"
        picture = f"{_and(who)} {'listen' if unseen else 'talk'}{'' if len(who) > 1 else 's'}" if who else ""
        place = self.intercut.place_of(speakers, self.homes) if self.intercut else self._place(who)
        setup = self._shoot(size, lines, pause, who, picture, self.camera, place)
        label = f"{names[0] if names else ''}{' (O.S.)' if unseen else ''}" if len(names) < 2 else beat.cue
        setup.text.append(f"{label}: {piece.text}")
        seconds = words_seconds(piece.words)
        setup.add_spoken(Spoken(_and(names), piece.text, setup.seconds - pause / 2, seconds, unseen), seconds)
        self.has_spoken.update(() if unseen else who)
        if not absent:
            self._enter(speakers)

    def _speak_together(self, first: Beat, second: Beat) -> None:
        """Two who speak at once are one shot of both, as long as the longer speech."""
        both = [(speech, speaker_is_absent(speech.cue), names_of(speech.cue)) for speech in (first, second)]
        who = tuple(dict.fromkeys(name for _, absent, names in both if not absent for name in names))
        lines = (first.lines[0], max(first.lines[1], second.lines[1]))
        size = "wide" if not who else "medium"
        picture = f"{_and(who)} talk{'' if len(who) > 1 else 's'}" if who else ""
        setup = self._shoot(size, lines, TURN_SECONDS, who, picture, self.camera, self._place(who))
        at = setup.seconds - TURN_SECONDS / 2
        lengths = [words_seconds(len(speech.words.split())) for speech, _, _ in both]
        for (speech, absent, names), seconds in zip(both, lengths, strict=True):
            setup.text.append(f"{_and(names)}: {speech.words}")
            setup.add_spoken(Spoken(_and(names), speech.words, at, seconds, absent), Fraction(0))
        setup.seconds += max(lengths)
        self._enter(who)

    def _listeners(self, speakers: tuple[str, ...]) -> tuple[str, ...]:
        """Who else is in the scene, the last seen first."""
        return tuple(name for name in reversed(self.present) if name not in speakers)

    # The shot itself.

    def _place(self, who: tuple[str, ...]) -> str:
        return self.heading

    def _shoot(
        self,
        size: str,
        lines: tuple[int, int],
        seconds: Fraction,
        who: tuple[str, ...],
        picture: str,
        camera: Camera | None = None,
        place: str | None = None,
    ) -> Setup:
        """Adds a setup that takes what waits: held lines, the camera asked for, the transition, the establishing."""
        held, camera = self.held, camera or self.camera
        if held:
            lines = (min(held.lines[0], lines[0]), max(held.lines[1], lines[1]))
            seconds += held.seconds
        if self.establishing and not (camera and camera.size):
            size = "wide" if who or not self.heading.upper().startswith("EXT") else "extreme wide"
        setup = Setup(self.scene, self.heading if place is None else place, size, self._claim(lines), seconds, cast=who, picture=picture)
        if camera:
            setup.size, setup.asked = camera.size or size, bool(camera.size)
            setup.move = camera.move or setup.move
        if self.setups and self.setups[-1].scene == self.scene:
            setup.step_closer(self.setups[-1])
        setup.text = list(held.text) if held else []
        setup.transition_in, self.transition = self.transition, ""
        self.held, self.camera, self.establishing = None, None, False
        self.setups.append(setup)
        self._enter(who)
        if setup.heading and not self.intercut:
            self.homes.update(dict.fromkeys(who, setup.heading))
        return setup

    def _enter(self, who: tuple[str, ...]) -> None:
        for name in who:
            self.present.pop(name, None)
            self.present[name] = None

    def _claim(self, lines: tuple[int, int]) -> tuple[int, int]:
        """The part of these lines that no shot has yet; empty, last before first, where all are taken."""
        first = max(lines[0], self.free_line)
        last = max(lines[1], first - 1)
        self.free_line = last + 1
        return first, last


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]
