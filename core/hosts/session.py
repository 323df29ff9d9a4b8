"""What is asked for in a host, done step by step: nothing waits on the host's main thread.

A flow is a generator. What it yields runs in a thread of its own (calls to the engine); what it does itself runs when
the host calls `tick`, on the main thread (reading and changing the timeline).

    main thread    read the timeline ─┐            ┌─ show progress ─┐        ┌─ make the timeline the edit
    a thread                          └─ take in ──┴─ ask the engine ┴─ send ─┘
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from ..client import EngineClient
from ..errors import EngineError, ShotwrightError, StateError, UsageError
from ..protocol import HostEdit
from .port import HostPort, Tie

Json = dict[str, Any]
Step = Callable[[], Any]
Steps = Generator[Step, Any, Any]
_log = logging.getLogger(__name__)
_POLL_SECONDS = 0.3
_TICK_SECONDS = 0.02
_ROUNDS = 100  # of showing a timeline that is cut faster than the engine answers


class Flow:
    """Something under way: `state` is running, done, failed or cancelled; `answer` what came of it."""

    def __init__(self, name: str, steps: Steps) -> None:
        self.name, self.state, self.answer = name, "running", None
        self.error: ShotwrightError | None = None
        self.cancelled = False
        self._steps = steps
        self._waiting: threading.Thread | None = None
        self._found: Any = None
        self._raised: BaseException | None = None

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
        self._found = None
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
            self._raised = EngineError(f"{self.name} broke off: {error}.", "Try again; the log has more.")


class Session:
    """The flows of one host; `connect` finds the engine or starts it."""

    def __init__(self, port: HostPort, connect: Callable[[], EngineClient]) -> None:
        self._port, self._connect = port, connect
        self.flows: list[Flow] = []

    # -- what a host's main thread calls ---------------------------------------------------------------------------

    def tick(self) -> bool:
        """Goes on with all flows; whether any runs. A host's timer calls it."""
        for flow in list(self.flows):
            if flow.tick():
                continue
            self.flows.remove(flow)
            if flow.error is not None and flow.state == "failed":
                self._port.tell(f"{flow.error.message} {flow.error.hint}".strip(), True)
        if not self.flows:
            self._port.progress("", None)
        return bool(self.flows)

    def run_to_end(self, flow: Flow) -> Flow:
        """Waits for a flow, for hosts without a window; raises its error."""
        while flow.state == "running":
            self.tick()
            time.sleep(_TICK_SECONDS)
        if flow.error is not None and flow.state == "failed":
            raise flow.error
        return flow

    def cancel_all(self) -> None:
        """Asks all flows to end."""
        for flow in self.flows:
            flow.cancel()

    # -- what can be asked for -------------------------------------------------------------------------------------

    def new_film(self, film: Path, script: Path, panels: Path | None, rate: str, size: str) -> Flow:
        """Makes a film of a script and shows it."""
        options = {"script": str(script), "rate": rate, "size": size}
        if panels is not None:
            options["panels"] = str(panels)

        def steps() -> Steps:
            yield from self._action(flow, film, "new", options)
            self._port.set_tie(Tie(film))
            yield from self._show("Import script")

        flow = self._started("Import script", steps)
        return flow

    def open_film(self, film: Path) -> Flow:
        """Shows a film in a timeline that shows none yet."""

        def steps() -> Steps:
            if self._port.tie() is not None:
                raise StateError("This timeline shows a film already.", "Open the other one in a timeline of its own.")
            self._port.set_tie(Tie(film))
            yield from self._show("Open film")

        return self._started("Open film", steps)

    def push(self) -> Flow:
        """Takes the host's timeline into the film's edit."""

        def steps() -> Steps:
            _, answer = yield from self._take_in()
            return answer

        return self._started("Push", steps)

    def pull(self) -> Flow:
        """Shows the film's edit; what was cut in the host is taken in before."""
        return self._started("Pull", lambda: self._show("Pull"))

    def command(self, title: str, command: str, options: Json) -> Flow:
        """Does a command on the film: the timeline is taken in before, and shown anew behind, as one undo step."""

        def steps() -> Steps:
            yield from self._take_in()
            answer = yield from self._action(flow, self._tie().film, command, options)
            yield from self._show(title)
            return answer

        flow = self._started(title, steps)
        return flow

    def next_take(self, shot: str) -> Flow:
        """Has the take of a shot play that comes behind the one that does; behind the last comes the first."""

        def chosen(film: str) -> str:
            takes = self._connect().post("/v1/films/takes/list", {"film": film})["takes"]
            mine = [take for take in takes if take["shot"] == shot]
            if not mine:
                raise StateError(f"{shot} has no take yet.", "Generate one first.")
            at = next((number for number, take in enumerate(mine) if take["active"]), -1)
            key = str(mine[(at + 1) % len(mine)]["key"])
            body = {"film": film, "change": "activate", "shot": shot, "take": key}
            self._connect().post("/v1/films/takes", body)
            return key

        def steps() -> Steps:
            yield from self._take_in()
            key = yield partial(chosen, str(self._tie().film))
            yield from self._show(f"Take {key}")
            return key

        return self._started("Next take", steps)

    # -- how -------------------------------------------------------------------------------------------------------

    def _started(self, name: str, steps: Callable[[], Steps]) -> Flow:
        flow = Flow(name, steps())
        self.flows.append(flow)
        return flow

    def _tie(self) -> Tie:
        tie = self._port.tie()
        if tie is None:
            raise UsageError("This timeline belongs to no film yet.", "Import a script, or choose a project folder.")
        return tie

    def _take_in(self) -> Steps:
        """Takes the timeline in, where it shows the film already: what it was then, and what came of it."""
        tie = self._tie()
        if not tie.exchange:
            return None, None
        cut = self._port.read_edit()
        body = {"film": str(tie.film), "host": self._port.name, "exchange": tie.exchange, "edit": cut.to_json()}
        answer: Json = yield lambda: self._connect().post("/v1/films/host/take", body)
        self._port.set_tie(replace(tie, exchange=answer["exchange"]))
        for conflict in answer["conflicts"]:
            self._port.tell(conflict["text"])
        return cut, answer

    def _show(self, step: str) -> Steps:
        """Makes the film's edit the timeline; what was cut meanwhile is taken in before, as often as it takes."""
        for _ in range(_ROUNDS):
            cut, answer = yield from self._take_in()
            tie = self._tie()
            shown: Json = yield partial(self._shown, {"film": str(tie.film), "host": self._port.name})
            if cut is None or self._port.read_edit() == cut:
                edit = HostEdit.from_json(shown["edit"])
                self._port.apply_edit(edit, step, replace(tie, exchange=shown["exchange"]))
                return answer
        raise StateError("The timeline changed all the while.", "Pause, and pull: what was cut is in the film.")

    def _shown(self, body: Json) -> Json:
        answer: Json = self._connect().post("/v1/films/host/show", body)
        return answer

    def _action(self, flow: Flow, film: Path, command: str, options: Json) -> Steps:
        """Has the engine run a command; one that went with its engine is asked for again, and goes on."""
        body = {"film": str(film), "command": command, "options": options, "key": uuid.uuid4().hex}
        action: Json = yield lambda: self._connect().post("/v1/actions", body)
        while action["state"] == "running":
            self._port.progress(flow.name, action.get("progress"))
            if flow.cancelled:
                yield partial(self._cancel, action["id"])
            action = yield partial(self._looked_after, action["id"], body)
        if action["state"] == "failed":
            error = action["error"] or {}
            raise EngineError(str(error.get("message", f"{flow.name} failed.")), str(error.get("hint", "")))
        if action["state"] == "cancelled":
            flow.cancelled = True
            raise StateError(f"{flow.name} was stopped.", "Ask again, and it goes on where it was.")
        return action["answer"]

    def _cancel(self, action_id: str) -> None:
        self._connect().post(f"/v1/actions/{action_id}/cancel")

    def _looked_after(self, action_id: str, body: Json) -> Json:
        time.sleep(_POLL_SECONDS)
        try:
            found: Json = self._connect().get(f"/v1/actions/{action_id}")
            running = self._connect().jobs("running")
        except ShotwrightError:  # the engine went, or is another one that does not know it
            found = self._connect().post("/v1/actions", body)
            running = []
        return {**found, "progress": max((job["progress"] for job in running), default=None)}
