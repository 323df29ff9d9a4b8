"""Beats to setups: where the camera stands for each. The rules are told for readers in docs/breakdown.md."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from . import beats
from .beats import Beat
from .camera import OVER_SHOULDER, POINT_OF_VIEW, Camera, camera_in_action
from .cast import EVERYONE, Cast, names_of, speaker_is_absent
from .directions import transition_kind
from .durations import BEAT_SECONDS, TURN_SECONDS, action_seconds, room_seconds, words_seconds
from .headings import parse_heading
from .intercut import Intercut
from .setups import Setup, Spoken
from .speeches import pieces_of
from .stage import Stage

_PRONOUNS = frozenset(("he", "she", "they", "him", "her", "them", "his", "hers", "their"))
_VIEW = re.compile(r"P\.?O\.?V\b\.?|POINT OF VIEW", re.IGNORECASE)
_WORDS_LOOKED_AT = 40
_HEADINGS_LOOKED_AT = 20  # an intercut joins places that stand close by
_TIGHT = ("close-up", "extreme close-up", "insert")


class Coverage:
    """Walks through a script's beats and places the camera; `stage.setups` are the shots so far."""

    def __init__(self, cast: Cast, most_words: int) -> None:
        self.cast = cast
        self.most_words = most_words
        self.stage = Stage()
        self.seen_places: set[tuple[str, str]] = set()
        self.headings: list[str] = []
        self.has_spoken: set[str] = set()  # in the exchange that runs
        self.intercut: Intercut | None = None
        self.intercut_ahead = False  # the next heading is the intercut's second place
        self.montage_has_place = True
        self._covers: dict[str, Callable[[Beat], None]] = {
            beats.HEADING: self._heading,
            beats.PARAGRAPH: self._paragraph,
            beats.ITEM: self._item,
            beats.SPEECH: self._speech,
            beats.WORDS_ON_SCREEN: lambda beat: self.stage.join(beat.lines, beat.text),
            beats.CAMERA: self._camera,
            beats.TRANSITION: self._transition,
            beats.MONTAGE: self._montage,
            beats.MONTAGE_END: self._closing_line,
            beats.INTERCUT: self._intercut,
            beats.INTERCUT_END: self._closing_line,
        }

    def cover(self, scene: int, heading: str, scene_beats: list[Beat]) -> None:
        """Makes the setups of one scene; `heading` is its own, also for beats that come before it."""
        self.stage.open_scene(scene, heading)
        self.has_spoken.clear()
        self.intercut = None
        for beat in scene_beats[:-1]:
            self._covers[beat.kind](beat)
        for beat in scene_beats[-1:]:
            if beat.kind == beats.INTERCUT:
                self.intercut_ahead = True
                self.stage.join(beat.lines, beat.text)
            else:
                self._covers[beat.kind](beat)
        if self.stage.holds_lines():
            self._show_what_waits()

    # Directions wait for the next shot, or belong to the one before.

    def _heading(self, beat: Beat) -> None:
        if "INTERCUT" in beat.text.upper():
            self.intercut = Intercut.named(beat.text, self.headings[-_HEADINGS_LOOKED_AT:], self._last_heading())
        elif self.intercut_ahead and self.headings:
            self.intercut = Intercut((self.headings[-1], beat.text), self.headings[-1])
        self.intercut_ahead, self.montage_has_place = False, True
        heading = parse_heading(beat.text)
        place = (heading.setting, heading.place.casefold())  # the inside of a house is another place than its outside
        self.stage.establishing = place not in self.seen_places
        self.seen_places.add(place)
        self.headings.append(beat.text)
        self.stage.hold(beat.lines, room_seconds(1))

    def _montage(self, beat: Beat) -> None:
        self.montage_has_place = self.stage.before is None
        self._opening_line(beat)

    def _intercut(self, beat: Beat) -> None:
        self.intercut = Intercut.named(beat.text, self.headings[-_HEADINGS_LOOKED_AT:], self._last_heading())
        self._opening_line(beat)

    def _last_heading(self) -> str:
        return self.headings[-1] if self.headings else self.stage.heading

    def _camera(self, beat: Beat) -> None:
        if self.stage.camera:
            self._show_what_waits()
        self.stage.ask(beat.camera, beat.lines, room_seconds(1), beat.text)

    def _transition(self, beat: Beat) -> None:
        is_opening = transition_kind(beat.text) == "fade in"
        if self.stage.holds_words() or (self.stage.holds_lines() and not is_opening):
            self._show_what_waits()
        self.stage.joined_by(beat.text)

    def _opening_line(self, beat: Beat) -> None:
        if self.stage.holds_words():
            self._show_what_waits()
        self.stage.hold(beat.lines, action_seconds(beat.rows), beat.text)

    def _closing_line(self, beat: Beat) -> None:
        if beat.kind == beats.INTERCUT_END:
            self.intercut = None
        if self.stage.holds_words():
            self._show_what_waits()
        self.stage.join(beat.lines, beat.text)

    def _show_what_waits(self) -> None:
        """Makes a shot of held lines on their own: of what a shot line asks for, else of the place."""
        camera = self.stage.camera
        who = self._seen_in(camera.words, camera) if camera else ()
        picture = self._picture_of(camera) if camera else ""
        self._shoot("medium" if who else "wide", self.stage.no_lines(), Fraction(0), who, picture)

    # Picture.

    def _paragraph(self, beat: Beat) -> None:
        self._action(beat, self.stage.heading)

    def _item(self, beat: Beat) -> None:
        """A montage's items say themselves where they are, unless it opens its scene."""
        self._action(beat, self.stage.heading if self.montage_has_place else "")

    def _action(self, beat: Beat, place: str) -> None:
        asked = self.stage.camera
        camera = asked or camera_in_action(beat.text)
        who = self._seen_in(beat.text, camera)
        picture = beat.text
        if asked and asked.subject:
            subject = self._seen_in(asked.words, asked)
            who = subject if asked.size in _TIGHT else tuple(dict.fromkeys((*subject, *who)))
            picture = f"{self._picture_of(asked).rstrip(' .:')}. {beat.text}"
        elif camera and not asked:
            picture = camera.subject
        if camera and camera.size == "insert":
            who = ()
        size = "wide" if not who else "medium" if len(who) == 1 else "full"
        self.has_spoken.clear()
        setup = self._shoot(size, beat.lines, action_seconds(beat.rows), who, picture, camera, place)
        setup.text.append(beat.text)

    def _seen_in(self, text: str, camera: Camera | None) -> tuple[str, ...]:
        """Who is in the picture: who is named, else whom a pronoun means; never the owner of a point of view."""
        who = self.cast.mentioned(text)
        if not who and self.stage.before:
            words = (word.strip(".,;:!?").casefold() for word in text.split(None, _WORDS_LOOKED_AT)[:_WORDS_LOOKED_AT])
            if not _PRONOUNS.isdisjoint(words):
                who = self.stage.before.cast
        if camera and camera.view == POINT_OF_VIEW:
            return tuple(name for name in who if name != self._owner(camera))
        if camera and camera.view == OVER_SHOULDER and len(who) == 1:
            return (*who, *self.stage.listeners(who)[:1])
        return who

    def _owner(self, camera: Camera) -> str:
        """Through whose eyes a point of view looks; empty where it is nobody's."""
        before, _, behind = _VIEW.sub("\0", camera.words, count=1).partition("\0")
        return next(iter(self.cast.mentioned(before) or self.cast.mentioned(behind)), "")

    def _picture_of(self, camera: Camera) -> str:
        """What a shot line shows, in words; a point of view without the one who looks."""
        if camera.view != POINT_OF_VIEW:
            return camera.subject
        before, _, behind = _VIEW.sub("\0", camera.words, count=1).partition("\0")
        owner = next(iter(self.cast.mentions(behind)), None)
        if owner and not self.cast.mentioned(before):
            behind = behind[owner[2] :]
        seen = behind.strip(" -–—:,.")
        return f"Point of view: {seen}" if seen else "Point of view"

    # Dialogue.

    def _speech(self, beat: Beat) -> None:
        names = names_of(beat.cue)
        speakers = tuple(self.stage.present) if EVERYONE.intersection(names) else names
        absent = speaker_is_absent(beat.cue)
        camera = self.stage.camera
        if self.stage.establishing and not (camera and camera.size):
            self._show_what_waits()
        elif camera and camera.subject and not absent and camera.view != OVER_SHOULDER:
            self._show_what_is_not_of(speakers, camera)
        if beat.together:
            self._speak_together(beat, beat.together)
        else:
            self._speak(beat, speakers, absent)

    def _show_what_is_not_of(self, speakers: tuple[str, ...], camera: Camera) -> None:
        """Makes a shot of what a shot line names where that is not who speaks next: CLOSE ON THE KNIFE."""
        if not set(self.cast.mentioned(camera.words)).intersection(speakers):
            self._show_what_waits()

    def _speak(self, beat: Beat, speakers: tuple[str, ...], absent: bool) -> None:
        """Singles of the speaker; every second piece of a long speech, and an absent voice, is over who listens."""
        pause = TURN_SECONDS + BEAT_SECONDS * beat.pauses
        pieces = pieces_of(beat.spoken, self.most_words)
        last_with_lines = max((i for i, piece in enumerate(pieces) if piece.lines), default=0)
        for index, piece in enumerate(pieces):
            lines = self.stage.no_lines()
            if piece.lines:
                start = beat.lines[0] if index == 0 else lines[0]
                lines = (start, beat.lines[1] if index == last_with_lines else piece.lines[1])
            camera = self.stage.camera
            listeners = self.stage.listeners(speakers)
            unseen = absent or bool(index % 2 and listeners)
            who, picture = listeners[:1] if unseen else speakers, ""
            if camera and absent:
                who = tuple(name for name in self._seen_in(camera.words, camera) if name not in speakers)
                picture = camera.subject
            elif camera and camera.view == OVER_SHOULDER:
                other = tuple(n for n in self.cast.mentioned(camera.words) if n not in speakers) or listeners
                who = (*speakers, *other[:1])
            again = not unseen and not self.has_spoken.isdisjoint(who)
            size = "wide" if not who else "close-up" if again else "medium"
            picture = picture or _saying(who, "listen" if unseen else "talk")
            setup = self._shoot(size, lines, pause, who, picture)
            setup.text.append(f"{beat.cue if absent else _and(names_of(beat.cue))}: {piece.text}")
            seconds = words_seconds(piece.words)
            at = setup.seconds - pause / 2
            setup.add_spoken(Spoken(_and(names_of(beat.cue)), piece.text, at, seconds, unseen), seconds)
            if not unseen:
                self.has_spoken.update(who)
                self.stage.enter(speakers)
            pause = Fraction(0)

    def _speak_together(self, first: Beat, second: Beat) -> None:
        """Two who speak at once are one shot of both, as long as the longer speech."""
        both = [(speech, speaker_is_absent(speech.cue), names_of(speech.cue)) for speech in (first, second)]
        who = tuple(dict.fromkeys(name for _, absent, names in both if not absent for name in names))
        lines = (first.lines[0], max(first.lines[1], second.lines[1]))
        setup = self._shoot("medium" if who else "wide", lines, TURN_SECONDS, who, _saying(who, "talk"))
        at = setup.seconds - TURN_SECONDS / 2
        lengths = [words_seconds(len(speech.words.split())) for speech, _, _ in both]
        for (speech, absent, names), seconds in zip(both, lengths, strict=True):
            setup.text.append(f"{_and(names)}: {speech.words}")
            setup.add_spoken(Spoken(_and(names), speech.words, at, seconds, absent), Fraction(0))
        setup.seconds += max(lengths)

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
        """Adds a setup, in the running intercut at the place of who is seen; `place` is "" for none."""
        place = self.stage.heading if place is None else place
        if self.intercut and place:
            place = self.intercut.place_of(who, self.stage.homes)
        elif place:
            self.stage.homes.update(dict.fromkeys(who, place))
        setup = Setup(self.stage.scene, place, size, lines, seconds, cast=who, picture=picture)
        return self.stage.shoot(setup, camera)


def _saying(who: tuple[str, ...], verb: str) -> str:
    return f"{_and(who)} {verb}{'' if len(who) > 1 else 's'}" if who else ""


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]
