"""What a shot asks a model for, and how the take of it is written down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import ProjectError
from ..film import ProjectSettings, Shot
from ..film.take import take_number
from ..protocol import Delivery, Known, MediaRange, Prompt, TakeRequest
from ..storage import sha256_of
from ..timing import FrameRange

_SLOT_SECONDS = 70  # longer than the longest take with its handles, so that neighbours' timecodes never meet
_SLOTS = 50


def take_request(
    settings: ProjectSettings, shot: Shot, seed: int, media_hash: Callable[[str], str], model: str = ""
) -> TakeRequest:
    """The request for one take of a shot, handles included.

    `media_hash` gives the SHA-256 of a panel by its path in the project. Raises UsageError where the shot is longer
    than any take can be.
    """
    handle = settings.handle_frames
    known = tuple(
        Known(
            FrameRange(handle + panel.at_frames, handle + panel.at_frames + 1),
            MediaRange(media_hash(panel.path)),
            "panel",
            fit=settings.panel_fit,
        )
        for panel in shot.panels
    )
    return TakeRequest(
        prompts=(Prompt(shot.prompt),),
        frames=shot.frames + 2 * handle,
        rate=settings.rate,
        size=settings.size,
        seed=seed,
        known=known,
        model=model or settings.model,
    )


class PanelHashes:
    """The SHA-256 of a project's panels by their paths, each file read once."""

    def __init__(self, film: Path) -> None:
        self._film = film
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The hash of the panel at a path relative to the film; raises ProjectError where it is gone."""
        if path not in self._known:
            try:
                self._known[path] = sha256_of(self._film / path)
            except OSError:
                raise ProjectError(
                    f"The panel {path} is missing.", "Put it back, or take it off its shot in the shot list."
                ) from None
        return self._known[path]


def cut_in_frames(settings: ProjectSettings, ordinal: int, key: str) -> int:
    """The timecode of a take's cut-in, in frames: its number as the hour, then a slot by the shot's place."""
    seconds = take_number(key) % 23 * 3600 + 60 + ordinal % _SLOTS * _SLOT_SECONDS
    return seconds * settings.rate.nominal


def take_delivery(settings: ProjectSettings, shot: Shot, ordinal: int, key: str) -> Delivery:
    """How the take `key` of the film's shot number `ordinal` (from 0) is written."""
    return Delivery(
        name=f"{shot.name}_{key}",
        codec=settings.codec,
        handle_frames=settings.handle_frames,
        start_frames=cut_in_frames(settings, ordinal, key) - settings.handle_frames,
        drop_frame=settings.drop_frame,
    )


def mezzanine_path(film: Path, output: str) -> str:
    """A finished file's path as the edit holds it: relative to the film, with forward slashes."""
    return Path(output).relative_to(film).as_posix()
