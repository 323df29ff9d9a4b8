"""Events to whoever listens; one who is slow loses previews first, then the stream, but never holds the engine up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from dataclasses import replace

from ..errors import StateError
from ..protocol import JobEvent

MOST_LISTENERS = 16
_KEPT = 20_000  # a film of that many shots may be queued at once
_PREVIEWS_KEPT = 8  # a listener further behind than this gets events without their pictures


class _Listener:
    """One stream's line of events, filled from any thread, emptied in the stream's own event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._line: asyncio.Queue[JobEvent | None] = asyncio.Queue()

    def put(self, event: JobEvent | None) -> None:
        """Lines an event up; None ends the stream."""
        with contextlib.suppress(RuntimeError):  # the loop has ended, and the stream with it
            self._loop.call_soon_threadsafe(self._take_in, event)

    def _take_in(self, event: JobEvent | None) -> None:
        waiting = self._line.qsize()
        if event is not None and waiting > _PREVIEWS_KEPT:
            event = replace(event, preview=None)
        # An ended stream tells its listener that it missed something; a hole in it would not.
        self._line.put_nowait(event if waiting < _KEPT else None)

    async def get(self, seconds: float) -> JobEvent | None:
        """The next event, None at the stream's end; raises TimeoutError after so many seconds of silence."""
        return await asyncio.wait_for(self._line.get(), seconds)


class EventHub:
    """Fans job events out to listeners; `heartbeat_seconds` is how long a stream is ever silent."""

    def __init__(self, heartbeat_seconds: float = 5.0) -> None:
        self._heartbeat = heartbeat_seconds
        self._listeners: list[_Listener] = []
        self._lock = threading.Lock()

    @property
    def listeners(self) -> int:
        """How many streams are open."""
        return len(self._listeners)

    def send(self, event: JobEvent | None) -> None:
        """Gives an event to every listener, from any thread."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener.put(event)

    def listen(self) -> AsyncIterator[JobEvent | None]:
        """Events from its first heartbeat on; None is a heartbeat. Raises StateError when too many listen already."""
        if len(self._listeners) >= MOST_LISTENERS:
            raise StateError("Too many programs listen to the engine.", "Close one of them.")
        return self._heard()

    async def _heard(self) -> AsyncIterator[JobEvent | None]:
        # Put in line here and not in `listen`: a stream whose caller left before it began must not stay there.
        listener = _Listener()
        with self._lock:
            self._listeners.append(listener)
        try:
            yield None
            while True:
                try:
                    event = await listener.get(self._heartbeat)
                except TimeoutError:
                    yield None
                    continue
                if event is None:
                    return
                yield event
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def close(self) -> None:
        """Ends every listener's stream."""
        self.send(None)
