"""What holds from one shot to the next: who is there, which lines are still without a shot, what waits for the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .camera import Camera
from .intercut import Intercut
from .setups import Setup


@dataclass
class _Held:
    """Lines that wait for the shot they belong to: a heading, a shot line, MONTAGE."""

    lines: tuple[int, int]
    text: list[str] = field(default_factory=list)
    seconds: Fraction = Fraction(0)


class Stage:
    """The setups so far, and what the next one takes with it."""

    def __init__(self) -> None:
        self.setups: list[Setup] = []
        self.scene = 0
        self.heading = ""
        self.present: dict[str, None] = {}  # who is in the scene, the last seen at the end
        self.homes: dict[str, str] = {}  # the heading under which someone was last seen
        self.intercut: Intercut | None = None
        self.establishing = False
        self.camera: Camera | None = None  # asked for, and not yet used
        self._held: _Held | None = None
        self._transition = ""
        self._free_line = 1  # lines before it have their shot

    def open_scene(self, scene: int, heading: str) -> None:
        """Empties the stage for the scene with this index and heading."""
        self.scene, self.heading, self.present, self.intercut = scene, heading, {}, None

    @property
    def before(self) -> Setup | None:
        """The shot before this one in the same scene."""
        return self.setups[-1] if self.setups and self.setups[-1].scene == self.scene else None

    def hold(self, lines: tuple[int, int], seconds: Fraction, *text: str) -> None:
        """Keeps lines for the next shot, which plays so much longer for them."""
        held = self._held or _Held(lines)
        held.lines = (min(held.lines[0], lines[0]), max(held.lines[1], lines[1]))
        held.text += text
        held.seconds += seconds
        self._held = held

    def join(self, lines: tuple[int, int], text: str) -> None:
        """Lets lines belong to the shot before them in the scene; where there is none, to the next."""
        if self._held or not self.before:
            self.hold(lines, Fraction(0), text)
            return
        first, last = self._claim(lines)
        if first <= last:
            empty = self.before.lines[0] > self.before.lines[1]
            self.before.lines = (first if empty else self.before.lines[0], last)
        self.before.text.append(text)

    def ask(self, camera: Camera | None, lines: tuple[int, int], seconds: Fraction, text: str) -> None:
        """Keeps what a shot line asks of the camera for the next shot."""
        self.camera = camera
        self.hold(lines, seconds, text)

    def joined_by(self, words: str) -> None:
        """Puts a transition between the shot before and the next."""
        if self.setups:
            self.setups[-1].transition_out = words
        self._transition = words

    def holds_words(self) -> bool:
        """Whether what waits is more than a heading, so that it makes a shot where no picture follows it."""
        return bool(self._held and (self.camera or self._held.text))

    def holds_lines(self) -> bool:
        """Whether anything waits."""
        return self._held is not None

    def listeners(self, speakers: tuple[str, ...]) -> tuple[str, ...]:
        """Who else is in the scene, the last seen first."""
        return tuple(name for name in reversed(self.present) if name not in speakers)

    def enter(self, who: tuple[str, ...]) -> None:
        """Notes who is in the scene."""
        for name in who:
            self.present.pop(name, None)
            self.present[name] = None

    def frame(
        self,
        size: str,
        lines: tuple[int, int],
        seconds: Fraction,
        who: tuple[str, ...],
        picture: str,
        camera: Camera | None = None,
        place: str | None = None,
    ) -> Setup:
        """Adds a setup, in the running intercut at the place of who is seen; `place` is "" for none.

        What `shoot` says of `camera` holds here too.
        """
        place = self.heading if place is None else place
        if self.intercut and place:
            place = self.intercut.place_of(who, self.homes)
        elif place:
            self.homes.update(dict.fromkeys(who, place))
        return self.shoot(Setup(self.scene, place, size, lines, seconds, cast=who, picture=picture), camera)

    def shoot(self, setup: Setup, camera: Camera | None = None) -> Setup:
        """Adds a setup; it takes with it what waits: lines, the camera asked for, the transition, the establishing."""
        camera = camera or self.camera
        if self._held:
            first, last = self._held.lines
            alone = setup.lines[0] > setup.lines[1]
            setup.lines = (first, last) if alone else (min(first, setup.lines[0]), max(last, setup.lines[1]))
            setup.text = [*self._held.text, *setup.text]
            setup.seconds += self._held.seconds
        setup.lines = self._claim(setup.lines)
        if self.establishing:
            outside = self.heading.upper().startswith("EXT")
            setup.size = "extreme wide" if outside and not setup.cast else "wide"
        if camera:
            setup.asked = bool(camera.size)
            setup.size, setup.move = camera.size or setup.size, camera.move or setup.move
        if self.before:
            setup.step_closer(self.before)
        setup.transition_in = self._transition
        self._held, self.camera, self.establishing, self._transition = None, None, False, ""
        self.setups.append(setup)
        self.enter(setup.cast)
        return setup

    def no_lines(self) -> tuple[int, int]:
        """The empty stretch of lines at which the script stands."""
        return self._free_line, self._free_line - 1

    def _claim(self, lines: tuple[int, int]) -> tuple[int, int]:
        """The part of these lines that no shot has yet; empty, last before first, where all are taken."""
        first = max(lines[0], self._free_line)
        last = max(lines[1], first - 1)
        self._free_line = last + 1
        return first, last
