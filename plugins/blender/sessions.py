# SPDX-License-Identifier: GPL-3.0-or-later
"""One session a scene, kept going by a timer."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import Any

import bpy

from ...core import __version__
from ...core.client import EngineClient, ensure_engine
from ...core.client.state_folder import program
from ...core.errors import EngineError, ShotwrightError
from ...core.hosts import Flow, Session
from . import versions
from .host import BlenderHost
from .placeholders import standing

_TICK_SECONDS, _EAGER_SECONDS = 0.1, 0.001
_sessions: dict[str, tuple[BlenderHost, Session]] = {}
_lock = threading.Lock()
_is_unsettled = False
_log = logging.getLogger(__name__)


def session_of(context: Any) -> tuple[BlenderHost, Session]:
    """The host and the session of the scene that is worked in."""
    return _session_in(versions.sequencer_scene(context).name)


def _session_in(name: str) -> tuple[BlenderHost, Session]:
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
    _keep_ticking()
    return flow


def _keep_ticking() -> None:
    if not bpy.app.timers.is_registered(tick):
        bpy.app.timers.register(tick, first_interval=_TICK_SECONDS, persistent=True)


def tick() -> float | None:
    """Goes on with all that is under way; the timer ends with it."""
    recover()
    running = [_ticked(host, session) for host, session in list(_sessions.values())]
    for window in bpy.context.window_manager.windows if bpy.context.window_manager else ():
        for area in window.screen.areas:
            if area.type == "SEQUENCE_EDITOR":
                area.tag_redraw()
    if not any(running):
        return None
    eager = any(flow.is_eager for _, session in _sessions.values() for flow in session.flows)
    return _EAGER_SECONDS if eager else _TICK_SECONDS


def _ticked(host: BlenderHost, session: Session) -> bool:
    """Goes on with a session's flows, and, when they are done, with a look at what came of them."""
    if session.tick():
        return True
    with contextlib.suppress(ShotwrightError):  # the scene is gone
        if not session.is_seen and host.tie() is not None:
            session.look()
            return True
    return False


def recover() -> list[tuple[Session, Flow]]:
    """Brings placeholders and flows together where undo, redo or another .blend came between; the flows that begin."""
    global _is_unsettled
    if not _is_unsettled:
        return []
    _is_unsettled = False
    for scene in bpy.data.scenes:
        if scene.sequence_editor and any(True for _ in standing(scene.sequence_editor.strips)):
            _session_in(scene.name)
    return [(session, flow) for _, session in list(_sessions.values()) for flow in session.recover()]


@bpy.app.handlers.persistent  # type: ignore[untyped-decorator]
def loaded(*_: Any) -> None:
    """Another .blend is open: its scenes say themselves what they show; what was under way goes on in a window."""
    global _is_unsettled
    forget()
    _is_unsettled = True
    if not bpy.app.background:
        _keep_ticking()


@bpy.app.handlers.persistent  # type: ignore[untyped-decorator]
def went_back(*_: Any) -> None:
    """Undo or redo was done: placeholders went or came back with it."""
    global _is_unsettled
    _is_unsettled = True
    if not bpy.app.background:
        _keep_ticking()
        return
    for session, flow in recover():
        try:
            session.run_to_end(flow)
        except ShotwrightError as error:  # nobody is there to be told but who reads the log
            _log.warning("%s: %s %s", flow.name, error.message, error.hint)


HANDLERS = {"load_post": loaded, "undo_post": went_back, "redo_post": went_back}


def forget() -> None:
    """Ends the timer and forgets all sessions; jobs go on in the engine."""
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    _sessions.clear()
