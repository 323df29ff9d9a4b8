"""What is asked for in a host, done step by step: nothing waits on the host's main thread.

    main thread    read the timeline ─┐            ┌─ show progress ─┐        ┌─ make the timeline the edit
    a thread                          └─ take in ──┴─ ask the engine ┴─ send ─┘

Where new frames are to come, placeholders stand meanwhile. They are one undo step together with what comes of them:

    asked      [ A ][ placeholder ]      undo: the placeholder goes, and its job is cancelled
    done       [ A ][ new frames  ]      undo: the frames go; redo: the placeholder comes back, and the frames at once
"""

from __future__ import annotations

import contextlib
import tempfile
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..client import EngineClient
from ..errors import EngineError, ShotwrightError, StateError, UsageError
from ..protocol import HostEdit
from .calls import Calls, Json
from .flow import Flow, Steps
from .port import Held, HostPort, Place, Tie

_TICK_SECONDS = 0.02
_ROUNDS = 100  # of showing a timeline that is cut faster than the engine answers
_UNDONE = "undone"


class Session:
    """The flows of one host; `connect` finds the engine or starts it, and is called in threads of their own."""

    def __init__(self, port: HostPort, connect: Callable[[], EngineClient]) -> None:
        self._port, self._engine = port, Calls(connect)
        self.flows: list[Flow] = []
        self._ended: dict[str, str] = {}  # by the keys of placeholders: how their flow ended

    # -- what a host's main thread calls ---------------------------------------------------------------------------

    def tick(self) -> bool:
        """Goes on with all flows; whether any runs. A host's timer calls it."""
        for flow in list(self.flows):
            if flow.tick():
                continue
            self.flows.remove(flow)
            with contextlib.suppress(ShotwrightError):  # the timeline itself may be gone
                if not self.flows:
                    self._port.tidy()
                if flow.key:
                    self._ended.setdefault(flow.key, flow.state)
                    self._port.release(flow.key)
            if flow.error is not None and flow.state == "failed":
                self._port.tell(f"{flow.error.message} {flow.error.hint}".strip(), True)
        if not self.flows:
            self._port.progress("", None)
        return bool(self.flows)

    def run_to_end(self, flow: Flow) -> Flow:
        """Waits for a flow, for hosts without a window; raises its error."""
        while flow.state == "running":
            self.tick()
            if not flow.is_eager:
                time.sleep(_TICK_SECONDS)
        if flow.error is not None and flow.state == "failed":
            raise flow.error
        return flow

    def cancel_all(self) -> None:
        """Asks all flows to end."""
        for flow in self.flows:
            flow.cancel()

    def recover(self) -> list[Flow]:
        """Brings flows and placeholders together after undo, redo or loading; the flows that come of it.

        What is done is shown again, what was undone or was under way when the file was saved goes on.
        """
        started, under_way = [], {flow.key for flow in self.flows if not flow.cancelled}
        self._port.tidy()
        for held in self._port.held():
            ended = self._ended.pop(held.key, _UNDONE)
            if held.key in under_way:
                continue
            if ended == "done":
                self._port.rewind()
                started.append(self._started(held.title, partial(self._show, "", held.key), held.key))
            elif ended == _UNDONE and held.command:
                started.append(self._asked(held))
            else:
                self._ended[held.key] = ended
                self._port.release(held.key)
        return started

    # -- what can be asked for -------------------------------------------------------------------------------------

    def new_film(self, film: Path, script: Path, panels: Path | None, rate: str, size: str) -> Flow:
        """Makes a film of a script and shows it."""
        options = {"script": str(script), "rate": rate, "size": size}
        if panels is not None:
            options["panels"] = str(panels)

        def steps() -> Steps:
            yield from self._action(flow, film, Held(_new_key(), "Import script", "new", options))
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

    def command(self, title: str, command: str, options: Json, places: Sequence[Place] = ()) -> Flow:
        """Does a command on the film: the timeline is taken in before, and shown anew behind, as one undo step.

        Placeholders stand in the `places` of the new frames meanwhile.
        """
        held = Held(_new_key(), title, command, options)
        if places:
            self._port.hold(held, places)
        return self._asked(held)

    def _asked(self, held: Held) -> Flow:
        def steps() -> Steps:
            yield from self._take_in()
            answer = yield from self._action(flow, self._tie().film, held)
            if self._ended.get(held.key) == _UNDONE:
                self._port.tell(f"{held.title} was done before it could be stopped: pull to see it.")
                return answer
            yield from self._show(held.title, held.key)
            for notice in answer.get("notices", ()):
                self._port.tell(notice)
            return answer

        flow = self._started(held.title, steps, held.key)
        return flow

    def next_take(self, shot: str) -> Flow:
        """Has the take of a shot play that comes behind the one that does; behind the last comes the first."""

        def chosen(film: str) -> str:
            takes = self._engine.post("/v1/films/takes/list", {"film": film})["takes"]
            mine = [take for take in takes if take["shot"] == shot]
            if not mine:
                raise StateError(f"{shot} has no take yet.", "Generate one first.")
            at = next((number for number, take in enumerate(mine) if take["active"]), -1)
            key = str(mine[(at + 1) % len(mine)]["key"])
            body = {"film": film, "change": "activate", "shot": shot, "take": key}
            self._engine.post("/v1/films/takes", body)
            return key

        def steps() -> Steps:
            yield from self._take_in()
            key = yield partial(chosen, str(self._tie().film))
            yield from self._show(f"Take {key}")
            return key

        return self._started("Next take", steps)

    def block(self, names: Sequence[str], first: int, frames: int, options: Json, places: Sequence[Place] = ()) -> Flow:
        """Has a shot's next take follow what is blocked in the host.

        The shot is the first of the film of these names. It is drawn as long as it plays in the cut; one that is in no
        cut from record frame `first` on, so many frames. `options` are those of `follow`.
        """

        held = Held(_new_key(), "Blocking to take", "", {})  # its pictures are gone with the program that drew them
        if places:
            self._port.hold(held, places)

        def steps() -> Steps:
            yield from self._take_in()
            film = str(self._tie().film)
            asked = {"film": film, "names": list(names), "first": first, "frames": frames}
            shot: Json = yield partial(self._engine.post, "/v1/films/blocking", asked)
            with tempfile.TemporaryDirectory(prefix="shotwright-") as folder:
                yield from self._draw(flow, shot, Path(folder))
                said = {"shot": shot["shot"], "handles": shot["handle_frames"], "frames": str(Path(folder, "frames"))}
                if Path(folder, "depth").is_dir():
                    said["depth"] = str(Path(folder, "depth"))
                asking = replace(held, command="follow", options={**options, **said})
                answer = yield from self._action(flow, Path(film), asking)
            yield from self._show(held.title, held.key)
            return answer

        flow = self._started(held.title, steps, held.key)
        return flow

    # -- how -------------------------------------------------------------------------------------------------------

    def _started(self, name: str, steps: Callable[[], Steps], key: str = "") -> Flow:
        flow = Flow(name, steps(), key)
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
        answer: Json = yield partial(self._engine.post, "/v1/films/host/take", body)
        self._port.set_tie(replace(tie, exchange=answer["exchange"]))
        for conflict in answer["conflicts"]:
            self._port.tell(conflict["text"])
        return cut, answer

    def _show(self, step: str, key: str = "") -> Steps:
        """Makes the film's edit the timeline; what was cut meanwhile is taken in before, as often as it takes.

        Where placeholders of the key stand, it is their undo step that this belongs to.
        """
        for _ in range(_ROUNDS):
            cut, answer = yield from self._take_in()
            tie = self._tie()
            asked = {"film": str(tie.film), "host": self._port.name}
            shown: Json = yield partial(self._engine.post, "/v1/films/host/show", asked)
            edit = HostEdit.from_json(shown["edit"])
            yield None
            for _ in self._port.prepare(edit):
                yield None
            if cut is None or self._port.read_edit() == cut:
                step = "" if key and self._port.release(key) else step
                self._port.apply_edit(edit, step, replace(tie, exchange=shown["exchange"]))
                return answer
        raise StateError("The timeline changed all the while.", "Pause, and pull: what was cut is in the film.")

    def _draw(self, flow: Flow, shot: Json, folder: Path) -> Steps:
        """Has the host draw a shot with its handles, and other things happen between two frames."""
        handle, size = shot["handle_frames"], (shot["size"][0], shot["size"][1])
        total = shot["frames"] + 2 * handle
        for number, _ in enumerate(self._port.export_frames(shot["first"] - handle, total, size, folder), 1):
            if flow.cancelled:
                raise StateError(f"{flow.name} was stopped.", "Ask again when you like.")
            self._port.progress("Drawing", number / total)
            yield None

    def _action(self, flow: Flow, film: Path, held: Held) -> Steps:
        """Has the engine run a command; one that went with its engine is asked for again, and goes on."""
        body = {"film": str(film), "command": held.command, "options": dict(held.options), "key": held.key}
        stands = self._port.holds(held.key)
        action: Json = yield partial(self._engine.post, "/v1/actions", body)
        while action["state"] == "running":
            shares: dict[str, float] = action.get("progress", {})
            self._port.progress(flow.name, max(shares.values(), default=None), held.key, shares)
            if stands and not flow.cancelled and not self._port.holds(held.key):
                self._ended[held.key] = _UNDONE
                flow.cancel()
            if flow.cancelled:
                yield partial(self._engine.cancel, action["id"])
            action = yield partial(self._engine.looked_after, action["id"], body)
        if action["state"] == "failed":
            error = action["error"] or {}
            raise EngineError(str(error.get("message", f"{flow.name} failed.")), str(error.get("hint", "")))
        if action["state"] == "cancelled":
            flow.cancelled = True
            raise StateError(f"{flow.name} was stopped.", "Ask again, and it goes on where it was.")
        return action["answer"]


def _new_key() -> str:
    return uuid.uuid4().hex
