"""Every kind of weights and every job that it claims, with real pipelines: exact frames, known ones heeded, stops."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import StoppedError
from shotwright.core.models.catalogue import add_model
from shotwright.core.models.diffusers_folder import FamilyModel
from shotwright.core.models.loading import load_model
from shotwright.core.planner.limits import EACH

from .asking import KINDS, asked, distance, given, words

pytestmark = pytest.mark.filterwarnings("ignore:In CPU autocast")  # Mochi's own
Load = Callable[[str], FamilyModel]
CLAIMS = [(name, job) for name, kind in KINDS.items() for job in kind.limits.jobs]
QUIET = lambda *_: None  # noqa: E731


@pytest.mark.parametrize("name", KINDS)
def test_a_users_folder_is_told_by_its_files_and_makes_what_it_is_asked(
    name: str, pipelines: dict[str, Path], state_folder: Path, model: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTWRIGHT_PLAN", "cpu")  # as exactly as the bare pipelines
    row = add_model(state_folder, pipelines[name], name)
    assert (row["family"], row["jobs"]) == (KINDS[name].family, list(KINDS[name].limits.jobs))
    loaded = load_model(name, state_folder)
    assert loaded.limits == KINDS[name].limits
    request = asked(KINDS[name], next(iter(KINDS[name].limits.jobs)))
    frames = loaded.make_chunk(request, QUIET)
    assert distance(frames, model(name).make_chunk(request, QUIET)) < 0.5


@pytest.mark.parametrize(("name", "job"), CLAIMS)
def test_a_job_makes_exact_frames_of_what_is_known(name: str, job: str, model: Load) -> None:
    request = asked(KINDS[name], job)
    frames = model(name).make_chunk(request, QUIET)
    width, height = request.size
    assert frames.shape == (request.frames, height, width, 3)
    assert frames.dtype == np.uint8
    another = asked(KINDS[name], job, 100) if job != "text" else replace(request, seed=5)
    assert not np.array_equal(frames, model(name).make_chunk(another, QUIET))


@pytest.mark.parametrize("name", KINDS)
def test_the_same_is_made_every_time_and_a_stop_ends_it_within_a_step(name: str, model: Load) -> None:
    request = asked(KINDS[name], next(iter(KINDS[name].limits.jobs)))
    steps: list[tuple[int, int]] = []
    frames = model(name).make_chunk(request, lambda done, of, _picture: steps.append((done, of)))
    assert steps == [(1, 2), (2, 2)]

    def stop(done: int, _of: int, _picture: object) -> None:
        assert done == 1
        raise StoppedError("Stopped.")

    with pytest.raises(StoppedError):
        model(name).make_chunk(request, stop)
    assert np.array_equal(frames, model(name).make_chunk(request, QUIET))


@pytest.mark.parametrize("name", ["ltx-0.9.0", "wan-2.1-t2v", "wan-2.2-ti2v-5b", "cogvideox"])
def test_what_was_made_before_by_another_pipeline_of_the_same_parts_changes_nothing(name: str, model: Load) -> None:
    text, other = (asked(KINDS[name], job) for job in list(KINDS[name].limits.jobs)[:2])
    first = model(name).make_chunk(other, QUIET)
    words_alone = model(name).make_chunk(text, QUIET)
    assert np.array_equal(first, model(name).make_chunk(other, QUIET))
    assert np.array_equal(words_alone, model(name).make_chunk(text, QUIET))


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.limits.partial_keep == EACH])
def test_frames_that_are_held_do_not_depend_on_the_seed(name: str, model: Load) -> None:
    request = words(KINDS[name], 17)
    held = given(request, range(17), 30)
    one, other = (model(name).make_chunk(replace(held, seed=seed), QUIET) for seed in (1, 2))
    assert distance(one, other) < 0.5
    free, free_too = (model(name).make_chunk(replace(request, seed=seed), QUIET) for seed in (1, 2))
    assert distance(free, free_too) > 2
    drawn = one  # as the decoder draws them, whatever else is asked for
    begun = model(name).make_chunk(given(replace(request, seed=3), range(9), 30), QUIET)
    assert distance(begun[:5], drawn[:5]) < distance(begun[12:], drawn[12:])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.limits.partial_keep])
def test_the_more_a_frame_is_kept_the_nearer_it_stays(name: str, model: Load) -> None:
    request = replace(words(KINDS[name]), steps=8)
    made = [
        model(name).make_chunk(given(request, range(request.frames), 30, keep), QUIET) for keep in (0.99, 0.8, 0.05)
    ]
    assert distance(made[0], made[1]) < distance(made[0], made[2])


@pytest.mark.parametrize("name", ["ltx-0.9.0", "wan-2.2-ti2v-5b"])
def test_a_first_picture_that_takes_the_place_of_a_latent_frame_is_held(name: str, model: Load) -> None:
    bare = replace(asked(KINDS[name], "image"), guidance=1.0)
    one, other = (model(name).make_chunk(replace(bare, seed=seed), QUIET) for seed in (1, 2))
    assert distance(one[:1], other[:1]) < distance(one[-1:], other[-1:])


@pytest.mark.parametrize("name", KINDS)
def test_guidance_and_words_that_are_not_wanted_are_heard(name: str, model: Load) -> None:
    request = asked(KINDS[name], next(iter(KINDS[name].limits.jobs)))
    guided = [model(name).make_chunk(replace(request, guidance=each), QUIET) for each in (2.0, 9.0)]
    assert not np.array_equal(*guided)
