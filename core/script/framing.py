"""Who and what is in the picture, from the words of a paragraph and of what asks for the camera."""

from __future__ import annotations

import re
from fractions import Fraction

from .camera import OVER_SHOULDER, POINT_OF_VIEW, Camera
from .cast import Cast
from .stage import Stage

_PRONOUNS = frozenset(("he", "she", "they", "him", "her", "them", "his", "hers", "their"))
_VIEW = re.compile(r"P\.?O\.?V\b\.?|POINT OF VIEW", re.IGNORECASE)
_WORDS_LOOKED_AT = 40


class Framing:
    """Reads pictures out of words, for one script's cast on one stage."""

    def __init__(self, cast: Cast, stage: Stage) -> None:
        self.cast = cast
        self.stage = stage

    def seen_in(self, text: str, camera: Camera | None) -> tuple[str, ...]:
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

    def picture_of(self, camera: Camera) -> str:
        """What a shot line shows, in words; a point of view without the one who looks."""
        if camera.view != POINT_OF_VIEW:
            return camera.subject
        before, _, behind = _VIEW.sub("\0", camera.words, count=1).partition("\0")
        owner = next(iter(self.cast.mentions(behind)), None)
        if owner and not self.cast.mentioned(before):
            behind = behind[owner[2] :]
        seen = behind.strip(" -–—:,.")
        return f"Point of view: {seen}" if seen else "Point of view"

    def show_what_waits(self) -> None:
        """Makes a shot of held lines on their own: of what a shot line asks for, else of the place."""
        camera = self.stage.camera
        who = self.seen_in(camera.words, camera) if camera else ()
        picture = self.picture_of(camera) if camera else ""
        self.stage.frame("medium" if who else "wide", self.stage.no_lines(), Fraction(0), who, picture)
