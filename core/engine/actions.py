"""What a host asks for that is more than one call: a command of the command line, in a process of its own.

A host can't run commands itself: it has no Python with what they need, and must not wait. So the engine runs them, from
a fixed list, and tells how they stand. An action ends with its engine; what it made so far is kept, and the same one
asked for again, under the same key, goes on from there, or is done already.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import NotFoundError, UsageError
from ..protocol import SPEEDS, fields

COMMAND_LINE = (sys.executable, "-m", "shotwright.core.cli.tethered")
_KEYED = ("generate", "extend", "bridge", "loop", "reroll", "restyle")  # they do once what is asked under one key
_RUNNING, _DONE, _FAILED, _CANCELLED = "running", "done", "failed", "cancelled"
_KEPT = 200
_FLAG = object()  # an option without a value
_NUMBER, _SHARE, _TEXT = "number", "share", "text"

# What each command takes: option, and how its value is checked. The film's folder always comes first.
_COMMANDS: dict[str, dict[str, Any]] = {
    "new": {"script": _TEXT, "panels": _TEXT, "rate": _TEXT, "size": _TEXT, "start-timecode": _TEXT},
    "generate": {
        "shot": [_TEXT],
        "missing": _FLAG,
        "stale": _FLAG,
        "takes": _NUMBER,
        "model": _TEXT,
        "seed": _NUMBER,
        "speed": SPEEDS,
    },
    "extend": {
        "clip": _TEXT,
        "tail": _TEXT,
        "head": _TEXT,
        "mode": ("gap", "ripple", "overwrite"),
        "over-neighbour": _FLAG,
        "handles": ("use", "ignore"),
        "prompt": _TEXT,
        "model": _TEXT,
        "seed": _NUMBER,
        "allow-reversed": _FLAG,
    },
    "bridge": {
        "after": _TEXT,
        "before": _TEXT,
        "frames": _TEXT,
        "handles": ("use", "ignore"),
        "prompt": _TEXT,
        "model": _TEXT,
        "seed": _NUMBER,
    },
    "loop": {"clip": _TEXT, "frames": _TEXT, "prompt": _TEXT, "model": _TEXT, "seed": _NUMBER},
    "reroll": {
        "clip": _TEXT,
        "from": _TEXT,
        "to": _TEXT,
        "prompt": _TEXT,
        "model": _TEXT,
        "seed": _NUMBER,
        "allow-reversed": _FLAG,
    },
    "follow": {
        "shot": _TEXT,
        "frames": _TEXT,
        "depth": _TEXT,
        "handles": _NUMBER,
        "keep": _SHARE,
        "prompt": _TEXT,
        "model": _TEXT,
        "seed": _NUMBER,
    },
    "restyle": {"clip": _TEXT, "prompt": _TEXT, "strength": _SHARE, "model": _TEXT, "seed": _NUMBER},
}


class Action:
    """One command that runs or has ended; `answer` is its JSON, `error` the engine's form of an error.

    `tether` is the open end of its stdin: as long as that is open, it runs.
    """

    def __init__(self, command: str, process: subprocess.Popen[str], tether: int) -> None:
        self.id, self.command, self.state = uuid.uuid4().hex[:16], command, _RUNNING
        self.answer: Any = None
        self.error: Any = None
        self._process, self._tether = process, tether
        self._is_stopped = False

    def to_json(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": self.id,
            "command": self.command,
            "state": self.state,
            "answer": self.answer,
            "error": self.error,
        }

    def wait(self) -> None:
        """Waits for its end and takes down what it said."""
        out, said = self._process.communicate()
        os.close(self._tether)
        try:
            answer = json.loads(out)
        except ValueError:
            answer = {"error": {"kind": "failed", "message": (said or "It ended without a word.")[-500:], "hint": ""}}
        if self._process.returncode == 0:
            self.answer, self.state = answer, _DONE
        else:
            self.error = answer.get("error")
            self.state = _CANCELLED if self._process.returncode == 130 or self._is_stopped else _FAILED

    def cancel(self) -> None:
        """Stops it as Ctrl-C would: chunks that are made are kept. It may be done all the same."""
        if self._process.poll() is None and not self._is_stopped:
            self._is_stopped = True
            self._process.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)


class Actions:
    """The actions of an engine."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()

    def start(self, body: Mapping[str, Any]) -> Action:
        """Starts `{"film", "command", "options", "key"}`; the same key gives the same action, but for one that failed.

        Raises UsageError for what is not on the list.
        """
        fields.only(body, ("film", "command", "options", "key"), "An action")
        command = fields.choice(body, "command", _COMMANDS)
        film = fields.text(body, "film", longest=8000)
        if not Path(film).is_absolute():
            raise UsageError("“film” must be a whole path.", "The engine has a folder of its own.")
        words = _words(_COMMANDS[command], fields.obj(body.get("options", {}), "options"))
        key = fields.text(body, "key", "", longest=200)
        with self._lock:
            known = self._actions.get(self._keys.get(key, "")) if key else None
            if known is not None and known.state in (_RUNNING, _DONE):
                return known
            words += [f"--key={key}"] if key and command in _KEYED else []
            listened, tether = os.pipe()
            try:
                process = subprocess.Popen(
                    [*COMMAND_LINE, command, film, *words, "--json"],
                    stdin=listened,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                    errors="replace",
                )
            finally:
                os.close(listened)
            action = Action(command, process, tether)
            self._actions[action.id] = action
            self._keys[key] = action.id
            for old in list(self._actions)[:-_KEPT]:
                if self._actions[old].state != _RUNNING:
                    del self._actions[old]
        threading.Thread(target=action.wait, name=f"action {command}", daemon=True).start()
        return action

    def find(self, action_id: str) -> Action:
        """An action; raises NotFoundError."""
        found = self._actions.get(action_id)
        if found is None:
            raise NotFoundError("There is no such action.", "The engine was started anew: ask for it again.")
        return found

    def is_idle(self) -> bool:
        """Whether none runs."""
        return all(action.state != _RUNNING for action in self._actions.values())

    def close(self) -> None:
        """Stops all that run."""
        for action in self._actions.values():
            action.cancel()


def _words(known: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Options as words of a command line, each with `=` so that no value can be taken for an option."""
    fields.only(options, known, "This command")
    words: list[str] = []
    for name in options:
        kind = known[name]
        if kind is _FLAG:
            words += [f"--{name}"] if fields.flag(options, name, False) else []
        elif kind == _NUMBER:
            words.append(f"--{name}={fields.integer(options, name, 0, 2**53)}")
        elif kind == _SHARE:
            words.append(f"--{name}={fields.number(options, name, 0, 1)}")
        elif isinstance(kind, list):
            each = fields.items(options, name, 10_000)
            words += [f"--{name}={fields.text({name: value}, name)}" for value in each]
        elif isinstance(kind, tuple):
            words.append(f"--{name}={fields.choice(options, name, kind)}")
        else:
            words.append(f"--{name}={fields.text(options, name)}")
    return words
