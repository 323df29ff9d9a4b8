"""The steps that flows are made of: a timeline taken in, the film's edit shown, a command waited for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..client import EngineClient
from ..errors import EngineError, StateError, UsageError
from ..protocol import HostEdit
from .calls import Calls, Json
from .flow import Flow, Steps
from .pictures import Pictures
from .port import Forming, Held, HostPort, Tie

_ROUNDS = 100  # of showing a timeline that is cut faster than the engine answers
_REMEMBERED = 32  # results, in case that undo comes back to them: Blender's own steps by default
UNDONE = "undone"


class Doing:
    """A host and the engine, brought together step by step."""

    def __init__(self, port: HostPort, connect: Callable[[], EngineClient]) -> None:
        self._port, self._engine, self._pictures = port, Calls(connect), Pictures(connect)
        self._ended: dict[str, str] = {}  # by the keys of placeholders: how their flow ended,
        self._taken_in: dict[str, int] = {}  # which exchange the timeline showed with them,
        self._results: dict[str, HostEdit] = {}  # and what it showed when they had gone
        self._last = ""  # the key of what was shown last

    def _tie(self) -> Tie:
        tie = self._port.tie()
        if tie is None:
            raise UsageError("This timeline belongs to no film yet.", "Import a script, or choose a project folder.")
        return tie

    def _take_in(self, key: str = "") -> Steps:
        """Takes the timeline in, where it shows the film already: what it was then, and what came of it.

        Placeholders of the `key` stand in it for the first time: who undoes what comes behind is back here.
        """
        tie = self._tie()
        if not tie.exchange:
            return None, None
        cut = self._port.read_edit()
        body = {"film": str(tie.film), "host": self._port.name, "exchange": tie.exchange, "edit": cut.to_json()}
        answer: Json = yield partial(self._engine.post, "/v1/films/host/take", body)
        self._port.set_tie(replace(tie, exchange=answer["exchange"]))
        if key:
            self._taken_in[key] = answer["exchange"]
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
                self._remember(key, edit)
                return answer
        raise StateError("The timeline changed all the while.", "Pause, and pull: what was cut is in the film.")

    def _show_again(self, key: str) -> Steps:
        """Shows what came of placeholders that undo or redo brought back, and nothing of what was done behind it.

        Where that was done, the timeline goes back to what it was without, which the film takes in as a cut.
        """
        result = self._results.get(key)
        if result is None or self._last == key:
            self._port.set_tie(replace(self._tie(), exchange=self._taken_in.get(key, 0)))
        else:
            before = self._port.read_edit()
            for _ in self._port.prepare(result):
                yield None
            if self._port.read_edit() == before and self._port.release(key):
                self._port.apply_edit(result, "", self._tie())
        return (yield from self._show("", key))

    def _remember(self, key: str, edit: HostEdit) -> None:
        self._last = key
        if key:
            self._results[key] = edit
            while len(self._results) > _REMEMBERED:
                del self._results[next(iter(self._results))]

    def _draw(self, flow: Flow, shot: Json, folder: Path) -> Steps:
        """Has the host draw a shot with its handles, and other things happen between two frames."""
        handle, size = shot["handle_frames"], (shot["size"][0], shot["size"][1])
        total = shot["frames"] + 2 * handle
        for number, _ in enumerate(self._port.export_frames(shot["first"] - handle, total, size, folder), 1):
            self._check_wanted(flow)
            self._port.progress("Drawing", number / total)
            yield None

    def _check_wanted(self, flow: Flow) -> None:
        if flow.cancelled:
            raise StateError(f"{flow.name} was stopped.", "Ask again when you like.")

    def _action(self, flow: Flow, film: Path, held: Held) -> Steps:
        """Has the engine run a command; one that went with its engine is asked for again, and goes on."""
        body = {"film": str(film), "command": held.command, "options": dict(held.options), "key": held.key}
        stands = self._port.holds(held.key)
        action: Json = yield partial(self._engine.post, "/v1/actions", body)
        if stands:
            self._pictures.listen(film)
        while action["state"] == "running":
            shots = {shot: Forming(done, self._pictures.of(shot)) for shot, done in action.get("progress", {}).items()}
            share = max((each.share for each in shots.values()), default=None)
            self._port.progress(flow.name, share, held.key, shots)
            if stands and not flow.cancelled and not self._port.holds(held.key):
                self._ended[held.key] = UNDONE
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
