# SPDX-License-Identifier: GPL-3.0-or-later
"""One session a scene, kept going by a timer."""

from __future__ import annotations

import threading
from typing import Any

import bpy

from ...core import __version__
from ...core.client import EngineClient, ensure_engine
from ...core.client.state_folder import program
from ...core.errors import EngineError
from ...core.hosts import Flow, Session
from . import versions
from .host import BlenderHost

_TICK_SECONDS = 0.1
_sessions: dict[str, tuple[BlenderHost, Session]] = {}
_lock = threading.Lock()


def session_of(context: Any) -> tuple[BlenderHost, Session]:
    """The host and the session of the scene that is worked in."""
    name = versions.sequencer_scene(context).name
    if name not in _sessions:
        host = BlenderHost(name)
        _sessions[name] = host, Session(host, connect)
    return _sessions[name]


def connect() -> EngineClient:
    """The engine, started where none runs; raises EngineError where the program is not installed, or of another age."""
    python = program()
    with _lock:
        if not python:
            raise EngineError(
                "Shotwright itself was not found on this machine.",
                "Install it and run once: shotwright plugin install blender",
            )
        client = ensure_engine(command=(python, "-m", "shotwright.core.engine"))
    version = client.health().get("version")
    if version != __version__:
        raise EngineError(
            f"The engine is version {version}, this extension {__version__}.",
            "Install both anew: shotwright plugin install blender",
        )
    return client


def begun(session: Session, flow: Flow) -> Flow:
    """Has a flow go on: by the timer in a window; to its end, with its error raised, where there is none."""
    if bpy.app.background:
        return session.run_to_end(flow)
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=_TICK_SECONDS, persistent=True)
    return flow


def tick() -> float | None:
    """Goes on with all that is under way; the timer ends with it."""
    running = [session.tick() for _, session in list(_sessions.values())]
    for window in bpy.context.window_manager.windows if bpy.context.window_manager else ():
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()
    return _TICK_SECONDS if any(running) else None


@bpy.app.handlers.persistent  # type: ignore[untyped-decorator]
def loaded(*_: Any) -> None:
    """Another .blend is open: its scenes say themselves what they show."""
    forget()


def forget() -> None:
    """Ends the timer and forgets all sessions; jobs go on in the engine."""
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    _sessions.clear()
