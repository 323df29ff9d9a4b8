"""Dialogue to setups: singles and reverses, long speeches in pieces, voices over who listens."""

from __future__ import annotations

from fractions import Fraction

from .beats import Beat
from .camera import OVER_SHOULDER, Camera
from .cues import EVERYONE, names_of, speaker_is_absent
from .durations import BEAT_SECONDS, TURN_SECONDS, words_seconds
from .framing import Framing
from .setups import Spoken
from .speeches import pieces_of


class Dialogue:
    """Covers speeches; `has_spoken` are those whom the exchange that runs has shown speaking."""

    def __init__(self, framing: Framing, most_words: int) -> None:
        self.cast, self.stage, self.framing = framing.cast, framing.stage, framing
        self.most_words = most_words
        self.has_spoken: set[str] = set()

    def cover(self, beat: Beat) -> None:
        """Makes the setups of one speech, or of two at once."""
        names = names_of(beat.cue)
        speakers = tuple(self.stage.present) if EVERYONE.intersection(names) else names
        absent = speaker_is_absent(beat.cue)
        camera = self.stage.camera
        if self.stage.establishing and not (camera and camera.size):
            self.framing.show_what_waits()
        elif camera and camera.subject and not absent and camera.view != OVER_SHOULDER:
            self._show_what_is_not_of(speakers, camera)
        if beat.together:
            self._speak_together(beat, beat.together)
        else:
            self._speak(beat, speakers, absent)

    def _show_what_is_not_of(self, speakers: tuple[str, ...], camera: Camera) -> None:
        """Makes a shot of what a shot line names where that is not who speaks next: CLOSE ON THE KNIFE."""
        if not set(self.cast.mentioned(camera.words)).intersection(speakers):
            self.framing.show_what_waits()

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
                who = tuple(name for name in self.framing.seen_in(camera.words, camera) if name not in speakers)
                picture = camera.subject
            elif camera and camera.view == OVER_SHOULDER:
                other = tuple(n for n in self.cast.mentioned(camera.words) if n not in speakers) or listeners
                who = (*speakers, *other[:1])
            again = not unseen and not self.has_spoken.isdisjoint(who)
            size = "wide" if not who else "close-up" if again else "medium"
            picture = picture or _saying(who, "listen" if unseen else "talk")
            setup = self.stage.frame(size, lines, pause, who, picture)
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
        setup = self.stage.frame("medium" if who else "wide", lines, TURN_SECONDS, who, _saying(who, "talk"))
        at = setup.seconds - TURN_SECONDS / 2
        lengths = [words_seconds(len(speech.words.split())) for speech, _, _ in both]
        for (speech, absent, names), seconds in zip(both, lengths, strict=True):
            setup.text.append(f"{_and(names)}: {speech.words}")
            setup.add_spoken(Spoken(_and(names), speech.words, at, seconds, absent), Fraction(0))
        setup.seconds += max(lengths)


def _saying(who: tuple[str, ...], verb: str) -> str:
    return f"{_and(who)} {verb}{'' if len(who) > 1 else 's'}" if who else ""


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names) if len(names) < 3 else ", ".join(names[:-1]) + " and " + names[-1]
