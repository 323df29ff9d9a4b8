"""The measures of the previs model can fail: drawn scenes pass them, and scenes exchanged or spoiled do not."""

import cv2
import numpy as np
import pytest
from shotwright.core.models.previs.evaluate import cases as asked
from shotwright.core.models.previs.evaluate.cases import FRAMES, Case, Frames, cases, combination, trained_scenes
from shotwright.core.models.previs.evaluate.discriminant import Discriminant
from shotwright.core.models.previs.evaluate.judges import Judges, share
from shotwright.core.models.previs.evaluate.looks import features, frechet, motion_energy, sharpness
from shotwright.core.models.previs.evaluate.seams import seam_of, verdicts
from shotwright.core.models.previs.training.pool import world_of
from shotwright.core.models.previs.world.scene import SECONDS


@pytest.fixture(scope="module")
def few() -> list[Case]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asked, "_TRAINED_SEEDS", 300)
        return cases(40)


@pytest.fixture(scope="module")
def judges() -> Judges:
    return Judges(trained_scenes(200))


def _blurred(clip: Frames) -> Frames:
    return np.stack([cv2.GaussianBlur(frame, (0, 0), 2) for frame in clip])


def test_cases_are_the_same_each_time_new_and_say_what_they_show(
    few: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_TRAINED_SEEDS", 300)
    again = cases(3)
    assert [case.words for case in again] == [case.words for case in few[:3]]
    worlds = [world for seed in range(1, 301) if len((world := world_of(seed, SECONDS)).subjects) == 1]
    assert not {combination(case.world) for case in few} & {combination(world) for world in worlds}
    for case in few:
        who = case.world.subjects[0]
        assert who.colour in case.words
        assert who.action in case.words
        assert who.kind in case.words
        assert case.world.move in case.words
        assert not any(wrong in case.words for wrong in ("  ", " ,", " .", ",,", ", ;", "{"))
        assert case.frames.shape == (FRAMES, 36, 64, 3)


@pytest.mark.parametrize(
    ("name", "ceiling", "chance"),
    [("time", 0.75, 0.6), ("place", 0.6, 0.4), ("move", 0.4, 0.35), ("kind", 0.5, 0.45), ("colour", 0.5, 0.35)],
)
def test_drawn_scenes_pass_and_exchanged_ones_do_not(
    name: str, ceiling: float, chance: float, few: list[Case], judges: Judges
) -> None:
    verdict = getattr(judges, name)
    right = share([verdict(case, case.frames) for case in few])
    wrong = share([verdict(case, other.frames) for case, other in zip(few, [*few[7:], *few[:7]], strict=True)])
    assert right >= ceiling
    assert wrong <= chance
    assert right > wrong + 0.15


def test_motion_backwards_has_the_wrong_direction(few: list[Case], judges: Judges) -> None:
    forth = [judges.way(case, case.frames) for case in few]
    back = [judges.way(case, case.frames[::-1]) for case in few]
    assert share(forth) > 0.7 > 0.3 > share(back)
    assert None in forth


@pytest.mark.parametrize("head", [False, True])
def test_a_seam_holds_for_the_true_motion_and_breaks_where_time_turns(few: list[Case], head: bool) -> None:
    seams = [seam_of(case, head) for case in few]
    true = [verdicts(seam, seam.true) for seam in seams]
    turned = [verdicts(seam, seam.known[1 if seam.head else -2]) for seam in seams]
    still = [verdicts(seam, seam.beside) for seam in seams]
    assert [share([each[which] for each in true]) for which in range(3)] == [1, 1, 1]
    assert share([way for _, way, _ in turned]) < 0.1
    assert share([exact for *_, exact in turned]) < 0.5
    assert share([as_fast for as_fast, *_ in still]) < 0.5 < share([as_fast for as_fast, *_ in turned])
    assert any(not seam.region.all() for seam in seams)


def test_a_panels_subject_moved_away_is_not_kept(few: list[Case], judges: Judges) -> None:
    kept = [judges.kept(case, case.frames) for case in few]
    moved = [judges.kept(case, np.roll(case.frames, 20, axis=2)) for case in few]
    assert share(kept) == 1
    assert share(moved) < 0.4


def test_blur_is_less_sharp_stills_do_not_move_and_both_are_far_from_what_is_drawn(few: list[Case]) -> None:
    clips = [case.frames for case in few]
    assert sharpness(_blurred(clips[0])) < 0.7 * sharpness(clips[0])
    assert motion_energy(np.repeat(clips[0][:1], FRAMES, 0)) == 0
    drawn = np.stack([features(clip) for clip in clips])
    spoiled = np.stack([features(_blurred(clip) // 2) for clip in clips])
    assert frechet(drawn, drawn) == pytest.approx(0, abs=1e-3)
    assert frechet(drawn, spoiled) > 0.5


def test_a_discriminant_tells_two_clouds_apart() -> None:
    rng = np.random.default_rng(0)
    clouds = np.concatenate([rng.normal(0, 1, (50, 3)), rng.normal(4, 1, (50, 3))])
    told = Discriminant(clouds, ["a"] * 50 + ["b"] * 50).tell(np.array([[0.0, 0, 0], [4, 4, 4]]))
    assert told == ["a", "b"]


def test_a_share_counts_only_verdicts_that_were_given() -> None:
    assert share([True, None, False, None]) == 0.5
    assert share([]) == 0
