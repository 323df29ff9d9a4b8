"""From a scene to its frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .brush import Canvas
from .figures import draw_subject
from .light import Light, light_of
from .places import INDOORS, draw_place
from .scene import FRAMES, World


def draw_weather(canvas: Canvas, world: World, light: Light, rng: np.random.Generator) -> None:
    """Rain or snow, over all, where there is any."""
    if world.weather not in ("rain", "snow") or world.place == "room":
        return
    t = np.arange(world.frames, dtype=np.float32) * np.float32(world.seconds / FRAMES)
    rain = world.weather == "rain"
    for _ in range(34 if rain else 46):
        x0, y0, near = rng.uniform(-1, 1), rng.random(), rng.uniform(0.4, 1.0)
        fall = (2.6 if rain else 0.35) * near
        y = ((y0 + fall * t) % 1.2) - 0.6
        sway = 0 if rain else 0.03 * np.sin(t * 3 + y0 * 9)
        x = (x0 + world.camera.pan * 1.0 - 0.12 * t * (0.6 if not rain else 1.5) + sway + 1.0) % 2.0 - 1.0
        r = np.full(world.frames, (0.0035 if rain else 0.0085) * near, np.float32)
        tone = np.array((0.80, 0.84, 0.90) if world.time != "night" else (0.45, 0.50, 0.60), np.float32)
        tone = tone if rain else np.minimum(1, tone * 1.12)
        x, y = x.astype(np.float32), y.astype(np.float32)
        canvas.capsule(x, y, x - (0.012 if rain else 0), y + (0.06 * near if rain else 0.001), r, r, tone)


def indoor_light(world: World, light: Light) -> Light:
    """The light that falls on subjects: the place's own, in a room that of its lamps and windows."""
    if world.place != "room":
        return light
    return Light(light.zenith, light.horizon, np.array(INDOORS[world.time], np.float32), light.haze, 400.0)


def draw_subjects(canvas: Canvas, world: World, light: Light, rng: np.random.Generator) -> None:
    """The subjects, over a place."""
    inside = indoor_light(world, light)
    for who in sorted(world.subjects, key=lambda s: -float(s.z.mean())):
        draw_subject(canvas, world, inside, rng, who)


def draw_nearness(world: World, height: int = 72, width: int = 128) -> npt.NDArray[np.float32]:
    """How near all is that a scene's frames show, (frames, height, width), 1 over metres."""
    rng = np.random.default_rng(world.seed)
    canvas = Canvas(world.frames, height, width)
    light = light_of(world)
    draw_place(canvas, world, light, rng)
    draw_subjects(canvas, world, light, rng)
    return canvas.nearness


def draw_world(
    world: World, height: int = 72, width: int = 128
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """The frames (frames, height, width, 3) and the mask of its subjects (frames, height, width), 0 to 1."""
    rng = np.random.default_rng(world.seed)
    canvas = Canvas(world.frames, height, width)
    light = light_of(world)
    draw_place(canvas, world, light, rng)
    draw_subjects(canvas, world, light, rng)
    draw_weather(canvas, world, light, rng)
    return (np.clip(canvas.pixels, 0, 1) * 255 + 0.5).astype(np.uint8), canvas.mask
