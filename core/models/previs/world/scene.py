"""A scene as data: place, light, subjects and camera as tracks over time. Drawing comes second.

Units are metres and seconds. X runs to the right, Y up from the ground, Z away from the camera. Tracks are float
arrays, one value a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..layers import arc

Track = npt.NDArray[np.floating[Any]]

FRAMES = 24  # of a scene as it is described, however long it takes
SECONDS = 2.0
PLACES = ("room", "street", "forest", "desert", "snow", "sea", "hills", "city")
TIMES = ("dawn", "day", "sunset", "night")
WEATHERS = ("clear", "rain", "snow", "fog")
COLOURS = {
    "red": (0.80, 0.13, 0.12),
    "blue": (0.15, 0.33, 0.80),
    "green": (0.16, 0.58, 0.25),
    "yellow": (0.95, 0.80, 0.15),
    "white": (0.93, 0.93, 0.92),
    "black": (0.10, 0.10, 0.12),
    "orange": (0.94, 0.50, 0.12),
    "purple": (0.52, 0.22, 0.66),
    "brown": (0.45, 0.28, 0.16),
    "grey": (0.50, 0.51, 0.53),
}
KINDS = ("person", "car", "dog", "horse", "ball", "boat", "tree", "door")
SIZES = ("extreme wide", "wide", "medium", "close-up")
MOVES = (
    "static",
    "pan left",
    "pan right",
    "tilt up",
    "tilt down",
    "push in",
    "pull out",
    "track left",
    "track right",
    "crane up",
    "crane down",
)
# Height of a person in the frame (1 is the frame's height), from and to, for each shot size.
PERSON_SHARE = {"extreme wide": (0.10, 0.17), "wide": (0.30, 0.55), "medium": (0.95, 1.35), "close-up": (2.0, 2.9)}


@dataclass(frozen=True)
class Subject:
    """A figure, animal, vehicle or thing; `x`, `y`, `z` track its foot, `facing` is -1 left, 1 right, 0 towards us."""

    kind: str
    colour: str
    action: str
    x: Track
    y: Track
    z: Track
    facing: int
    stride: Track
    looks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Camera:
    """Tracks of the camera: position, and `pan`/`tilt` as a shift of the picture in frame heights."""

    x: Track
    y: Track
    z: Track
    pan: Track
    tilt: Track


@dataclass(frozen=True)
class World:
    """All that one moving picture shows."""

    place: str
    time: str
    weather: str
    size: str
    move: str
    speed: float
    subjects: tuple[Subject, ...]
    camera: Camera
    seed: int
    shore: float = 7.0
    seconds: float = SECONDS
    near: float = 4.0

    @property
    def frames(self) -> int:
        """How many values each of its tracks has."""
        return len(self.camera.x)

    def at(self, frames: Sequence[int]) -> World:
        """The same scene, of these frames alone."""
        chosen = list(frames)
        return self._with_tracks(lambda track: track[chosen])

    def over(self, frames: int) -> World:
        """The same scene in so many frames, its tracks cubic between their values."""
        at = np.linspace(0, self.frames - 1, frames)
        start = np.minimum(at.astype(int), self.frames - 2)
        t = at - start

        def between(track: Track) -> Track:
            slopes = np.gradient(track.astype(np.float64))
            first, last = track[start], track[start + 1]
            bend = 2 * (first - last) + slopes[start] + slopes[start + 1]
            lift = 3 * (last - first) - 2 * slopes[start] - slopes[start + 1]
            return np.asarray(first + t * (slopes[start] + t * (lift + t * bend)), np.float32)

        return self._with_tracks(between)

    def _with_tracks(self, changed: Callable[[Track], Track]) -> World:
        camera = Camera(*(changed(getattr(self.camera, field.name)) for field in fields(Camera)))
        subjects = (
            replace(who, x=changed(who.x), y=changed(who.y), z=changed(who.z), stride=changed(who.stride))
            for who in self.subjects
        )
        return replace(self, camera=camera, subjects=tuple(subjects))


def _eased(rng: np.random.Generator) -> Track:
    """0 at the first frame to 1 at the last, straight or eased."""
    t = np.linspace(0, 1, FRAMES, dtype=np.float32)
    return t if rng.random() < 0.75 else (t * t * (3 - 2 * t)).astype(np.float32)


def _flat(value: float) -> Track:
    return np.full(FRAMES, value, np.float32)


def _camera(rng: np.random.Generator, size: str, move: str, speed: float, near: float) -> Camera:
    x, y, z, pan, tilt = (_flat(0) for _ in range(5))
    ease = _eased(rng)
    height = 1.5
    if size in ("wide", "extreme wide"):
        height = float(rng.uniform(1.2, 2.6))
    elif size == "close-up":
        height = 1.6
    y = _flat(height)
    way = ease - 0.5
    if move.startswith("pan"):
        pan = way * speed * (-1 if move.endswith("right") else 1)
    elif move.startswith("tilt"):
        tilt = (ease - 0.15) * 0.6 * speed * (1 if move.endswith("up") else -1)
    elif move == "push in":
        z = ease * min(0.55, 0.5 * speed) * near
    elif move == "pull out":
        z = (1 - ease) * min(0.55, 0.5 * speed) * near
    elif move.startswith("track"):
        x = way * speed * near * 0.9 * (1 if move.endswith("right") else -1)
    elif move.startswith("crane"):
        rise = 0.55 * speed * near
        y = height + (ease if move.endswith("up") else 1 - ease) * min(rise, 6.0)
        tilt = -(y - height) / near * 0.55
    return Camera(x.astype(np.float32), y.astype(np.float32), z, pan.astype(np.float32), tilt.astype(np.float32))


ACTIONS = {
    "person": ("stands", "walks", "runs", "jumps", "enters", "leaves", "approaches", "turns", "talks", "waves"),
    "car": ("stands", "drives", "drives", "enters", "leaves", "approaches"),
    "dog": ("stands", "walks", "runs", "runs", "jumps"),
    "horse": ("stands", "walks", "runs", "runs"),
    "ball": ("rolls", "bounces", "stands"),
    "boat": ("drifts", "stands"),
    "tree": ("stands",),
    "door": ("stands", "opens"),
}
# Strides a second, two steps each: some 108 steps a minute are walked, 180 run (C. Tudor-Locke and others, “Walking
# cadence (steps/min) and intensity in 21–40 year olds”, 2019; trained runners).
_WALKING, _RUNNING = 0.9, 1.5
_GRAVITY = 9.81
_HOPS = {"jumps": 0.55, "bounces": 0.9}  # metres
_WIDTHS = {"person": 0.6, "car": 4.2, "dog": 1.0, "horse": 2.4, "ball": 0.6, "boat": 4.0, "tree": 2.5, "door": 1.1}


def make_subject(
    rng: np.random.Generator,
    kind: str,
    z: float,
    x: float,
    colour: str | None = None,
    action: str | None = None,
    seconds: float = SECONDS,
) -> Subject:
    """A subject of a kind that acts near (x, z) for so many seconds."""
    colour = colour or str(rng.choice(list(COLOURS)))
    action = action or str(rng.choice(ACTIONS[kind]))
    t = np.arange(FRAMES, dtype=np.float32) * np.float32(seconds / FRAMES)
    half = 0.89 * z  # the frame's half width at that distance, for a focal length of one frame height
    facing = int(rng.choice((-1, 1)))
    xs, ys, zs = _flat(x), _flat(0), _flat(z)
    stride = _flat(0)
    width = _WIDTHS[kind]
    if action in ("walks", "runs", "drives", "drifts", "rolls"):
        natural = {"walks": 1.4, "runs": 4.0, "drives": 7.0, "drifts": 1.2, "rolls": 2.5}[action]
        if kind == "horse":
            natural *= 1.6
        pace = float(np.clip(natural, 0.25 * half / seconds, 1.5 * half / seconds)) * float(rng.uniform(0.7, 1.2))
        xs = x + facing * pace * (t - seconds / 2)
        stride = t * (_RUNNING if action == "runs" else _WALKING)
    elif action == "enters":
        inside = -facing * float(rng.uniform(0.0, 0.4)) * half
        start = -facing * (half + width * 0.6)
        xs = start + (inside - start) * np.clip(t / (seconds * 0.8), 0, 1)
        stride = np.minimum(t - seconds * 0.8, 0) * _WALKING  # the last step ends with the feet together
    elif action == "leaves":
        end = facing * (half + width * 0.6)
        xs = x * 0.3 + (end - x * 0.3) * np.clip(t / (seconds * 0.9), 0, 1)
        stride = t * _WALKING
    elif action == "approaches":
        facing = 0
        zs = z * (1.35 - 0.7 * t / seconds)
        stride = t * _WALKING
    elif action in _HOPS:
        stride = t / np.float32(np.sqrt(8 * _HOPS[action] / _GRAVITY)) + rng.random()
        ys = _HOPS[action] * arc(stride)
    elif action == "turns":
        stride = t
    elif action == "opens":
        stride = t / np.float32(seconds)
    elif action in ("talks", "waves"):
        stride = t + float(rng.random())
        if action == "talks":
            facing = int(rng.choice((-1, 0, 1)))
    elif kind == "person" and rng.random() < 0.6:
        facing = 0
    looks = tuple(float(v) for v in rng.random(6))
    if action in ("walks", "runs", "leaves", "approaches"):
        stride = stride + looks[5]
    x_track, y_track, z_track, steps = (np.asarray(track, np.float32) for track in (xs, ys, zs, stride))
    return Subject(kind, colour, action, x_track, y_track, z_track, facing, steps, looks)


def make_world(rng: np.random.Generator, seconds: float = SECONDS) -> World:
    """A scene of so many seconds, drawn from film grammar."""
    place = str(rng.choice(PLACES))
    time = str(rng.choice(TIMES))
    weather = str(rng.choice(WEATHERS, p=(0.64, 0.14, 0.09, 0.13)))
    if place == "room":
        weather = "clear"
    elif place == "snow" and weather == "rain":
        weather = "snow"
    elif place == "desert" and weather in ("rain", "snow"):
        weather = "clear"
    size = str(rng.choice(SIZES, p=(0.18, 0.38, 0.27, 0.17)))
    move = "static" if rng.random() < 0.34 else str(rng.choice(MOVES[1:]))
    speed = float(rng.choice((0.35, 0.6, 1.0)) * rng.uniform(0.85, 1.15))
    kinds: tuple[str, ...] = ("person", "car", "dog", "horse", "ball", "tree")
    weights = [0.50, 0.20, 0.10, 0.07, 0.07, 0.06]
    if place == "room":
        kinds, weights = ("person", "dog", "ball", "door"), [0.72, 0.1, 0.06, 0.12]
    elif place == "sea":
        kinds, weights = ("person", "boat", "dog", "ball"), [0.5, 0.35, 0.1, 0.05]
    count = int(rng.choice((0, 1, 2, 3), p=(0.12, 0.62, 0.22, 0.04)))
    if size in ("medium", "close-up"):
        count = max(1, min(count, 2))
    share = rng.uniform(*PERSON_SHARE[size])
    z = 1.7 / share
    if place == "room":
        z = min(z, 6.0)
    subjects: list[Subject] = []
    main = str(rng.choice(kinds, p=weights))
    if size == "close-up":
        main = "person" if rng.random() < 0.85 else main
    if main in ("car", "boat") and size != "extreme wide":
        z *= 2.6 if size == "close-up" else 1.25
    if main in ("dog", "ball") and size != "extreme wide":
        z *= 0.55
    if main == "horse" and size != "extreme wide":
        z *= 1.2
    z = float(max(z, 0.62))
    if count >= 2 and main == "person" and rng.random() < 0.7:
        gap = 0.30 * z + 0.15
        for side in (-1, 1):
            person = make_subject(
                rng, "person", z * float(rng.uniform(0.95, 1.05)), side * gap, action="talks", seconds=seconds
            )
            subjects.append(Subject(**{**person.__dict__, "facing": -side if rng.random() < 0.8 else person.facing}))
    elif count >= 1:
        across = float(rng.uniform(-0.35, 0.35)) * z * (0.5 if share > 1 else 1)
        who = make_subject(rng, main, z, across, seconds=seconds)
        if size == "close-up":  # a jump would leave the picture
            who = replace(who, y=who.y * 0.3)
        subjects.append(who)
        for _ in range(count - 1):
            other = str(rng.choice(kinds, p=weights))
            zz = z * float(rng.uniform(1.1, 2.2))
            subjects.append(make_subject(rng, other, zz, float(rng.uniform(-0.7, 0.7)) * zz, seconds=seconds))
    if count == 0 and size in ("medium", "close-up"):
        size = "wide"
    camera = _camera(rng, size, move, speed, z)
    portrait_of_person = main == "person" and size in ("medium", "close-up")
    if subjects and not portrait_of_person:
        # Frames the main subject's foot a little above the lower edge, whatever the camera's height.
        foot = float(rng.uniform(0.10, 0.30)) if size == "extreme wide" else float(rng.uniform(0.26, 0.40))
        if camera.y[0] > 0.45 * z:  # close to something small: the camera comes down to it
            camera.y[:] += max(0.25, 0.45 * z) - camera.y[0]
        camera.tilt[:] += np.clip(foot - float(camera.y.mean()) / z, -0.30, 0.12)
    if subjects and portrait_of_person:
        camera.y[:] += {"medium": 1.2, "close-up": 1.5}[size] - camera.y[0] if not move.startswith("crane") else 0
    follow = subjects and move.startswith("track") and subjects[0].action in ("walks", "runs", "drives")
    if follow and rng.random() < 0.6:
        way = "right" if subjects[0].facing > 0 else "left"
        move = f"track {way}"
        camera = Camera(
            (subjects[0].x - subjects[0].x.mean()).astype(np.float32), camera.y, camera.z, camera.pan, camera.tilt
        )
    shore = max(6.0, 0.6 * z if main == "boat" else 1.35 * z + 1.0)
    seed = int(rng.integers(2**31))
    return World(place, time, weather, size, move, speed, tuple(subjects), camera, seed, shore, seconds, z)


def mirrored(world: World) -> World:
    """The same scene with left and right exchanged, as captions need it; its frames are the frames flipped."""
    swap = {"left": "right", "right": "left"}
    move = " ".join(swap.get(word, word) for word in world.move.split())
    subjects = tuple(replace(who, x=-who.x, facing=-who.facing) for who in world.subjects)
    camera = replace(world.camera, x=-world.camera.x, pan=-world.camera.pan)
    return replace(world, move=move, subjects=subjects, camera=camera)
