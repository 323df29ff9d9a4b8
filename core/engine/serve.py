"""The engine from its start to its end: one process a user, on loopback, gone when nobody needs it."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from ..backends.local import WORKER, LocalWorker
from ..client.state_folder import remember_program, state_folder
from ..errors import EngineError
from ..protocol import JobRecord
from .discovery import Discovery, new_token, only_engine

IDLE_SECONDS = 900.0
_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 2  # for calls under way; without a limit an open event stream would keep the engine from ending
_LOOK_SECONDS = 0.5


def serve(
    port: int = 0, idle_seconds: float = IDLE_SECONDS, json_line: bool = False, worker: Sequence[str] = WORKER
) -> None:
    """Runs the engine until it is told to stop (SIGTERM, Ctrl-C) or was idle so long; 0 seconds never ends it.

    `worker` is the command that starts a worker. Its first line on stdout says where it is, under `json_line` as
    `url, token_file, pid, version`. Raises StateError where another runs, EngineError where the port is taken.
    """
    state = state_folder()
    with only_engine(state), _listening(port) as listener:
        url = f"http://{_LOOPBACK}:{listener.getsockname()[1]}"
        _run(state, Discovery(state, url, new_token()), listener, idle_seconds, json_line, worker)


def _listening(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        if sys.platform != "win32":  # there it would let two engines share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((_LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise EngineError(f"Port {port} can't be used: {error.strerror}.", "Choose another, or 0.") from error
    return listener


def _run(
    state: Path,
    discovery: Discovery,
    listener: socket.socket,
    idle_seconds: float,
    json_line: bool,
    worker: Sequence[str],
) -> None:
    import uvicorn

    from ..project.takes import place_take
    from .actions import Actions
    from .app import create_app
    from .desk import Desk
    from .guard import Guard

    def published(record: JobRecord) -> None:
        if record.film:
            place_take(record)

    desk = Desk(state, LocalWorker(state / "worker.log", worker), on_published=published)
    actions = Actions()
    last_call = time.monotonic()

    def called() -> None:
        nonlocal last_call
        last_call = time.monotonic()

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            desk.hub.close()
            super().handle_exit(sig, frame)

    hosts = frozenset(f"{name}:{discovery.url.rpartition(':')[2]}" for name in (_LOOPBACK, "localhost"))
    config = uvicorn.Config(
        Guard(create_app(desk, actions), discovery.token, hosts, called),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = Server(config)

    def watch() -> None:
        while not server.should_exit:
            time.sleep(_LOOK_SECONDS)
            if not desk.is_idle() or not actions.is_idle():
                called()
            idle = idle_seconds and time.monotonic() - last_call > idle_seconds
            if idle or not discovery.stands():
                server.should_exit = True

    stopped_by: list[int] = []

    def told_to_stop(number: int, _frame: FrameType | None) -> None:
        stopped_by.append(number)
        server.should_exit = True

    # For a stop that comes before uvicorn listens to signals, and for when it raises one again after its own end.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, told_to_stop)
    try:
        discovery.announce()
        remember_program(state)
        line = json.dumps(discovery.to_json()) if json_line else f"The engine runs at {discovery.url}"
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        threading.Thread(target=watch, name="watch", daemon=True).start()
        server.run(sockets=[listener])
        if signal.SIGINT in stopped_by:
            raise KeyboardInterrupt
    finally:
        discovery.withdraw()
        actions.close()
        desk.close()
