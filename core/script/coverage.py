"""Beats to setups: where the camera stands for each. The rules are told for readers in docs/breakdown.md."""

from __future__ import annotations

from collections.abc import Callable

from . import beats
from .beats import Beat
from .camera import camera_in_action
from .cast import Cast
from .dialogue import Dialogue
from .directions import transition_kind
from .durations import action_seconds, room_seconds
from .framing import Framing
from .headings import parse_heading
from .intercut import Intercut
from .stage import Stage

_HEADINGS_LOOKED_AT = 20  # an intercut joins places that stand close by
_TIGHT = ("close-up", "extreme close-up", "insert")


class Coverage:
    """Walks through a script's beats and places the camera; `stage.setups` are the shots so far."""

    def __init__(self, cast: Cast, most_words: int) -> None:
        self.stage = Stage()
        self.framing = Framing(cast, self.stage)
        self.dialogue = Dialogue(self.framing, most_words)
        self.seen_places: set[tuple[str, str]] = set()
        self.headings: list[str] = []
        self.intercut_ahead = False  # the next heading is the intercut's second place
        self.montage_has_place = True
        self._covers: dict[str, Callable[[Beat], None]] = {
            beats.HEADING: self._heading,
            beats.PARAGRAPH: self._paragraph,
            beats.ITEM: self._item,
            beats.SPEECH: self.dialogue.cover,
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
        self.dialogue.has_spoken.clear()
        for beat in scene_beats[:-1]:
            self._covers[beat.kind](beat)
        for beat in scene_beats[-1:]:
            if beat.kind == beats.INTERCUT:
                self.intercut_ahead = True
                self.stage.join(beat.lines, beat.text)
            else:
                self._covers[beat.kind](beat)
        if self.stage.holds_lines():
            self.framing.show_what_waits()

    # Directions wait for the next shot, or belong to the one before.

    def _heading(self, beat: Beat) -> None:
        if "INTERCUT" in beat.text.upper():
            self.stage.intercut = Intercut.named(beat.text, self.headings[-_HEADINGS_LOOKED_AT:], self._last_heading())
        elif self.intercut_ahead and self.headings:
            self.stage.intercut = Intercut((self.headings[-1], beat.text), self.headings[-1])
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
        self.stage.intercut = Intercut.named(beat.text, self.headings[-_HEADINGS_LOOKED_AT:], self._last_heading())
        self._opening_line(beat)

    def _last_heading(self) -> str:
        return self.headings[-1] if self.headings else self.stage.heading

    def _camera(self, beat: Beat) -> None:
        if self.stage.camera:
            self.framing.show_what_waits()
        self.stage.ask(beat.camera, beat.lines, room_seconds(1), beat.text)

    def _transition(self, beat: Beat) -> None:
        is_opening = transition_kind(beat.text) == "fade in"
        if self.stage.holds_words() or (self.stage.holds_lines() and not is_opening):
            self.framing.show_what_waits()
        self.stage.joined_by(beat.text)

    def _opening_line(self, beat: Beat) -> None:
        if self.stage.holds_words():
            self.framing.show_what_waits()
        self.stage.hold(beat.lines, action_seconds(beat.rows), beat.text)

    def _closing_line(self, beat: Beat) -> None:
        if beat.kind == beats.INTERCUT_END:
            self.stage.intercut = None
        if self.stage.holds_words():
            self.framing.show_what_waits()
        self.stage.join(beat.lines, beat.text)

    # Picture.

    def _paragraph(self, beat: Beat) -> None:
        self._action(beat, self.stage.heading)

    def _item(self, beat: Beat) -> None:
        """A montage's items say themselves where they are, unless it opens its scene."""
        self._action(beat, self.stage.heading if self.montage_has_place else "")

    def _action(self, beat: Beat, place: str) -> None:
        asked = self.stage.camera
        camera = asked or camera_in_action(beat.text)
        who = self.framing.seen_in(beat.text, camera)
        picture = beat.text
        if asked and asked.subject:
            subject = self.framing.seen_in(asked.words, asked)
            if subject:  # then she and he are whom the shot line names
                named = self.framing.cast.mentioned(beat.text)
                who = tuple(name for name in who if name in named)
            who = subject if asked.size in _TIGHT else tuple(dict.fromkeys((*subject, *who)))
            picture = f"{self.framing.picture_of(asked).rstrip(' .:')}. {beat.text}"
        elif camera and not asked:
            picture = camera.subject
        if camera and camera.size == "insert":
            who = ()
        size = "wide" if not who else "medium" if len(who) == 1 else "full"
        self.dialogue.has_spoken.clear()
        setup = self.stage.frame(size, beat.lines, action_seconds(beat.rows), who, picture, camera, place)
        setup.text.append(beat.text)
