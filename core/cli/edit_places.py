"""Where an edit lives, and how a step in it is kept: a film's folder, written by the engine, or a file of anybody's."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EngineError, ShotwrightError, UsageError, storage_error
from ..project.folder import Film
from ..storage import sample_of
from ..timeline.steps import Bridge, Extension, to_json

if TYPE_CHECKING:
    from ..clips.finishing import Finished
    from ..clips.jobs import ClipJob
    from ..clips.links import Link
    from ..timeline.cut_clips import CutClip
    from ..timeline.cutting import Notices

EXCHANGED = (".otio", ".edl", ".xml", ".fcpxml")
_REEL_STEM = 28  # of the 32 characters that a reel name may have; a number may follow


@dataclass(frozen=True)
class Made:
    """A take that was made, and after what."""

    take: Path
    link: Link


@dataclass(frozen=True)
class Kept:
    """A new movie in its place: `path` as the edit is to hold it, `take` its key where it is a shot's."""

    finished: Finished
    path: str
    take: str = ""
    start_frames: int = 0


def is_edit(path: Path) -> bool:
    """Whether a path is an edit or a film's folder, not a movie."""
    return path.suffix.lower() in EXCHANGED or (path / "shotwright.toml").is_file()


def edit_place(path: Path, output: Path | None, key: str = "") -> FilmPlace | FilePlace:
    """The place of an edit; in a film what is asked under a key is done once.

    Raises UsageError where an output is named that can't be, ProjectError for no edit.
    """
    home = path if path.is_dir() else path.parent
    if path.is_dir() or (path.name == "edit.otio" and (home / "shotwright.toml").is_file()):
        if output is not None:
            raise UsageError("A film's edit is changed where it is.", "Leave -o out; a snapshot is kept before.")
        return FilmPlace(Film.open(home), key)
    if not is_edit(path):
        raise UsageError(f"{path.name} is no edit.", "Give a project folder or an .otio; a movie needs no --clip.")
    return FilePlace(path, output)


class FilmPlace:
    """A film: an extension is its shot's next take, and the engine writes the edit."""

    def __init__(self, film: Film, key: str) -> None:
        self._film, self._key, self.folder = film, key, film.path
        self.edit = film.edit()

    @contextlib.contextmanager
    def keeping(self, job: ClipJob, made: Made, name: str, clip: CutClip, as_take: bool = True) -> Iterator[Kept]:
        """Writes a job's finished movie into the film, for good where the block ends well.

        It is the next take of the clip's shot, or a movie of that name in the film's media.
        """
        from ..clips.finishing import finish, free_place
        from ..clips.links import write_beside
        from ..clips.take_folder import write_proxy

        if as_take and clip.shot_id:
            with self._take(job, made, clip) as kept:
                yield kept
            return
        media = self.folder / "media"
        media.mkdir(exist_ok=True)
        finished = finish(job, made.take, free_place(media, _as_name(name)[:_REEL_STEM], ".mov"))
        recipe, _ = write_beside(finished.output, job, made.link, made.take)
        with removed_in_trouble(finished.output, recipe, write_proxy(job, made.take, finished.output)):
            yield Kept(finished, finished.output.relative_to(self.folder).as_posix())

    @contextlib.contextmanager
    def _take(self, job: ClipJob, made: Made, clip: CutClip) -> Iterator[Kept]:
        from ..client import ensure_engine
        from ..clips.take_folder import write_take
        from ..protocol import Delivery

        body = {"film": str(self.folder), "shot_id": clip.shot_id}
        given = ensure_engine().post("/v1/films/takes/next", body)
        delivery = Delivery.from_json(given["delivery"])
        origin = clip.available[0] if clip.available else 0
        cut_in = delivery.start_frames + delivery.handle_frames
        start = cut_in + int(origin) + job.moved_frames - clip.cut_in
        delivery = replace(delivery, start_frames=start, handle_frames=0)
        work, target = self._film.private / "work", self._film.take_folder(given["shot"], given["take"])
        try:
            work.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=work, prefix="extend-") as folder:
                place = Path(folder) / given["take"]
                place.mkdir()
                counts = {"frames_kept": job.kept_frames, "frames_new": job.new_frames}
                extends = {"take": clip.key, "sample": sample_of(self.folder / clip.media), **counts}
                finished = write_take(job, made.take, place, delivery, extends, made.link)
                place.rename(target)
        except OSError as error:
            raise storage_error(error, "keeping the take") from error
        finished = replace(finished, output=target / finished.output.name)
        with removed_in_trouble(target):
            yield Kept(finished, finished.output.relative_to(self.folder).as_posix(), given["take"], start)

    def apply(self, step: Extension | Bridge) -> tuple[Path, Notices]:
        """Has the engine make a step in the edit; where it stands, and notices."""
        from ..client import ensure_engine

        verb = "extend" if isinstance(step, Extension) else "bridge"
        body = {"film": str(self.folder), "key": self._key, **to_json(step)}
        answer = ensure_engine().post(f"/v1/films/{verb}", body)
        return Path(answer["edit"]), tuple(answer["notices"])


class FilePlace:
    """An edit in a file: the changed one goes beside it, or where it was asked for, and its new media beside that."""

    def __init__(self, path: Path, output: Path | None) -> None:
        from ..clips.finishing import check_can_be_written, free_place
        from ..timeline.edit import Edit

        path = path.expanduser().absolute()
        self.folder, self.edit = path.parent, Edit.read(path)
        self._output = (output or free_place(path.parent, f"{path.stem}_extended", ".otio")).expanduser().absolute()
        if self._output.suffix.lower() != ".otio":
            raise UsageError(f"“{self._output.name}” has no known ending.", "Edits are written as .otio.")
        if self._output.exists():
            raise UsageError(f"{self._output.name} is there already.", "Choose another name, or remove it.")
        check_can_be_written(self._output)

    @contextlib.contextmanager
    def keeping(self, job: ClipJob, made: Made, name: str, clip: CutClip, as_take: bool = True) -> Iterator[Kept]:
        """Writes a job's finished movie beside the changed edit, for good where the block ends well.

        The edit holds its path as it holds that of the clip's media: whole, or relative.
        """
        from ..clips.finishing import finish, free_place, suffix_for
        from ..clips.links import write_beside

        finished = finish(job, made.take, free_place(self._output.parent, _as_name(name), suffix_for(job)))
        recipe, _ = write_beside(finished.output, job, made.link, made.take)
        relative = self._output.parent == self.folder and not Path(clip.media).is_absolute()
        with removed_in_trouble(finished.output, recipe):
            yield Kept(finished, finished.output.name if relative else str(finished.output))

    def apply(self, step: Extension | Bridge) -> tuple[Path, Notices]:
        """Writes the edit with a step more; where it stands, and notices."""
        from ..timeline.cutting import bridged, extended, with_whole_paths

        after, notices = extended(self.edit, step) if isinstance(step, Extension) else bridged(self.edit, step)
        if self._output.parent != self.folder:
            after = with_whole_paths(after)
        after.write(self._output)
        return self._output, notices


def _as_name(text: str) -> str:
    """A text that may name a file anywhere."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_") or "new"


@contextlib.contextmanager
def removed_in_trouble(*paths: Path) -> Iterator[None]:
    """Removes what was written for an edit that then could not be changed."""
    try:
        yield
    except EngineError:
        raise  # it may have changed the edit before it fell silent
    except ShotwrightError:
        for path in paths:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        raise
