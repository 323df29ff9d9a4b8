"""Where the camera was in pictures of which the depth is known.

Its place in each is the one from which what another picture shows lies as far away as this one says (Y. Chen and
G. Medioni, “Object modelling by registration of multiple range images”, 1992); what does not fit has no say.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from .distance import Floats
from .layers import Array

Flags = npt.NDArray[np.bool_]
_FLOOR = 0.05  # of nearness, added before its logarithm is compared
_DOUBTS = (0.3, 0.08)  # of that logarithm: misses beyond it have little say; first round, then later ones
_ROUNDS = 8
_STILL = 1e-4  # of the pixels' say, that nothing moved has
_SURER = 1.05  # times better, that a camera which moved must explain a picture
_MOST = 0.3  # frame heights, or distances, that a track may change in one of them
_OUTSIDE = -9.0  # stands for what a picture does not show
_SHARED = 0.45  # of a picture, that the one it is held against must show


def camera_tracks(near: Floats, still: Flags, at: int, start: Array) -> Array:
    """The camera's tracks (pictures, 5) of CAMERA_TRACKS in pictures of nearness (pictures, rows, columns).

    `still` is where they show no element. In the picture `at` they are as at the `start`.
    """
    found = np.zeros((len(near), len(start)))
    found[at] = start
    smooth = [cv2.GaussianBlur(each, (0, 0), 0.8) for each in near]
    for way in (-1, 1):
        key, going = at, np.zeros(len(start))
        for i in range(at + way, len(near) if way > 0 else -1, way):
            guess = found[i - way] + going
            view = _View(smooth[key], smooth[i], still[key], still[i], found[key])
            if key != i - way and view.shared(guess) < _SHARED:
                key = i - way
                view = _View(smooth[key], smooth[i], still[key], still[i], found[key])
            found[i] = view.camera(guess)
            going = found[i] - found[i - way]
    return found


class _View:
    """What one picture shows, seen by another's camera."""

    def __init__(
        self,
        key: Floats,
        near: Floats,
        of_key: Flags,
        of_near: Flags,
        camera: Array,
    ) -> None:
        rows, columns = key.shape
        ys, xs = np.mgrid[:rows, :columns].astype(np.float32)
        self._rows, self._columns = rows, columns
        self._near, self._camera = key[of_key], camera
        self._x = ((xs + 0.5 - columns / 2) / rows)[of_key] - camera[3]
        self._y = ((ys + 0.5 - rows / 2) / rows)[of_key] - camera[4]
        self._there = np.log(near + _FLOOR)
        self._slopes = [cv2.Sobel(self._there, cv2.CV_32F, *way, scale=rows / 8) for way in ((1, 0), (0, 1))]
        self._clear = of_near.astype(np.float32)

    def _seen(self, camera: Array) -> tuple[Floats, Floats, Floats]:
        """Pixels, across and down, at which a camera sees the points, and how near."""
        x, y, z = (camera - self._camera)[:3]
        grown = np.maximum(1 - z * self._near, 0.05)
        at_x = (self._x - x * self._near) / grown + camera[3]
        at_y = (self._y + y * self._near) / grown + camera[4]
        rows, columns = self._rows, self._columns
        return (
            (at_x * rows + columns / 2 - 0.5).astype(np.float32),
            (at_y * rows + rows / 2 - 0.5).astype(np.float32),
            self._near / grown,
        )

    def shared(self, camera: Array) -> float:
        """How many of the points the other picture shows."""
        at_x, at_y, _ = self._seen(camera)
        inside = (at_x >= 0) & (at_x <= self._columns - 1) & (at_y >= 0) & (at_y <= self._rows - 1)
        return float(inside.mean()) if inside.size else 0.0

    def _missed(self, camera: Array) -> tuple[Array, Array, Array]:
        """By how much the points are nearer or farther than the other picture says, how that changes with each track,
        (points, tracks), and which of them count."""
        at_x, at_y, near = self._seen(camera)
        at = at_x[:, None], at_y[:, None]
        there, clear, across, down = (
            cv2.remap(picture, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_OUTSIDE)[:, 0]
            for picture in (self._there, self._clear, *self._slopes)
        )
        x, y = (at_x - self._columns / 2 + 0.5) / self._rows, (at_y - self._rows / 2 + 0.5) / self._rows
        one = np.ones_like(near)
        nearer = near**2 / (near + _FLOOR)
        by_z = across * (x - camera[3]) * near + down * (y - camera[4]) * near - nearer
        lean = np.stack([-across * near, down * near, by_z, across * one, down * one], 1)
        counts = (clear > 0.99) & (there > _OUTSIDE / 2)
        return there - np.log(near + _FLOOR), lean.astype(np.float64), counts.astype(np.float64)

    def camera(self, start: Array) -> Array:
        """The camera's tracks in the other picture, from a guess (Gauss and Newton's method, weighted)."""
        found = start.copy()
        if not self._near.size:
            return self._camera.copy()
        for turn in range(_ROUNDS):
            missed, lean, counts = self._missed(found)
            if not counts.any():
                return self._camera.copy()
            weight = (counts / (1 + (missed / _DOUBTS[min(turn // 3, 1)]) ** 2) ** 2)[:, None]
            square = (lean * weight).T @ lean
            held = np.eye(len(found)) * (_STILL * np.trace(square) / len(found) + 1e-9)
            pull = held @ (self._camera - found) - (lean * weight).T @ missed
            found = found + np.clip(np.linalg.solve(square + held, pull), -_MOST, _MOST)
        return min((self._camera, start, found), key=lambda camera: self._misses(camera, camera is found))

    def _misses(self, camera: Array, moved: bool) -> float:
        """How much a camera misses in all, 0 to 1; one that moved has to be better than one that did not."""
        missed, _, counts = self._missed(camera)
        if not counts.any():
            return np.inf
        off = (missed / _DOUBTS[-1]) ** 2
        return float(np.average(off / (1 + off), weights=counts)) * (_SURER if moved else 1.0)
