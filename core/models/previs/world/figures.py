"""The subjects: people, cars, animals, things, drawn from limbs and boxes in metres."""

from __future__ import annotations

import numpy as np

from .brush import Array, Canvas
from .light import Light, lit
from .places import draw_tree, project
from .scene import COLOURS, Subject, World

_SKINS = ((0.96, 0.80, 0.68), (0.85, 0.65, 0.50), (0.62, 0.43, 0.30), (0.42, 0.28, 0.20))
_HAIRS = ((0.12, 0.09, 0.08), (0.35, 0.22, 0.12), (0.72, 0.56, 0.28), (0.55, 0.20, 0.10), (0.75, 0.75, 0.75))


class _Pen:
    """Draws in a subject's own metres: u along its facing, v up from its foot."""

    def __init__(self, canvas: Canvas, world: World, light: Light, who: Subject) -> None:
        self.canvas, self.light = canvas, light
        self.x, self.y, self.s = project(world, who.x, who.y, who.z)
        self.z = float(who.z.mean())
        self.flip = who.facing or 1

    def tone(self, colour: tuple[float, float, float], dim: float = 1.0) -> Array:
        return lit(self.light, tuple(c * dim for c in colour), self.z * 0.6)  # type: ignore[arg-type]

    def at(self, u: Array | float, v: Array | float) -> tuple[Array, Array]:
        return (self.x + self.flip * np.asarray(u) * self.s).astype(np.float32), (
            self.y - np.asarray(v) * self.s
        ).astype(np.float32)

    def limb(
        self,
        u0: Array | float,
        v0: Array | float,
        u1: Array | float,
        v1: Array | float,
        r0: float,
        r1: float,
        tone: Array,
    ) -> None:
        (ax, ay), (bx, by) = self.at(u0, v0), self.at(u1, v1)
        self.canvas.capsule(ax, ay, bx, by, r0 * self.s, r1 * self.s, tone)

    def blob(self, u: Array | float, v: Array | float, ru: Array | float, rv: float, tone: Array) -> None:
        x, y = self.at(u, v)
        self.canvas.ellipse(x, y, np.asarray(ru) * self.s + 1e-4, rv * self.s + 1e-4, tone)

    def box(self, u0: float, u1: float, v0: float, v1: float, tone: Array, round_by: float = 0.0) -> None:
        (ax, y1), (bx, y0) = self.at(u0, v0), self.at(u1, v1)
        self.canvas.box(np.minimum(ax, bx), np.maximum(ax, bx), y0, y1, tone, round_by * self.s)


def _shadow(canvas: Canvas, world: World, who: Subject, width: float) -> None:
    x, y, s = project(world, who.x, 0.0, who.z)
    w = np.full(world.frames, width, np.float32) * s
    before = canvas.marking
    canvas.marking = False
    window = canvas._window(x - w, x + w, y - w * 0.2, y + w * 0.2)
    if window is not None:
        f, c = window[0], (slice(None), None, None)
        px = (canvas.xs[window[2]][None, None, :] - x[f][c]) / w[f][c]
        py = (canvas.ys[window[1]][None, :, None] - y[f][c]) / (w[f][c] * 0.2 + 1e-4)
        canvas.pixels[window] *= (1 - 0.4 * np.clip(1.2 - np.hypot(px, py), 0, 1))[..., None]
    canvas.marking = before


def _person(pen: _Pen, who: Subject) -> None:
    cloth = COLOURS[who.colour]
    top, low = (
        pen.tone(cloth),
        pen.tone(((0.16, 0.18, 0.26), (0.30, 0.27, 0.24), (0.22, 0.22, 0.24))[int(who.looks[0] * 3)]),
    )
    skin = pen.tone(_SKINS[int(who.looks[1] * 4)])
    hair = pen.tone(_HAIRS[int(who.looks[2] * 5)])
    dark = pen.tone((0.12, 0.10, 0.10))
    long_hair, coat = who.looks[3] < 0.45, who.looks[4] < 0.35
    moving = who.action in ("walks", "runs", "enters", "leaves", "approaches")
    wide = {"runs": 0.42, "walks": 0.28}.get(who.action, 0.24) if moving else 0.0
    if who.facing == 0:
        wide *= 0.35
    swing = np.sin(2 * np.pi * who.stride).astype(np.float32) * wide
    # Who walks is highest over one foot, who runs between two.
    turn_of_step = np.sin if who.action == "runs" else np.cos
    bob = np.abs(turn_of_step(2 * np.pi * who.stride)).astype(np.float32) * (0.04 if moving else 0.0)
    lean = 0.12 if who.action == "runs" and who.facing else 0.0
    turn = (
        np.cos(np.pi * who.stride * 0.5).astype(np.float32)
        if who.action == "turns"
        else np.full(len(who.x), 1.0, np.float32)
    )
    front = who.facing == 0
    spread = 0.11 if front else 0.05
    hip = 0.86 + bob
    for side, s in ((-1, -swing), (1, swing)):
        knee = np.maximum(0, -s) * 0.5
        pen.limb(side * spread, hip, side * spread + s, 0.06 + knee * 0.5, 0.085, 0.06, low if side > 0 else low * 0.8)
        pen.limb(
            side * spread + s,
            0.05 + knee * 0.5,
            side * spread + s + (0.0 if front else 0.10),
            0.04 + knee * 0.5,
            0.05,
            0.045,
            dark,
        )
    if long_hair:
        pen.limb(-0.02 + lean, 1.60 + bob, -0.04 + lean, 1.36 + bob, 0.13, 0.12, hair)
    arm = swing * 0.8
    wave = who.action == "waves"
    pen.limb(
        -0.2 * (1 if front else 0.2) + lean,
        1.38 + bob,
        -arm - (0.25 if front else 0),
        0.86 + bob,
        0.06,
        0.05,
        top * 0.75,
    )
    pen.limb(0, hip - (0.22 if coat else 0.0), lean, 1.34 + bob, 0.20 if not coat else 0.23, 0.19, top)
    if wave:
        hand = 0.42 + 0.12 * np.sin(2 * np.pi * who.stride * 1.6)
        pen.limb(0.2 + lean, 1.38, hand, 1.86, 0.06, 0.05, top * 0.9)
        pen.blob(hand, 1.9, 0.06, 0.06, skin)
    else:
        pen.limb(
            0.2 * (1 if front else 0.2) + lean,
            1.38 + bob,
            arm + (0.25 if front else 0.02),
            0.86 + bob,
            0.06,
            0.05,
            top * 0.9,
        )
        pen.blob(arm + (0.25 if front else 0.02), 0.83 + bob, 0.055, 0.055, skin)
    pen.limb(lean, 1.40 + bob, lean, 1.52 + bob, 0.06, 0.06, skin * 0.9)
    pen.blob(lean - 0.01, 1.66 + bob, 0.135, 0.145, hair)
    face = (0.0 if front else 0.03) * turn + lean
    pen.blob(face, 1.61 + bob, 0.11, 0.135, skin)
    pen.limb(lean - 0.05, 1.735 + bob, lean + 0.05, 1.735 + bob, 0.055, 0.05, hair)
    if front:
        pen.blob(face - 0.045, 1.63 + bob, 0.016, 0.018, dark)
        pen.blob(face + 0.045, 1.63 + bob, 0.016, 0.018, dark)
        pen.limb(face, 1.615 + bob, face, 1.585 + bob, 0.012, 0.016, skin * 0.82)
    else:
        pen.blob(face + 0.065 * turn, 1.63 + bob, 0.015, 0.018, dark)
        pen.blob(face + 0.11 * turn, 1.595 + bob, 0.025, 0.02, skin)
    open_by = 0.012 + (0.018 * np.abs(np.sin(2 * np.pi * who.stride * 2.2)) if who.action == "talks" else 0)
    pen.limb(
        face + (0 if front else 0.06) - 0.022,
        1.535 + bob,
        face + (0 if front else 0.06) + 0.022,
        1.535 + bob,
        0.011,
        0.011,
        pen.tone((0.6, 0.25, 0.22)),
    )
    if who.action == "talks":
        x, y = pen.at(face + (0 if front else 0.06), 1.53)
        pen.canvas.ellipse(
            x, y, 0.024 * pen.s, np.asarray(open_by * pen.s, np.float32) + 1e-4, pen.tone((0.35, 0.1, 0.1))
        )


def _car(pen: _Pen, who: Subject) -> None:
    paint, glass = pen.tone(COLOURS[who.colour]), pen.tone((0.30, 0.40, 0.48))
    tyre, hub = pen.tone((0.08, 0.08, 0.09)), pen.tone((0.6, 0.6, 0.62))
    if who.facing == 0:
        pen.box(-0.8, -0.5, 0.0, 0.5, tyre)
        pen.box(0.5, 0.8, 0.0, 0.5, tyre)
        pen.box(-0.9, 0.9, 0.28, 0.95, paint, 0.15)
        pen.box(-0.7, 0.7, 0.85, 1.45, paint * 0.9, 0.2)
        pen.box(-0.6, 0.6, 0.95, 1.35, glass, 0.12)
        for u in (-0.65, 0.65):
            pen.blob(u, 0.68, 0.13, 0.1, pen.tone((1, 0.97, 0.8)))
        return
    pen.box(-1.1, 0.75, 0.75, 1.42, paint, 0.35)
    pen.box(-0.95, -0.22, 0.88, 1.30, glass, 0.14)
    pen.box(-0.12, 0.60, 0.88, 1.30, glass, 0.14)
    pen.box(-2.1, 2.1, 0.28, 0.92, paint, 0.22)
    pen.box(-2.05, 2.05, 0.28, 0.45, paint * 0.7, 0.08)
    for u in (-1.3, 1.3):
        pen.blob(u, 0.34, 0.36, 0.36, tyre)
        pen.blob(u, 0.34, 0.17, 0.17, hub)
    pen.blob(2.0, 0.68, 0.1, 0.1, pen.tone((1, 0.97, 0.75)))
    pen.blob(-2.03, 0.70, 0.07, 0.09, pen.tone((0.9, 0.1, 0.1)))


def _beast(pen: _Pen, who: Subject, size: float, horse: bool) -> None:
    fur = COLOURS[who.colour]
    coat, dark = pen.tone(fur), pen.tone(fur, 0.7)
    moving = who.action in ("walks", "runs", "enters", "leaves", "approaches")
    swing = np.sin(2 * np.pi * who.stride * 1.3).astype(np.float32) * (0.16 if who.action == "runs" else 0.09) * moving
    for u, sign, tone in ((-0.34, 1, dark), (0.30, -1, dark), (-0.28, -1, coat), (0.36, 1, coat)):
        pen.limb(u * size, 0.42 * size, (u + sign * swing) * size, 0.03, 0.055 * size, 0.045 * size, tone)
    pen.limb(-0.32 * size, 0.52 * size, 0.34 * size, 0.54 * size, 0.15 * size, 0.16 * size, coat)
    high = 0.98 if horse else 0.74
    pen.limb(0.38 * size, 0.58 * size, 0.54 * size, high * size, 0.11 * size, 0.08 * size, coat)
    pen.limb(0.54 * size, high * size, 0.72 * size, (high - 0.08) * size, 0.10 * size, 0.06 * size, coat)
    pen.blob(0.5 * size, (high + 0.09) * size, 0.04 * size, 0.07 * size, dark)
    pen.blob(0.6 * size, (high + 0.03) * size, 0.02 * size, 0.02 * size, pen.tone((0.05, 0.05, 0.05)))
    tail = np.sin(2 * np.pi * (who.stride + np.arange(len(who.x)) / 12)).astype(np.float32) * 0.06
    if horse:
        pen.limb(0.40 * size, 0.72 * size, 0.50 * size, 1.02 * size, 0.07 * size, 0.05 * size, dark)
        pen.limb(-0.44 * size, 0.58 * size, (-0.56 + tail) * size, 0.22 * size, 0.05 * size, 0.04 * size, dark)
    else:
        pen.limb(-0.44 * size, 0.58 * size, -0.60 * size, (0.80 + tail) * size, 0.045 * size, 0.03 * size, coat)


def _ball(pen: _Pen, who: Subject) -> None:
    paint = COLOURS[who.colour]
    pen.blob(0, 0.3, 0.3, 0.3, pen.tone(paint))
    turn = -who.facing * 0 + who.x / 0.3 * (who.facing or 1)
    pen.blob(0.15 * np.sin(turn), 0.3 + 0.15 * np.cos(turn), 0.09, 0.09, pen.tone((0.97, 0.97, 0.95)))


def _boat(pen: _Pen, who: Subject) -> None:
    paint = pen.tone(COLOURS[who.colour])
    rock = 0.06 * np.sin(np.arange(len(who.x), dtype=np.float32) * 0.4)
    for k in range(4):
        pen.limb(
            -1.7 + 0.12 * k,
            0.75 - 0.15 * k + rock,
            1.8 - 0.2 * k,
            0.75 - 0.15 * k + rock,
            0.1,
            0.1,
            paint if k else paint * 0.85,
        )
    pen.limb(0, 0.7 + rock, 0, 3.3 + rock, 0.05, 0.04, pen.tone((0.4, 0.28, 0.16)))
    for k in range(7):
        v = 1.1 + 0.3 * k
        pen.limb(0.1, v + rock, 1.35 - 0.18 * k, v + rock, 0.16, 0.16, pen.tone((0.95, 0.94, 0.9)))


def _door(pen: _Pen, who: Subject) -> None:
    pen.box(-0.58, 0.58, 0.0, 2.16, pen.tone((0.9, 0.88, 0.84)))
    if who.action == "opens":
        pen.box(-0.48, 0.48, 0.0, 2.05, pen.tone((0.10, 0.09, 0.10)))
        ajar = np.cos(np.clip(who.stride * 1.3, 0, 1.3))
        (ax, y1), (_, y0) = pen.at(-0.48, 0.0), pen.at(0.0, 2.05)
        bx, _ = pen.at(-0.48 + 0.96 * ajar, 0.0)
        pen.canvas.box(np.minimum(ax, bx), np.maximum(ax, bx), y0, y1, pen.tone(COLOURS[who.colour]))
        return
    pen.box(-0.48, 0.48, 0.0, 2.05, pen.tone(COLOURS[who.colour]))
    pen.blob(0.36, 1.0, 0.05, 0.05, pen.tone((0.9, 0.8, 0.4)))


_SHADOWS = {"person": 0.45, "car": 2.3, "dog": 0.5, "horse": 1.2, "ball": 0.35, "boat": 0.0, "tree": 1.2, "door": 0.0}


def draw_subject(canvas: Canvas, world: World, light: Light, rng: np.random.Generator, who: Subject) -> None:
    """One subject, marked in the canvas's mask."""
    if _SHADOWS[who.kind]:
        _shadow(canvas, world, who, _SHADOWS[who.kind])
    canvas.marking = True
    canvas.stand(who.z - world.camera.z)
    pen = _Pen(canvas, world, light, who)
    match who.kind:
        case "person":
            _person(pen, who)
        case "car":
            _car(pen, who)
        case "dog":
            _beast(pen, who, 0.8, False)
        case "horse":
            _beast(pen, who, 1.7, True)
        case "ball":
            _ball(pen, who)
        case "boat":
            _boat(pen, who)
        case "door":
            _door(pen, who)
        case "tree":
            tone = COLOURS[who.colour] if who.colour in ("green", "orange", "yellow", "red") else (0.16, 0.42, 0.18)
            draw_tree(canvas, world, light, rng, float(who.x[0]), float(who.z[0]), 3.6, False, tone)
    canvas.marking = False
