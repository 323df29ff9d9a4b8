"""Something that is done step by step, of which nothing waits on a host's main thread.

A flow is a generator. What it yields runs in a thread of its own (calls to the engine); what it does itself runs when
the host calls `tick`, on the main thread (reading and changing the timeline). Where it yields None, others have their
turn before it goes on.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from typing import Any

from ..errors import EngineError, ShotwrightError

Step = Callable[[], Any]
Steps = Generator[Step | None, Any, Any]
_log = logging.getLogger(__name__)


class Flow:
    """Something under way: `state` is running, done, failed or cancelled; `answer` what came of it.

    `key` is that of the placeholders which stand for it, empty for none.
    """

    def __init__(self, name: str, steps: Steps, key: str = "") -> None:
        self.name, self.key, self.state, self.answer = name, key, "running", None
        self.error: ShotwrightError | None = None
        self.cancelled = False
        self.otherwise: Callable[[], None] = lambda: None  # what its owner does where it does not come to its end
        self._steps = steps
        self._waiting: threading.Thread | None = None
        self._found: Any = None
        self._raised: BaseException | None = None

    @property
    def is_eager(self) -> bool:
        """Whether it has something to do on the main thread right now."""
        return self._waiting is None or not self._waiting.is_alive()

    def cancel(self) -> None:
        """Asks it to end; what it made is kept."""
        self.cancelled = True

    def tick(self) -> bool:
        """Goes on where its last step is done; whether it is still running."""
        if self._waiting is not None and self._waiting.is_alive():
            return True
        try:
            if self._raised is not None:
                raised, self._raised = self._raised, None
                step = self._steps.throw(raised)
            else:
                step = self._steps.send(self._found)
        except StopIteration as ended:
            self.state, self.answer = "cancelled" if self.cancelled else "done", ended.value
            return False
        except ShotwrightError as error:
            self.state, self.error = "cancelled" if self.cancelled else "failed", error
            return False
        except Exception as error:  # noqa: BLE001  # a host's callback ends here: logged, and shown
            _log.exception("%s", self.name)
            self.state, self.error = "failed", _broke_off(self.name, error)
            return False
        self._found, self._waiting = None, None
        if step is None:
            return True
        self._waiting = threading.Thread(target=self._run, args=(step,), name=self.name, daemon=True)
        self._waiting.start()
        return True

    def _run(self, step: Step) -> None:
        try:
            self._found = step()
        except ShotwrightError as error:
            self._raised = error
        except Exception as error:  # noqa: BLE001  # a thread's end is a host callback's edge: logged, and shown
            _log.exception("%s", self.name)
            self._raised = _broke_off(self.name, error)


def _broke_off(name: str, error: Exception) -> EngineError:
    return EngineError(f"{name} broke off: {error}.", "Try again; the log has more.")
