"""Takes that no longer are what their shots ask for, each told with its reason; what still is right is not stale."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from shotwright.core.film import ProjectSettings, Shot, Take
from shotwright.core.models import fingerprints
from shotwright.core.models.catalogue import add_model
from shotwright.core.project.creation import create_film
from shotwright.core.project.folder import Film
from shotwright.core.project.requests import PanelHashes, take_request
from shotwright.core.project.shot_changes import replace_shots
from shotwright.core.project.staleness import RECIPE
from shotwright.core.project.takes import Wish, plan_takes, standing
from shotwright.core.storage import sample_of
from shotwright.core.timing import Rate

SCRIPT = "INT. KITCHEN - DAY\n\nAnna pours tea.\n\nEXT. STREET - NIGHT\n\nA car.\n"


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """Two shots, the first with a panel, a take each."""
    (tmp_path / "s.fountain").write_text(SCRIPT)
    (tmp_path / "drawings").mkdir()
    settings = ProjectSettings(rate=Rate.parse(24), size=(128, 72))
    first = create_film(tmp_path / "trial", tmp_path / "s.fountain", settings).shots[0]
    Image.new("RGB", (128, 72), "red").save(tmp_path / "drawings" / f"{first.name}.png")
    made = create_film(tmp_path / "Film", tmp_path / "s.fountain", settings, tmp_path / "drawings").film
    for shot in made.shot_list().shots:
        _put_take(made, shot, "TK01")
    return made


def _put_take(film: Film, shot: Shot, key: str, extends: str = "", **recipe: Any) -> None:
    """A take as the engine leaves one: its movie (that nothing here reads), its recipe, its place in the edit."""
    request = take_request(film.settings(), shot, 1, PanelHashes(film.path).of)
    movie = film.take_folder(shot.name, key) / f"{shot.name}_{key}.mov"
    movie.parent.mkdir(parents=True)
    movie.write_bytes(f"the movie of {key}".encode() * 40_000)
    told = {"request": request.to_json(), "model": {"name": "previs", "fingerprint": fingerprints.of_previs()}}
    if extends:
        sample = sample_of(film.take_folder(shot.name, extends) / f"{shot.name}_{extends}.mov")
        told |= {"extends": {"take": extends, "sample": sample}, "request": {"prompt": "of the new frames alone"}}
    (movie.parent / RECIPE).write_text(json.dumps({**told, **recipe}))
    asked = request.hash_without_seed()
    media = movie.relative_to(film.path).as_posix()
    take = Take(shot.name, key, media, shot.frames, 12, 86400, "previs", 1, asked, extends=extends)
    film.change_edit(lambda edit: edit.with_take(shot.shot_id, take))


def _stale(film: Film) -> dict[str, tuple[str, ...]]:
    """Why each take is stale: of the first shot by its key, of the second by `other`."""
    first = film.shot_list().shots[0].name
    return {take.key if take.shot == first else "other": because for take, because in standing(film).takes}


def _change(film: Film, **changes: Any) -> None:
    found = film.shot_list()
    replace_shots(film, found.scenes, (replace(found.shots[0], **changes), *found.shots[1:]))


def _set(film: Film, before: str, after: str) -> None:
    path = film.path / "shotwright.toml"
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def _panel(film: Film) -> Path:
    return film.path / film.shot_list().shots[0].panels[0].path


CHANGES: dict[str, tuple[Callable[[Film], Any], dict[str, tuple[str, ...]]]] = {
    "nothing": (lambda film: None, {"TK01": (), "other": ()}),
    "words": (lambda film: _change(film, prompt="Anna drinks."), {"TK01": ("text",), "other": ()}),
    "a note of the script": (lambda film: _change(film, text="Anna pours.", lines=(1, 1)), {"TK01": (), "other": ()}),
    "the drawing": (
        lambda film: Image.new("RGB", (128, 72), "blue").save(_panel(film)),
        {"TK01": ("panel",), "other": ()},
    ),
    "the drawing is gone": (lambda film: _panel(film).unlink(), {"TK01": ("panel",), "other": ()}),
    "no drawing": (lambda film: _change(film, panels=()), {"TK01": ("panel",), "other": ()}),
    "words, drawing and length": (
        lambda film: _change(film, prompt="Anna drinks.", panels=(), frames=99),
        {"TK01": ("text", "length", "panel"), "other": ()},
    ),
    "longer than any take": (lambda film: _change(film, frames=9999), {"TK01": ("length",), "other": ()}),
    "size": (
        lambda film: _set(film, '"128x72"', '"160x90"'),
        {"TK01": ("size",), "other": ("size",)},
    ),
    "handles": (
        lambda film: _set(film, "handle_frames = 12", "handle_frames = 8"),
        {"TK01": ("length", "panel"), "other": ("length",)},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_shot_asks_for_otherwise_is_the_reason(what: str, film: Film) -> None:
    change, wanted = CHANGES[what]
    change(film)
    assert {key: set(because) for key, because in _stale(film).items()} == {
        key: set(because) for key, because in wanted.items()
    }


def test_without_its_recipe_a_take_is_stale_all_the_same(film: Film) -> None:
    (film.take_folder(film.shot_list().shots[0].name, "TK01") / RECIPE).write_text("{")
    assert _stale(film)["TK01"] == ()
    _change(film, frames=99)
    assert _stale(film)["TK01"] == ("text",)


def test_a_request_that_is_only_written_down_otherwise_now_is_no_change(film: Film) -> None:
    text = film.edit_path.read_text()
    for take, _ in standing(film).takes:
        text = text.replace(take.request_hash, "0" * 64)
    film.edit_path.write_text(text)
    assert _stale(film) == {"TK01": (), "other": ()}
    _change(film, prompt="Anna drinks.")
    assert _stale(film) == {"TK01": ("text",), "other": ()}


def test_what_a_take_follows_beside_its_panels_is_no_change(film: Film) -> None:
    shot = film.shot_list().shots[0]
    recipe = film.take_folder(shot.name, "TK01") / RECIPE
    told = json.loads(recipe.read_text())
    told["request"]["known"].append({"frames": [0, 8], "media": {"sha256": "0" * 64}, "role": "depth"})
    recipe.write_text(json.dumps(told))
    _change(film, prompt="Anna drinks.")
    assert _stale(film)["TK01"] == ("text",)


def test_other_weights_are_another_model_and_other_code_is_not(film: Film) -> None:
    shot = film.shot_list().shots[0]
    now = fingerprints.of_previs()
    for key, fingerprint in (("TK02", now[::-1]), ("TK03", now[:16] + "0" * 16), ("TK04", "")):
        _put_take(film, shot, key, model={"name": "previs", "fingerprint": fingerprint})
    _put_take(film, shot, "TK05", model={"name": "a model that was removed", "fingerprint": now})
    assert _stale(film) == {"TK01": (), "TK02": ("model",), "TK03": (), "TK04": (), "TK05": (), "other": ()}


def test_a_pipelines_folder_is_known_by_what_is_in_it(
    film: Film, pipelines: dict[str, Path], state_folder: Path, tmp_path: Path
) -> None:
    pipeline = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "LTX"))
    weights = pipeline / "transformer" / "diffusion_pytorch_model.safetensors"
    add_model(state_folder, pipeline, "ltx")
    told = {"name": "ltx", "fingerprint": fingerprints.of_folder(pipeline)}
    _put_take(film, film.shot_list().shots[0], "TK02", model=told)
    assert _stale(film)["TK02"] == ()
    assert not fingerprints.has_other_weights(told["fingerprint"], "ltx", state_folder)
    (pipeline / "README.md").write_text("Read me.")
    assert _stale(film)["TK02"] == ()
    weights.write_bytes(weights.read_bytes()[:-11] + b"learnt more")
    assert _stale(film)["TK02"] == ("model",)


def test_a_take_that_goes_on_from_another_follows_what_becomes_of_that(film: Film) -> None:
    shot = film.shot_list().shots[0]
    _put_take(film, shot, "TK02", extends="TK01")
    _put_take(film, shot, "TK03", extends="TK02")
    _put_take(film, shot, "TK04", extends="TK01")
    _put_take(film, shot, "TK05")

    def play(key: str) -> dict[str, tuple[str, ...]]:
        film.change_edit(lambda edit: edit.activate(shot.name, key))
        return {name: because for name, because in _stale(film).items() if because}

    for own in ("TK01", "TK02", "TK03"):  # one may switch back, and forth again
        assert play(own) == {}
    assert play("TK04") == {"TK03": ("parent no longer plays",)}
    others = {"TK02": ("parent no longer plays",), "TK03": ("parent no longer plays",)}
    assert play("TK05") == {**others, "TK04": ("parent no longer plays",)}
    play("TK02")
    film.change_edit(lambda edit: edit.prune())
    assert _stale(film) == {"TK02": ("parent gone",), "other": ()}


def test_the_movie_that_a_take_goes_on_from_is_another_one(film: Film) -> None:
    shot = film.shot_list().shots[0]
    _put_take(film, shot, "TK02", extends="TK01")
    movie = film.take_folder(shot.name, "TK01") / f"{shot.name}_TK01.mov"
    held = movie.read_bytes()
    movie.write_bytes(held)  # written anew, the same
    assert _stale(film)["TK02"] == ()
    movie.write_bytes(held[:-1] + b"!")
    assert _stale(film)["TK02"] == ("parent changed",)
    movie.unlink()
    assert _stale(film)["TK02"] == ("parent gone",)


def test_words_are_compared_with_those_of_the_first_take(film: Film) -> None:
    _put_take(film, film.shot_list().shots[0], "TK02", extends="TK01")
    assert _stale(film)["TK02"] == ()
    _change(film, prompt="Anna drinks.")
    assert _stale(film)["TK02"] == ("text",)


def test_takes_that_go_on_from_one_another_in_a_circle_end_nothing(film: Film) -> None:
    shot = film.shot_list().shots[0]
    _put_take(film, shot, "TK02", extends="TK01")
    film.edit_path.write_text(film.edit_path.read_text().replace('"extends": "TK01"', '"extends": "TK02"'))
    assert _stale(film)["TK02"] == ("parent changed", "parent no longer plays")


def test_what_was_added_is_never_stale(film: Film) -> None:
    shot = film.shot_list().shots[0]
    movie = film.take_folder(shot.name, "TK02") / "x.mov"
    movie.parent.mkdir()
    movie.write_bytes(b"a movie")
    take = Take(shot.name, "TK02", movie.relative_to(film.path).as_posix(), 10, 0, 0, "", 0, "")
    film.change_edit(lambda edit: edit.with_take(shot.shot_id, take))
    _change(film, prompt="Anna drinks.", panels=())
    assert _stale(film)["TK02"] == ()


def test_only_what_making_anew_would_mend_is_made_anew(film: Film) -> None:
    shot = film.shot_list().shots[0]
    _put_take(film, shot, "TK02", extends="TK01")
    film.change_edit(lambda edit: edit.activate(shot.name, "TK02").prune())
    assert _stale(film)["TK02"] == ("parent gone",)

    def wanted() -> list[str]:
        return [take.shot.name for take in plan_takes(film, Wish(stale=True), PanelHashes(film.path).of, lambda _: 0)]

    assert wanted() == []
    _change(film, prompt="Anna drinks.")
    assert wanted() == [shot.name]
