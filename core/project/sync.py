"""A film's edit and the same edit in another program: sent, taken back, brought together; nothing is lost on the way.

.shotwright/exchange/PROGRAM/
  state.json    which of the folders below holds, and what the last pull can be undone to
  3/            one exchange: `sent.otio`, the edit as that program has it, told whole; `carrier.*`, as its file says it

push    the edit ──► sent ──► the program's file
pull    the program's file ──► what it changed since, done to `sent` ──► merged with the film's edit, which went on too

Files are written in an order in which being killed between two leaves the edit before or after, and the same command
may be given again.
"""

from __future__ import annotations

import contextlib
import gc
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ProjectError, StateError, UsageError, storage_error
from ..storage import replace_file, sha256_of, sync_folder
from .folder import Film
from .snapshots import keep_snapshot

if TYPE_CHECKING:
    from ..timeline.carriers.losses import Lost
    from ..timeline.comparing import MergedEdit
    from ..timeline.edit import Edit

_SENT, _CARRIER, _STATE = "sent.otio", "carrier", "state.json"
_KEPT_EXCHANGES = 20  # so that a timeline which was put away for a while can still be taken in


@dataclass(frozen=True)
class Synced:
    """How a film and a program stand: `never` sent, `in step`, or changed by `ours`, by `theirs`, by `both`.

    `file` is the program's file, `number` the exchange that holds, and `lost` what will not survive in the file;
    `applied` and `conflicts` are those of a pull, whose `report` is a page.
    """

    state: str
    file: Path
    number: int
    lost: tuple[Lost, ...] = ()
    applied: tuple[Any, ...] = ()
    conflicts: tuple[Any, ...] = ()
    report: Path | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "state": self.state,
            "file": str(self.file),
            "carrier": self.file.suffix,
            "exchange": self.number,
            "lost": [each.to_json() for each in self.lost],
            "applied": [each.to_json() for each in self.applied],
            "conflicts": [each.to_json() for each in self.conflicts],
            "report": str(self.report) if self.report else None,
        }


@dataclass(frozen=True)
class _State:
    """What `state.json` says: the exchange that holds (0 for none), the program's file, and the way back of a pull."""

    number: int = 0
    file: str = ""
    undo: Mapping[str, Any] = field(default_factory=dict)


class Exchange:
    """The exchange of one film with one program; `file` is where that program's file lies, or else a place of ours."""

    def __init__(self, film: Film, program: str, file: Path | None = None) -> None:
        from ..timeline.carriers.losses import program_named

        self._film, self._program = film, program_named(program)
        self._folder = film.private / "exchange" / self._program.name
        self._state = self._read_state()
        self._asked = file.expanduser().absolute() if file else None
        if self._asked is not None and self._asked == film.edit_path:
            raise UsageError("edit.otio is the film's own edit, and no file to exchange.", "Name another file.")

    def status(self) -> Synced:
        """How both stand, and what a push would lose now."""
        edit = self._film.edit()
        file = self._file(edit)
        return self._synced(self._standing(edit, file), file, tuple(self._lost(edit, file)))

    def push(self) -> Synced:
        """Sends the edit: writes the program's file. Raises StateError where that file has changes not taken yet.

        The edit is given an ID on all that has none, so that what comes back is known.
        """
        from ..timeline.carriers.exchange import send
        from ..timeline.identities import with_identities

        with self._locked():
            bytes_before = self._film.edit_path.read_bytes()
            before = self._film.edit()
            edit = with_identities(before)
            file = self._file(edit)
            if self._state.number and file.exists() and self._is_changed(file):
                raise StateError(
                    f"{file.name} was changed by {self._program.title} since it was sent.",
                    f"Take that in first: shotwright sync FILM pull --host {self._program.name}.",
                )
            lost = tuple(self._lost(edit, file))
            exchange = self._new_exchange()
            edit.write(exchange / _SENT)
            send(self._sent(exchange), self._program, exchange / f"{_CARRIER}{file.suffix}")
            if edit is not before:
                self._film.check_unchanged(bytes_before)
                keep_snapshot(self._film.edit_path, self._film.private / "snapshots")
                edit.write(self._film.edit_path)
            _copied(exchange / f"{_CARRIER}{file.suffix}", file)
            self._write_state(_State(int(exchange.name), str(file)))
            return self._synced("in step", file, lost)

    def pull(self, base: int | None = None) -> Synced:
        """Takes in what the program changed: its file and the film's edit brought together, as one step with one undo.

        `base` is the exchange that the program's timeline shows, where that is not the last one. Raises StateError
        where nothing was sent or that exchange is no longer kept, ProjectError for a file that can't be read.
        """
        from ..timeline.carriers.exchange import came_back, send
        from ..timeline.comparing import differ, merge_edits
        from ..timeline.identities import with_identities

        with self._locked():
            if not self._state.number:
                raise StateError(
                    f"Nothing was sent to {self._program.title} yet.",
                    f"Send the edit first: shotwright sync FILM push --host {self._program.name}.",
                )
            bytes_before = self._film.edit_path.read_bytes()
            ours = self._film.edit()
            exchange, file = self._folder / str(base or self._state.number), self._file(ours)
            if not exchange.is_dir():
                raise StateError(
                    "The timeline shows an edit that is older than any that is kept.",
                    "Show the film in a new timeline, and bring your changes over.",
                )
            if not file.exists():
                raise ProjectError(f"{file.name} is missing.", f"Export the edit from {self._program.title} there.")
            unchanged = self._carrier(exchange)
            if base in (None, self._state.number) and _hash(file) == _hash(unchanged):
                return self._synced(self._standing(ours, file), file)
            sent = self._sent(exchange)
            if file.suffix.lower() != unchanged.suffix:  # another kind of file came back than was sent
                unchanged = exchange / f"unchanged{file.suffix.lower()}"
                send(sent, self._program, unchanged)
            theirs = came_back(file, sent, unchanged, self._program)
            result = merge_edits(sent, ours, theirs)
            after = with_identities(result.edit)
            taken = self._new_exchange()
            theirs = with_identities(theirs)
            theirs.write(taken / _SENT)
            _copied(file, taken / f"{_CARRIER}{file.suffix.lower()}")
            report = self._report(taken, ours, after, result)
            undo: dict[str, Any] = {}
            if result.applied_to(ours):
                self._film.check_unchanged(bytes_before)
                snapshot = keep_snapshot(self._film.edit_path, self._film.private / "snapshots")
                after.write(self._film.edit_path)
                now = sha256_of(self._film.edit_path)
                undo = {"snapshot": snapshot.name, "after": now, "number": self._state.number, "file": str(file)}
            self._write_state(_State(int(taken.name), str(file), undo))
            state = "ours" if differ(theirs, after) else "in step"
            return self._synced(state, file, (), result.applied, result.conflicts, report)

    def undo(self) -> Synced:
        """Takes the last pull back: the edit's bytes before it. Raises StateError where it was changed since."""
        with self._locked():
            undo, edit_path = self._state.undo, self._film.edit_path
            snapshot = self._film.private / "snapshots" / str(undo.get("snapshot", ""))
            if not undo or not snapshot.is_file():
                raise StateError("There is no pull that could be undone.", "Older edits lie in .shotwright/snapshots.")
            if sha256_of(edit_path) != undo.get("after"):
                raise StateError(
                    "The edit was changed since that pull; undoing it would lose the change.",
                    f"The edit before the pull is .shotwright/snapshots/{snapshot.name}.",
                )
            keep_snapshot(edit_path, snapshot.parent)
            replace_file(edit_path, snapshot.read_bytes(), "writing edit.otio")
            self._write_state(_State(int(undo["number"]), str(undo["file"])))
            edit = self._film.edit()
            file = self._file(edit)
            return self._synced(self._standing(edit, file), file)

    def _synced(self, state: str, file: Path, *more: Any) -> Synced:
        return Synced(state, file, self._state.number, *more)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps every other writer out of the film; what another one did meanwhile is known then.

        Python's search for dead cycles waits: an edit has none, and takes a tenth longer with it.
        """
        with self._film.locked():
            self._state = self._read_state()
            searched = gc.isenabled()
            gc.disable()
            try:
                yield
            finally:
                if searched:
                    gc.enable()

    # -- how they stand --------------------------------------------------------------------------------------------

    def _standing(self, edit: Edit, file: Path) -> str:
        if not self._state.number:
            return "never"
        ours, theirs = self._ours_changed(edit), file.exists() and self._is_changed(file)
        return "both" if ours and theirs else "ours" if ours else "theirs" if theirs else "in step"

    def _ours_changed(self, edit: Edit) -> bool:
        from ..timeline.comparing import differ

        return differ(self._sent(self._folder / str(self._state.number)), edit)

    def _is_changed(self, file: Path) -> bool:
        """Whether the program's file says anything else than it did at the last exchange."""
        known = self._carrier(self._folder / str(self._state.number))
        return _hash(file) != _hash(known)

    def _lost(self, edit: Edit, file: Path) -> list[Lost]:
        from ..timeline.carriers.exchange import lost_there

        return lost_there(edit, self._program, file.suffix.lower())

    # -- where things lie ------------------------------------------------------------------------------------------

    def _file(self, edit: Edit) -> Path:
        """The program's file: as asked for, as last time, or one of ours by the carrier that keeps most."""
        from ..timeline.carriers.exchange import carrier_for

        if self._asked is not None:
            return self._asked
        if self._state.file:
            return Path(self._state.file)
        folder = self._film.path / "exchange"
        return folder / f"{self._film.path.name}_{self._program.name}{carrier_for(edit, self._program)}"

    def _sent(self, exchange: Path) -> Edit:
        """The edit of an exchange; its paths start at the film, as those of `edit.otio` do."""
        from ..timeline.edit import Edit

        return Edit.read(exchange / _SENT, self._film.path, ours=True)

    def _carrier(self, exchange: Path) -> Path:
        found = next(iter(sorted(exchange.glob(f"{_CARRIER}.*"))), None)
        if found is None:
            raise ProjectError("What was sent last is no longer there.", "Push the edit again.")
        return found

    def _next_number(self) -> int:
        numbers = [int(path.name) for path in self._folder.glob("*") if path.name.isdigit()]
        return max([self._state.number, *numbers]) + 1

    def _new_exchange(self) -> Path:
        folder = self._folder / str(self._next_number())
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise storage_error(error, "keeping what is exchanged") from error
        return folder

    def _report(self, folder: Path, ours: Edit, after: Edit, result: MergedEdit) -> Path | None:
        """A page on what a pull did, where both had changed the same."""
        from ..timeline.comparing import page_of_merge

        if not result.conflicts:
            return None
        path = folder / "report.html"
        replace_file(path, page_of_merge(ours, after, result.conflicts), "writing the report")
        return path

    def _read_state(self) -> _State:
        path = self._folder / _STATE
        if not path.is_file():
            return _State()
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return _State(int(said["number"]), str(said["file"]), dict(said["undo"]))
        except (ValueError, KeyError, TypeError, OSError):
            raise ProjectError(
                f"What was exchanged with {self._program.title} can't be read.",
                f"Move .shotwright/exchange/{self._program.name} away, and push again.",
            ) from None

    def _write_state(self, state: _State) -> None:
        said = {"number": state.number, "file": state.file, "undo": dict(state.undo)}
        replace_file(self._folder / _STATE, json.dumps(said, indent=1), "keeping what is exchanged")
        self._state = state
        needed = {state.number, state.undo.get("number")}
        old = sorted(int(path.name) for path in self._folder.glob("*") if path.name.isdigit())
        for number in old[:-_KEPT_EXCHANGES]:
            if number not in needed:
                shutil.rmtree(self._folder / str(number), ignore_errors=True)


def _copied(source: Path, target: Path) -> None:
    """Copies a carrier, a file or a folder, whole or not at all; raises StorageError."""
    try:
        if source.is_dir():
            waiting = target.with_name(f".{target.name}.part")
            shutil.rmtree(waiting, ignore_errors=True)
            shutil.copytree(source, waiting)
            shutil.rmtree(target, ignore_errors=True)
            waiting.rename(target)
            sync_folder(target.parent)
            return
        replace_file(target, source.read_bytes(), f"writing {target.name}")
    except OSError as error:
        raise storage_error(error, f"writing {target.name}") from error


def _hash(carrier: Path) -> str:
    """A carrier's contents, in hexadecimal: of a bundle, those of the edit in it."""
    if carrier.is_dir():
        return sha256_of(carrier / "content.otio")
    return sha256(carrier.read_bytes()).hexdigest()
