"""`shots.json`: the project's scenes and shots, as the breakdown made them and people edited them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import ProjectError, storage_error
from ..film import Scene, Shot
from ..storage import replace_file

FILE_NAME = "shots.json"


@dataclass(frozen=True)
class ShotList:
    """All scenes and shots of a film, in the script's order."""

    scenes: tuple[Scene, ...]
    shots: tuple[Shot, ...]

    def named(self, name: str) -> Shot | None:
        """The shot of that name, upper or lower case; None where there is none."""
        return next((shot for shot in self.shots if shot.name.casefold() == name.casefold()), None)


def read_shot_list_file(path: Path) -> ShotList:
    """The project's shot list; raises ProjectError where it is missing or broken."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(ShotList).validate_json(path.read_bytes())
    except FileNotFoundError:
        raise ProjectError(
            f"{FILE_NAME} is missing: this project is only half there.",
            "Copy the whole project folder again, or make a new one from the script.",
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = " › ".join(str(part) for part in first["loc"])
        raise ProjectError(f"{FILE_NAME} is broken at {where}: {first['msg']}.", "Mend it or restore a copy.") from None
    except OSError as error:
        raise storage_error(error, f"reading {FILE_NAME}") from error


def write_shot_list_file(path: Path, scenes: Sequence[Scene], shots: Sequence[Shot]) -> None:
    """Writes the shot list whole; raises StorageError."""
    data = {"scenes": [asdict(scene) for scene in scenes], "shots": [asdict(shot) for shot in shots]}
    replace_file(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n", f"writing {FILE_NAME}")
