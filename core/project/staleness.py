"""Whether takes still are what their shots ask for, and if not, why.

text, panel, length, rate, size    the shot asks for something else now than it did for the take
model                              the model of that name has other weights now than those that made it
parent changed, parent gone        of what goes on from a take: that one's movie is another one, or was pruned
parent no longer plays             the shot plays a take now that has nothing to do with that one

No movie is read for it: the edit, the recipes beside the takes and samples of files tell.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..client.state_folder import state_folder
from ..errors import ProjectError, UsageError
from ..film import ProjectSettings, Shot, Take
from ..film.take import take_number
from ..models.fingerprints import has_other_weights
from ..storage import sample_of
from .requests import take_request

RECIPE = "recipe.json"
_LARGEST_RECIPE = 4_000_000
_WORDS = {
    "prompt": "text",
    "prompts": "text",
    "negative": "text",
    "known": "panel",
    "frames": "length",
    "rate": "rate",
    "size": "size",
}


class Staleness:
    """What has changed since the takes of a film were made; `media_hash` gives a panel's SHA-256 by its path."""

    def __init__(
        self, film: Path, settings: ProjectSettings, takes: Iterable[Take], media_hash: Callable[[str], str]
    ) -> None:
        self._film, self._settings, self._media_hash = film, settings, media_hash
        self._takes: dict[str, dict[str, Take]] = {}
        for take in takes:
            self._takes.setdefault(take.shot, {})[take.key] = take
        self._recipe = cache(self._read_recipe)
        self._has_other_weights = cache(lambda made, name: has_other_weights(made, name, state_folder()))

    def because(self, shot: Shot, take: Take) -> tuple[str, ...]:
        """Why a take of a shot is stale; empty where it is not."""
        told = self._recipe(take).get("extends")
        sample = told.get("sample") if isinstance(told, Mapping) else None
        parent = self._parent(take.shot, take.extends, sample) if take_number(take.extends) else ()
        return (*self.asked_anew(shot, take), *parent)

    def bridge_because(self, between: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """Why a bridge is stale that joins takes, each the name of its shot and its key."""
        return tuple(dict.fromkeys(reason for shot, key in between for reason in self._parent(shot, key)))

    def asked_anew(self, shot: Shot, take: Take) -> tuple[str, ...]:
        """Of these reasons those that another take, made as the shot asks now, would not have."""
        return (*self._request(shot, take), *self._model(take))

    def _request(self, shot: Shot, take: Take) -> tuple[str, ...]:
        if not take.request_hash:
            return ()
        try:
            asks = take_request(self._settings, shot, take.seed, self._media_hash, take.model)
        except ProjectError:
            return ("panel",)
        except UsageError:
            return ("length",)
        if asks.hash_without_seed() == take.request_hash:
            return ()
        first = list(self._line(take))[-1]  # of a take that goes on from others, what the shot asked for is there
        was, now = self._recipe(first).get("request"), asks.to_json()
        if not isinstance(was, Mapping):
            return ("text",)
        # By what is asked, not by its hash: a field that requests have had since then is no change.
        return tuple(dict.fromkeys(word for key, word in _WORDS.items() if _part(was, key) != _part(now, key)))

    def _model(self, take: Take) -> tuple[str, ...]:
        made = self._recipe(take).get("model")
        if not isinstance(made, Mapping) or not made.get("fingerprint"):
            return ()
        return ("model",) if self._has_other_weights(str(made["fingerprint"]), str(made.get("name"))) else ()

    def _parent(self, shot: str, key: str, sample: object = None) -> tuple[str, ...]:
        """What is no longer so of the take of a shot that something goes on from; `sample` is of its movie then."""
        takes = self._takes.get(shot, {})
        parent = takes.get(key)
        if parent is None or not (self._film / parent.media).exists():
            return ("parent gone",)
        changed = ("parent changed",) if sample and sample != _sample(self._film / parent.media) else ()
        playing = [other for other in takes.values() if other.active]
        plays = not playing or any(parent in self._line(other) or other in self._line(parent) for other in playing)
        return changed if plays else (*changed, "parent no longer plays")

    def _line(self, take: Take) -> Iterator[Take]:
        """A take, the one that it goes on from, and so on."""
        found: list[str] = []
        following: Take | None = take
        while following is not None and following.key not in found:
            yield following
            found.append(following.key)
            following = self._takes[take.shot].get(following.extends)

    def _read_recipe(self, take: Take) -> Mapping[str, Any]:
        """What lies beside a take; nothing where it can't be read."""
        path = (self._film / take.media).parent / RECIPE
        try:
            if path.stat().st_size > _LARGEST_RECIPE:
                return {}
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, Mapping) else {}


def _part(request: Mapping[str, Any], key: str) -> Any:
    """A part of a request, as far as a shot asks for it: of what is known its panels alone."""
    part = request.get(key)
    if key != "known" or not isinstance(part, list):
        return part
    return [known for known in part if isinstance(known, Mapping) and known.get("role") == "panel"]


def _sample(path: Path) -> str:
    try:
        return sample_of(path)
    except OSError:
        return ""
