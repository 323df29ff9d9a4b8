"""What the worker tells while a take forms, and where a stop is heard."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import StoppedError

Send = Callable[[dict[str, Any]], None]
_SECONDS_BETWEEN_PREVIEWS = 0.25
_SECONDS_BETWEEN_EVENTS = 0.1


class Reporter:
    """Progress of one job, from 0 to 1; every call is also the point where a stop ends the work."""

    def __init__(self, job: str, send: Send, stopped: Callable[[], bool]) -> None:
        self._job, self._send, self._stopped = job, send, stopped
        self._begun: float | None = None
        self._begun_at = 0.0
        self._sent = self._shown = self._share = 0.0
        self.notices: list[str] = []

    def check(self) -> None:
        """Raises StoppedError when the job was asked to stop."""
        if self._stopped():
            raise StoppedError("The take was stopped.", "Its chunks are kept; retry goes on from there.")

    def tell(self, notices: list[str]) -> None:
        """Tells what was done instead of what was planned, and keeps it for the recipe; the list is emptied."""
        while notices:
            self.notices.append(notices.pop(0))
            self._send({"event": "progress", "job": self._job, "progress": self._share, "notice": self.notices[-1]})

    def progress(self, share: float, preview: npt.NDArray[np.uint8] | None = None) -> None:
        """Tells the share done, and shows a picture (height, width, 3) at most four times a second."""
        self.check()
        now = time.monotonic()
        if self._begun is None:
            self._begun, self._begun_at = now, share
        show = preview is not None and now - self._shown >= _SECONDS_BETWEEN_PREVIEWS
        if not show and share < 1 and now - self._sent < _SECONDS_BETWEEN_EVENTS:
            return
        made = share - self._begun_at
        left = (now - self._begun) * (1 - share) / made if made > 0.01 else None
        self._share = round(share, 4)
        event = {"event": "progress", "job": self._job, "progress": self._share, "seconds_left": left}
        if show and preview is not None:
            from ...media.pictures import jpeg_bytes

            event["preview"] = base64.b64encode(jpeg_bytes(preview)).decode()
            self._shown = now
        self._send(event)
        self._sent = now
