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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..client import EngineClient
from ..errors import ShotwrightError, StateError
from ..protocol import Board
from .calls import Json
from .doing import UNDONE, Doing
from .flow import Flow, Steps
from .port import Held, HostPort, Place, Tie

_TICK_SECONDS = 0.02


class Session(Doing):
    """The flows of one host; `connect` finds the engine or starts it, and is called in threads of their own."""

    def __init__(self, port: HostPort, connect: Callable[[], EngineClient]) -> None:
        super().__init__(port, connect)
        self.flows: list[Flow] = []
        self.film: Json = {}  # what was seen of the film last: see `look`
        self.is_seen = True  # whether nothing was done since

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
                if flow.state != "done" and self._ended.get(flow.key) != UNDONE:
                    flow.otherwise()
            if flow.error is not None and flow.state == "failed":
                self._port.tell(f"{flow.error.message} {flow.error.hint}".strip(), True)
        if not self.flows:
            self._pictures.end()
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
            ended = self._ended.pop(held.key, UNDONE)
            if held.key in under_way:
                continue
            if ended == "done":
                started.append(self._started(held.title, partial(self._show_again, held.key), held.key))
            elif ended == UNDONE and held.command:
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
            self._last = ""  # the film may now have something else than what was shown last
            return answer

        return self._started("Push", steps)

    def pull(self) -> Flow:
        """Shows the film's edit; what was cut in the host is taken in before."""
        return self._started("Pull", lambda: self._show("Pull"))

    def look(self) -> Flow:
        """Sees what there is of the film, for a host's panel: `film` is the answer of `/v1/films/overview` then."""

        def steps() -> Steps:
            self.is_seen = True  # also where it can't be: nobody asks again and again
            self.film = yield partial(self._engine.post, "/v1/films/overview", {"film": str(self._tie().film)})

        return self._started("Look", steps)

    def choose_take(self, shot: str, key: str) -> Flow:
        """Has a take of a shot play."""
        return self._playing("Choose take", shot, lambda film: key)

    def draw_panels(self, boards: Callable[[], Iterator[Board | None]]) -> Flow:
        """Makes the host's drawings and pictures panels of the shots that they stand over.

        `boards` gives them one by one on the main thread, None where others have their turn.
        """

        def sent(film: str, found: Sequence[Board]) -> Json:
            body = {"film": film, "boards": [board.to_json() for board in found]}
            return self._engine.post("/v1/films/panels", body)

        def steps() -> Steps:
            yield from self._take_in()
            found: list[Board] = []
            for board in boards():
                found += [board] if board else []
                self._port.progress("Panels", None)
                self._check_wanted(flow)
                yield None
            answer: Json = yield partial(sent, str(self._tie().film), found)
            yield from self._show("Panels")
            for notice in answer["notices"]:
                self._port.tell(notice)
            return answer

        flow = self._started("Panels", steps)
        return flow

    def command(
        self,
        title: str,
        command: str,
        options: Json,
        places: Sequence[Place] = (),
        otherwise: Callable[[], None] = lambda: None,
    ) -> Flow:
        """Does a command on the film: the timeline is taken in before, and shown anew behind, as one undo step.

        Placeholders stand in the `places` of the new frames meanwhile. `otherwise` is done where it fails or is
        stopped.
        """
        held = Held(_new_key(), title, command, options)
        if places:
            self._port.hold(held, places)
        flow = self._asked(held)
        flow.otherwise = otherwise
        return flow

    def _asked(self, held: Held) -> Flow:
        def steps() -> Steps:
            yield from self._take_in(held.key)
            answer = yield from self._action(flow, self._tie().film, held)
            if self._ended.get(held.key) == UNDONE:
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

        def following(film: str) -> str:
            takes = self._engine.post("/v1/films/takes/list", {"film": film})["takes"]
            mine = [take for take in takes if take["shot"] == shot]
            if not mine:
                raise StateError(f"{shot} has no take yet.", "Generate one first.")
            at = next((number for number, take in enumerate(mine) if take["active"]), -1)
            return str(mine[(at + 1) % len(mine)]["key"])

        return self._playing("Next take", shot, following)

    def _playing(self, name: str, shot: str, chosen: Callable[[str], str]) -> Flow:
        """Has the take of a shot play that is `chosen` of a film, by a thread of its own."""

        def played(film: str) -> str:
            key = chosen(film)
            self._engine.post("/v1/films/takes", {"film": film, "change": "activate", "shot": shot, "take": key})
            return key

        def steps() -> Steps:
            yield from self._take_in()
            key = yield partial(played, str(self._tie().film))
            yield from self._show(f"Take {key}")
            return key

        return self._started(name, steps)

    def block(self, names: Sequence[str], first: int, frames: int, options: Json, places: Sequence[Place] = ()) -> Flow:
        """Has a shot's next take follow what is blocked in the host.

        The shot is the first of the film of these names. It is drawn as long as it plays in the cut; one that is in no
        cut from record frame `first` on, so many frames. `options` are those of `follow`.
        """

        held = Held(_new_key(), "Blocking to take", "", {})  # its pictures are gone with the program that drew them
        if places:
            self._port.hold(held, places)

        def steps() -> Steps:
            yield from self._take_in(held.key)
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
        self.is_seen = False
        flow = Flow(name, steps(), key)
        self.flows.append(flow)
        return flow


def _new_key() -> str:
    return uuid.uuid4().hex
