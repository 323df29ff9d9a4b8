"""The places: sky, ground and what stands around, as layers at their distances."""

from __future__ import annotations

import numpy as np

from .brush import Array, Canvas
from .light import Light, lit
from .scene import World

FOCAL = 1.0
_noise_rng = np.random.default_rng(11)


def _smooth_noise(size: int, octaves: tuple[int, ...]) -> Array:
    total = np.zeros((size, size), np.float32)
    for n in octaves:
        grid = _noise_rng.random((n, n)).astype(np.float32)
        idx = np.arange(size) * n / size
        i0 = idx.astype(int) % n
        i1 = (i0 + 1) % n
        f = (idx - idx.astype(int)).astype(np.float32)
        f = f * f * (3 - 2 * f)
        rows = grid[i0] * (1 - f)[:, None] + grid[i1] * f[:, None]
        total += (rows[:, i0] * (1 - f)[None] + rows[:, i1] * f[None]) / len(octaves)
    return (total - total.min()) / np.ptp(total)


NOISE = _smooth_noise(256, (8, 16, 32, 64))
RIDGES = [_smooth_noise(256, (4, 8, 16, 32))[i * 20] for i in range(6)]


def project(world: World, x: Array | float, y: Array | float, z: Array | float) -> tuple[Array, Array, Array]:
    """World metres to the canvas: x, y in frame heights (y downward) and the scale, all (frames,)."""
    cam = world.camera
    depth = np.maximum(z - cam.z, 0.15)
    scale = (FOCAL / depth).astype(np.float32)
    sx = (np.asarray(x) - cam.x) * scale + cam.pan
    sy = -(np.asarray(y) - cam.y) * scale + cam.tilt
    return sx.astype(np.float32), sy.astype(np.float32), scale


def _row(world: World) -> Array:
    return world.camera.tilt[:, None]


def draw_sky(canvas: Canvas, world: World, light: Light, rng: np.random.Generator) -> None:
    """Gradient, sun or moon, stars, clouds."""
    up = np.clip((world.camera.tilt[:, None] - canvas.ys[None, :]) / 0.65, 0, 1) ** 0.8
    sky = light.horizon + (light.zenith - light.horizon) * up[..., None]
    canvas.pixels[:] = sky[:, :, None, :]
    pan, tilt = world.camera.pan, world.camera.tilt
    clear = world.weather == "clear"
    if world.time == "night" and clear:
        for _ in range(26):
            x, y = rng.uniform(-1.3, 1.3), rng.uniform(0.08, 0.9)
            r = np.full(world.frames, rng.uniform(0.004, 0.008), np.float32)
            canvas.ellipse(x + pan, tilt - y, r, r, (0.8, 0.82, 0.9))
    if clear and rng.random() < 0.8:
        x = rng.uniform(-0.75, 0.75)
        y = {"dawn": 0.08, "day": 0.36, "sunset": 0.07, "night": 0.34}[world.time] + rng.uniform(-0.02, 0.08)
        r = np.full(world.frames, 0.075 if world.time in ("dawn", "sunset") else 0.05, np.float32)
        tone = {"dawn": (1, 0.9, 0.75), "day": (1, 0.98, 0.85), "sunset": (1, 0.82, 0.38), "night": (0.92, 0.93, 0.86)}
        d = np.hypot(
            canvas.xs[None, None, :] - x - pan[:, None, None], canvas.ys[None, :, None] + y - tilt[:, None, None]
        )
        glow = np.clip(1 - d / 0.55, 0, 1) ** 2 * (0.5 if world.time != "night" else 0.2)
        canvas.pixels += glow[..., None] * (np.array(tone[world.time], np.float32) - canvas.pixels)
        canvas.ellipse(x + pan, tilt - y, r, r, tone[world.time])
    if rng.random() < 0.65:
        white = light.horizon * 0.45 + 0.55 * (np.ones(3, np.float32) if world.time == "day" else light.horizon)
        for _ in range(int(rng.integers(2, 6))):
            x, y, w = rng.uniform(-1.2, 1.2), rng.uniform(0.2, 0.55), rng.uniform(0.08, 0.22)
            for k in range(3):
                ww = np.full(world.frames, w * (1 - 0.25 * k), np.float32)
                canvas.ellipse(x + (k - 1) * w * 0.7 + pan, tilt - y - 0.01 * k, ww, ww * 0.28, white)


_GROUND = {
    "street": ((0.34, 0.34, 0.36), 0.10),
    "forest": ((0.25, 0.33, 0.16), 0.28),
    "desert": ((0.86, 0.68, 0.42), 0.14),
    "snow": ((0.93, 0.95, 0.98), 0.08),
    "sea": ((0.88, 0.78, 0.58), 0.12),
    "hills": ((0.40, 0.58, 0.24), 0.22),
    "city": ((0.46, 0.46, 0.48), 0.10),
}


def draw_ground(canvas: Canvas, world: World, light: Light) -> None:
    """The ground plane with grain that moves as the camera does; water beyond the beach at sea."""
    cam = world.camera
    colour, rough = _GROUND[world.place]
    below = canvas.ys[None, :] - cam.tilt[:, None]
    ground = below > 0.002
    depth = np.where(ground, cam.y[:, None] * FOCAL / np.maximum(below, 0.002), 1e3).astype(np.float32)
    zz = depth + cam.z[:, None]
    xx = (canvas.xs[None, None, :] - cam.pan[:, None, None]) * depth[..., None] / FOCAL + cam.x[:, None, None]
    fade = np.exp(-depth / 9.0)[..., None]
    iu = (xx * 22).astype(np.int32) & 255
    iv = (np.broadcast_to(zz[..., None], xx.shape) * 22).astype(np.int32) & 255
    grain = (NOISE[iu, iv] - 0.5) * fade
    iu = (xx * 2.5).astype(np.int32) & 255
    iv = (np.broadcast_to(zz[..., None], xx.shape) * 2.5).astype(np.int32) & 255
    grain = grain + (NOISE[iu, iv] - 0.5) * np.exp(-depth / 60.0)[..., None]
    base = np.asarray(colour, np.float32) * light.tint
    tone = base * (1 + rough * 1.6 * grain[..., None])
    if world.place == "street":
        road = np.abs(xx + 0.0) < 3.6
        side = np.array((0.55, 0.54, 0.52), np.float32) * light.tint * (1 + 0.1 * grain[..., None])
        tone = np.where(road[..., None], tone, side)
        dash = (np.abs(xx) < 0.10) & ((zz[..., None] % 4.0) < 2.0)
        kerb = np.abs(np.abs(xx) - 3.6) < 0.12
        tone = np.where(dash[..., None], np.array((0.9, 0.88, 0.75), np.float32) * light.tint, tone)
        tone = np.where(kerb[..., None], np.array((0.75, 0.75, 0.75), np.float32) * light.tint, tone)
    elif world.place == "sea":
        shore = world.shore + 0.5 * np.sin(xx * 0.5)
        water = zz[..., None] > shore
        wave = np.sin(zz[..., None] * 1.6 + xx * 0.25 + np.arange(world.frames, dtype=np.float32)[:, None, None] * 0.5)
        blue = np.array((0.16, 0.40, 0.58), np.float32) * light.tint * 0.8 + light.horizon * 0.2
        sea = blue * (1 + 0.16 * (wave * np.exp(-depth / 40)[..., None])[..., None])
        foam = np.abs(zz[..., None] - shore - 0.25) < 0.22
        tone = np.where(water[..., None], sea, tone)
        tone = np.where(foam[..., None], np.array((0.95, 0.97, 0.98), np.float32) * light.tint, tone)
    away = (1 - np.exp(-depth / light.haze_far))[..., None, None]
    tone = tone * (1 - away) + light.haze * away
    cover = np.clip(below * canvas.unit + 0.5, 0, 1)[..., None, None]
    canvas.pixels += cover * (tone - canvas.pixels)
    canvas.nearness += cover[..., 0] * (1 / depth[..., None] - canvas.nearness)


def draw_ridge(
    canvas: Canvas, world: World, light: Light, z: float, tall: float, colour: tuple[float, float, float], kind: int
) -> None:
    """Hills or mountains as a line at a distance."""
    cam = world.camera
    scale = FOCAL / np.maximum(z - cam.z, 1.0)
    wx = (canvas.xs[None, :] - cam.pan[:, None]) / scale[:, None] + cam.x[:, None]
    u = wx / (tall * 14) * 256
    i0 = np.floor(u).astype(np.int32)
    f = (u - i0).astype(np.float32)
    line = RIDGES[kind][i0 & 255] * (1 - f) + RIDGES[kind][(i0 + 1) & 255] * f
    top = -(line * tall - cam.y[:, None]) * scale[:, None] + cam.tilt[:, None]
    canvas.stand(z - cam.z)
    canvas.ridge(top.astype(np.float32), lit(light, colour, z * 0.55))


def draw_box(
    canvas: Canvas,
    world: World,
    light: Light,
    x: float,
    z: float,
    w: float,
    h: float,
    colour: tuple[float, float, float],
    y: float = 0.0,
) -> None:
    """An upright flat thing: a building, a wall, a sign."""
    x0, y1, _ = project(world, x - w / 2, y, z)
    x1, y0, _ = project(world, x + w / 2, y + h, z)
    canvas.stand(z - world.camera.z)
    canvas.box(x0, x1, y0, y1, lit(light, colour, z))


def draw_building(
    canvas: Canvas, world: World, light: Light, rng: np.random.Generator, x: float, z: float, w: float, h: float
) -> None:
    """A house or tower with windows, lit at night."""
    grey = rng.uniform(0.35, 0.75)
    tone = tuple(float(np.clip(grey + rng.uniform(-0.12, 0.12), 0, 1)) for _ in range(3))
    draw_box(canvas, world, light, x, z, w, h, tone)  # type: ignore[arg-type]
    dark = world.time in ("night", "sunset")
    cols, rows = max(2, int(w / 2.4)), max(1, int(h / 3.2))
    for i in range(cols):
        for j in range(min(rows, 7)):
            on = dark and rng.random() < 0.5
            glass = np.array((1.0, 0.85, 0.45), np.float32) if on else lit(light, (0.22, 0.28, 0.36), z)
            px = x - w / 2 + (i + 0.5) * w / cols
            py = 1.2 + j * h / max(rows, 1)
            if py + 1.3 > h:
                continue
            x0, y1, _ = project(world, px - w / cols * 0.27, py, z)
            x1, y0, _ = project(world, px + w / cols * 0.27, py + 1.4, z)
            canvas.box(x0, x1, y0, y1, glass)


def draw_tree(
    canvas: Canvas,
    world: World,
    light: Light,
    rng: np.random.Generator,
    x: float,
    z: float,
    tall: float,
    pine: bool,
    tone: tuple[float, float, float] | None = None,
) -> None:
    """A pine or a round tree."""
    green = tone or (0.10 + 0.12 * rng.random(), 0.30 + 0.18 * rng.random(), 0.12 + 0.06 * rng.random())
    bark = lit(light, (0.30, 0.21, 0.14), z)
    sx, foot, s = project(world, x, 0, z)
    r = 0.045 * tall * s
    canvas.stand(z - world.camera.z)
    canvas.capsule(sx, foot, sx, foot - tall * 0.55 * s, r, r * 0.6, bark)
    leaf, dark = lit(light, green, z), lit(light, tuple(c * 0.72 for c in green), z)  # type: ignore[arg-type]
    if pine:
        for k in range(4):
            y = foot - tall * (0.28 + 0.19 * k) * s
            canvas.capsule(
                sx, y, sx, y - tall * 0.16 * s, tall * (0.19 - 0.038 * k) * s, tall * 0.02 * s, leaf if k % 2 else dark
            )
    else:
        for dx, dy, rr, c in (
            (-0.13, 0.62, 0.17, dark),
            (0.14, 0.60, 0.17, dark),
            (0.0, 0.72, 0.23, leaf),
            (-0.05, 0.8, 0.13, leaf),
        ):
            canvas.ellipse(sx + dx * tall * s, foot - dy * tall * s, rr * tall * s, rr * tall * s, c)


# What falls on walls and people in a room; at night that of a lamp, as films light them.
INDOORS = {
    "dawn": (0.92, 0.84, 0.80),
    "day": (1.0, 0.99, 0.95),
    "sunset": (1.0, 0.78, 0.58),
    "night": (0.70, 0.58, 0.45),
}


def draw_room(canvas: Canvas, world: World, light: Light, rng: np.random.Generator) -> None:
    """A room: back wall, side walls, floor, ceiling, with a window, a picture, a table or a lamp."""
    cam = world.camera
    deep = 7.5
    wide, high = rng.uniform(6.5, 9.0), 2.9
    wall = np.array(
        [(0.78, 0.70, 0.58), (0.62, 0.70, 0.72), (0.74, 0.62, 0.58), (0.68, 0.72, 0.60), (0.80, 0.78, 0.74)][
            rng.integers(5)
        ],
        np.float32,
    )
    floor = np.array([(0.46, 0.32, 0.20), (0.40, 0.38, 0.38), (0.56, 0.46, 0.34)][rng.integers(3)], np.float32)
    night = world.time == "night"
    tint = np.array(INDOORS[world.time], np.float32) * np.float32(0.9 if night else 1)
    px = canvas.xs[None, None, :] - cam.pan[:, None, None]
    py = canvas.ys[None, :, None] - cam.tilt[:, None, None]
    c = (slice(None), None, None)
    far = np.broadcast_to((deep - cam.z)[c], (world.frames, canvas.height, canvas.width))
    side = np.where(px > 0, (wide / 2 - cam.x[c]), (-wide / 2 - cam.x[c])) / np.where(np.abs(px) < 1e-4, 1e-4, px)
    down = np.where(py > 0, cam.y[c], (cam.y - high)[c]) / np.where(np.abs(py) < 1e-4, 1e-4, py)
    t = np.minimum(np.minimum(far, np.abs(side)), np.abs(down))
    shade = np.where(t == far, 0.92, np.where(t == np.abs(down), np.where(py > 0, 0.9, 1.08), 0.74))
    flat = np.where((t == np.abs(down)) & (py > 0), 1, 0)
    wx, wz = px * t + cam.x[c], t + cam.z[c]
    boards = ((wx * 2.2).astype(np.int32) & 1) * 0.10
    tone = np.where(flat[..., None] == 1, floor * (1 - boards[..., None]), wall)
    fall = np.clip(1.08 - 0.05 * wz, 0.55, 1.1)
    canvas.pixels[:] = tone * (shade * fall)[..., None] * tint
    canvas.nearness[:] = 1 / np.maximum(t, 0.15)
    inside = Light(light.zenith, light.horizon, tint, tint * 0.5, 400.0)
    wx0 = rng.uniform(-wide / 2 + 0.6, wide / 2 - 2.4)
    draw_box(canvas, world, inside, wx0 + 0.8, deep, 1.7, 1.35, (0.95, 0.94, 0.92), 0.95)
    x0, y1, _ = project(world, wx0 + 0.05, 1.02, deep)
    x1, y0, _ = project(world, wx0 + 1.55, 2.22, deep)
    canvas.box(x0, x1, y0, y1, light.horizon * 0.6 + light.zenith * 0.4)
    xm, _, s = project(world, wx0 + 0.8, 0, deep)
    canvas.box(xm - 0.03 * s, xm + 0.03 * s, y0, y1, tint * 0.9)
    if rng.random() < 0.6:
        draw_box(canvas, world, inside, -wx0 * 0.8, deep, 1.0, 0.7, tuple(rng.uniform(0.2, 0.8, 3)), 1.5)
    if rng.random() < 0.6 or night:
        x, z = rng.uniform(-2.2, 2.2), rng.uniform(5.2, 6.6)
        draw_box(canvas, world, inside, x, z, 1.7, 0.10, (0.42, 0.27, 0.15), 0.72)
        for dx in (-0.75, 0.75):
            draw_box(canvas, world, inside, x + dx, z, 0.09, 0.72, (0.34, 0.22, 0.12))
        if rng.random() < 0.6 or night:
            sx, sy, s = project(world, x + 0.5, 0.82, z)
            canvas.stand(z - cam.z)
            canvas.capsule(sx, sy, sx, sy - 0.3 * s, 0.03 * s, 0.03 * s, (0.25, 0.2, 0.15))
            lamp = (1.0, 0.86, 0.5) if night else (0.9, 0.85, 0.7)
            canvas.capsule(sx, sy - 0.3 * s, sx, sy - 0.48 * s, 0.2 * s, 0.1 * s, lamp)
            if night:
                d = np.hypot(canvas.xs[None, None] - sx[c], canvas.ys[None, :, None] - (sy - 0.35 * s)[c]) / s[c]
                canvas.pixels *= (1 + 0.8 * np.clip(1 - d / 2.2, 0, 1) ** 2)[..., None] * np.array(
                    (1, 0.97, 0.9), np.float32
                )


def draw_place(canvas: Canvas, world: World, light: Light, rng: np.random.Generator) -> None:
    """Everything but the subjects and the weather."""
    place = world.place
    if place == "room":
        draw_room(canvas, world, light, rng)
        return
    draw_sky(canvas, world, light, rng)
    if place == "desert":
        draw_ridge(canvas, world, light, 150, rng.uniform(14, 26), (0.72, 0.46, 0.30), 0)
        draw_ridge(canvas, world, light, 60, rng.uniform(4, 8), (0.84, 0.62, 0.38), 1)
    elif place == "snow":
        draw_ridge(canvas, world, light, 170, rng.uniform(40, 65), (0.72, 0.78, 0.88), 2)
        draw_ridge(canvas, world, light, 70, rng.uniform(6, 12), (0.88, 0.91, 0.96), 3)
    elif place == "hills":
        draw_ridge(canvas, world, light, 160, rng.uniform(30, 50), (0.34, 0.46, 0.50), 2)
        draw_ridge(canvas, world, light, 90, rng.uniform(12, 20), (0.28, 0.48, 0.22), 4)
        draw_ridge(canvas, world, light, 45, rng.uniform(4, 7), (0.36, 0.56, 0.24), 5)
    elif place == "forest":
        draw_ridge(canvas, world, light, 60, rng.uniform(12, 16), (0.10, 0.24, 0.14), 3)
    elif place == "city":
        for z, n in ((140.0, 13), (80.0, 9), (45.0, 6)):
            for x in np.linspace(-z * 1.1, z * 1.1, n) + rng.uniform(-3, 3):
                draw_building(
                    canvas, world, light, rng, float(x), z, z * rng.uniform(0.10, 0.17), z * rng.uniform(0.18, 0.5)
                )
    draw_ground(canvas, world, light)
    if place == "street":
        for z in (34.0, 26.0, 19.0, 13.0):
            for side in (-1, 1):
                w = rng.uniform(5.5, 7.5)
                draw_building(
                    canvas, world, light, rng, side * (6.2 + w / 2 + (z - 13) * 0.05), z, w, rng.uniform(5, 11)
                )
        for z in (22.0, 11.0):
            for side in (-1, 1):
                sx, foot, s = project(world, side * 4.3, 0, z)
                canvas.stand(z - world.camera.z)
                canvas.capsule(sx, foot, sx, foot - 4.2 * s, 0.06 * s, 0.05 * s, lit(light, (0.2, 0.2, 0.22), z))
                lamp = (1.0, 0.9, 0.6) if world.time in ("night", "sunset") else lit(light, (0.8, 0.8, 0.78), z)
                canvas.ellipse(sx, foot - 4.3 * s, 0.2 * s, 0.14 * s, lamp)
    elif place in ("forest", "hills", "snow"):
        count = {"forest": 16, "hills": 5, "snow": 6}[place]
        pine = place != "hills" and rng.random() < 0.85
        spots = sorted(((rng.uniform(8, 38), rng.uniform(-1.1, 1.1)) for _ in range(count)), reverse=True)
        for z, u in spots:
            white = (0.55, 0.65, 0.62) if place == "snow" and rng.random() < 0.5 else None
            draw_tree(canvas, world, light, rng, u * z, z, rng.uniform(5, 9), pine, white)
    elif place == "desert":
        for _ in range(int(rng.integers(0, 5))):
            z = rng.uniform(9, 30)
            sx, foot, s = project(world, rng.uniform(-1, 1) * z, 0, z)
            canvas.stand(z - world.camera.z)
            if rng.random() < 0.5:
                tone = lit(light, (0.25, 0.45, 0.22), z)
                canvas.capsule(sx, foot, sx, foot - 2.2 * s, 0.2 * s, 0.18 * s, tone)
                canvas.capsule(sx + 0.2 * s, foot - 1.0 * s, sx + 0.6 * s, foot - 1.4 * s, 0.12 * s, 0.12 * s, tone)
            else:
                canvas.ellipse(sx, foot, rng.uniform(0.4, 1.1) * s, 0.45 * s, lit(light, (0.6, 0.44, 0.3), z))
