"""A small film that has one of everything, and takes for it."""

from collections.abc import Callable

import pytest
from shotwright.core.film import DialogueLine, Panel, ProjectSettings, Shot, Take, Transition
from shotwright.core.timing import Rate

DISSOLVE = Transition("dissolve", 12, "DISSOLVE TO:")


def _shot(number: int, frames: int = 24, **more: object) -> Shot:
    name = f"SC010_SH{number * 10:04}"
    return Shot(f"shot{number}", name, "010", "INT. KITCHEN - NIGHT", "He waits.", "", frames, (number, number), **more)  # type: ignore[arg-type]


def _take(shot: Shot, number: int, handle_frames: int = 12, frames: int | None = None) -> Take:
    key = f"TK{number:02}"
    return Take(
        shot=shot.name,
        key=key,
        media=f"media/{shot.name}/{key}/{shot.name}_{key}.mov",
        frames=shot.frames if frames is None else frames,
        handle_frames=handle_frames,
        start_frames=86400 * number,
        model="previs",
        seed=2**53 - number,
        request_hash=f"hash{number}",
    )


@pytest.fixture
def make_shot() -> Callable[..., Shot]:
    return _shot


@pytest.fixture
def make_take() -> Callable[..., Take]:
    return _take


@pytest.fixture
def settings() -> ProjectSettings:
    return ProjectSettings(title="Tea", rate=Rate.parse("23.976"), size=(128, 72))


@pytest.fixture
def shots() -> list[Shot]:
    return [
        _shot(
            1, 24, panels=(Panel("panels/a b.png"), Panel("panels/ü.png", 12)), transition_in=Transition("fade in", 8)
        ),
        _shot(2, 36, transition_out=DISSOLVE, dialogue=(DialogueLine("MARA", "Nearly there, Otto.", 6, 24),)),
        _shot(3, 48, transition_in=DISSOLVE, audio="sound/kettle.wav", panels=(Panel("panels/c.png"),)),
        _shot(4, 30, transition_out=Transition("fade out", 24, "FADE OUT.")),
    ]
