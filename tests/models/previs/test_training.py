"""Training: each part learns, goes on from its checkpoint, and is given what its network takes."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from shotwright.core.models.previs.eye import NOWHERE, Shape, middle_of, place_of
from shotwright.core.models.previs.layers import ELEMENT, GLIMPSE, MOVE_NUMBERS, PLATE, POSES, SLOTS
from shotwright.core.models.previs.telling import ELEMENT_TOLD, PLATE_TOLD
from shotwright.core.models.previs.text import LONGEST, Vocabulary
from shotwright.core.models.previs.training import reading, train
from shotwright.core.models.previs.training.batches import Batches, sketch, spread_of
from shotwright.core.models.previs.training.loss import RECIPES, Recipe, loss_of
from shotwright.core.models.previs.training.pool import Pool
from shotwright.core.models.previs.training.train import Leg, Trainer
from shotwright.core.models.previs.weight_files import read_part

from .conftest import ELEMENTS, MOVES, PLATES, WORDS, write_tiny

_SHAPES = {
    "moves": ((MOVE_NUMBERS,), GLIMPSE, 2),
    "plate": ((4, *PLATE), PLATE, PLATE_TOLD),
    "elements": ((4 * POSES, *ELEMENT), ELEMENT, ELEMENT_TOLD),
}


@pytest.mark.parametrize("part", _SHAPES)
def test_batches_hold_what_the_network_takes(part: str, pool: Pool) -> None:
    clean, known, told = _SHAPES[part]
    batch = Batches(pool, WORDS, part, 0).next(6)
    assert batch["clean"].shape == (6, *clean)
    assert batch["known"].shape == (6, 5, *known)
    assert batch["told"].shape == (6, told)
    assert batch["words"].shape == (6, LONGEST)
    assert torch.broadcast_shapes(batch["weight"].shape, batch["clean"].shape) == batch["clean"].shape
    again = Batches(pool, WORDS, part, 0).next(6)
    assert all(torch.equal(batch[name], again[name]) for name in batch)


def test_scaled_moves_vary_by_about_one(pool: Pool) -> None:
    moves = pool.moves()
    mean, scale, variance = spread_of(moves)
    assert scale.min() > 0
    assert variance.max() < 13
    assert np.abs((moves - mean) / scale)[:, :60].mean() < 1.5


def test_everything_that_can_be_known_is_known_at_times(pool: Pool) -> None:
    known = Batches(pool, WORDS, "plate", 0).next(60)["known"]
    kinds = {(bool(one[3].any()), bool(one[4].any())) for one in known}
    assert kinds == {(False, False), (True, False), (False, True), (True, True)}  # nothing, frame, panel, depth


def test_a_sketch_is_paper_with_lines() -> None:
    picture = np.zeros((72, 128, 3), np.float32)
    picture[20:50, 30:90] = (0.8, 0.1, 0.1)
    drawn = sketch(picture, np.random.default_rng(3))
    assert drawn.shape == picture.shape
    assert drawn.min() >= 0
    assert drawn.max() <= 1


def test_the_eye_is_told_where_elements_are(pool: Pool) -> None:
    batch = Batches(pool, WORDS, "eye", 0).next(40)
    assert batch["clean"].shape == (40, SLOTS, 5)
    places = batch["clean"][:, :, 0]
    assert 0 <= places.min() <= places.max() == NOWHERE
    assert batch["known"][:, 3:].amax((1, 2, 3)).min() == 1  # always a frame or a drawing


def test_the_eye_learns_to_find(tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny(tmp_path / "weights")
    monkeypatch.setitem(train.SHAPES, "eye", Shape(32, 16))
    monkeypatch.setitem(RECIPES, "eye", Recipe(16, 0, 0, warm_steps=5))
    trainer = Trainer("eye", tmp_path / "run", pool, tmp_path / "weights", "cpu", Leg())
    losses = [trainer.learn(1.0) for _ in range(120)]
    assert np.mean(losses[-10:]) < 0.6 * np.mean(losses[:10])
    trainer.save(tmp_path / "weights")
    eye, facts = read_part("eye", tmp_path / "weights")
    assert facts == {"samples": 120 * 16}
    assert (
        len(eye.boxes(torch.zeros(1, 5, *GLIMPSE), trainer.reader(torch.zeros(1, LONGEST, dtype=torch.long)))) == SLOTS
    )


def test_places_and_their_middles_belong_together() -> None:
    for place in range(NOWHERE):
        x, y = middle_of(place)
        assert place_of((x - 0.01, y - 0.01, x + 0.01, y + 0.01)) == place
    assert place_of((2.0, 0.0, 3.0, 0.2)) == NOWHERE
    assert place_of((-9.0, -9.0, 9.0, 9.0)) in range(NOWHERE)  # a close-up: what is seen of it counts


@pytest.mark.parametrize("part", _SHAPES)
def test_a_part_learns_and_goes_on_from_its_checkpoint(
    part: str, tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "weights"
    write_tiny(weights)
    monkeypatch.setattr(train, "_MEASURED", 100)
    monkeypatch.setitem(train.SHAPES, part, {"moves": MOVES, "plate": PLATES, "elements": ELEMENTS}[part])
    monkeypatch.setitem(RECIPES, part, Recipe(2, -3.0, 0.3, warm_steps=5, bare=0.0))

    def trainer() -> Trainer:
        return Trainer(part, tmp_path / "run", pool, weights, "cpu", Leg())

    first = trainer()
    batch = next(first.batches)

    def fixed_loss() -> float:
        with torch.no_grad():
            same = torch.Generator().manual_seed(5)
            return float(loss_of(part, first.network, first.reader, batch, RECIPES[part], same))

    before = fixed_loss()
    first.batches = itertools.repeat(batch)
    for _ in range(60):
        first.learn(1.0)
    assert fixed_loss() < 0.8 * before
    first.save(weights)
    first.look()
    assert read_part(part, weights)[1] == {"samples": 120}
    resumed = trainer()
    assert (resumed.step, resumed.samples) == (60, 120)
    later = Batches(pool, WORDS, part, 1060)
    first.batches = iter(lambda: later.next(2), None)
    assert resumed.learn(1.0) == pytest.approx(first.learn(1.0), rel=1e-3)
    warm = Trainer(part, tmp_path / "other", pool, weights, "cpu", Leg(warm=True))
    assert warm.samples == 120


def test_a_reader_learns_what_scenes_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"_SCENES": 64, "_STEPS": 250, "_BATCH": 16, "_WIDTH": 32}.items():
        monkeypatch.setattr(reading, name, value)
    monkeypatch.setattr("shotwright.core.models.previs.training.vocabulary._CAPTIONS", 400)
    reading.learn_to_read(tmp_path, "cpu")
    said = capsys.readouterr().out
    assert float(said.split("time ")[1].split()[0]) > 0.4
    reader, facts = read_part("reader", tmp_path)
    assert facts["captions"] == 4000
    assert len(facts["words"].split()) + 65 == reader.shape.words
    _grows_with_new_words(tmp_path, monkeypatch)


def _grows_with_new_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warm reader still knows its words under their numbers, and learns those that captions have gained."""
    before, facts = read_part("reader", folder)
    monkeypatch.setattr(reading, "gather_vocabulary", lambda: Vocabulary(["zeppelin", *facts["words"].split()[:5]]))
    reading.learn_to_read(folder, "cpu", warm=True)
    after, grown = read_part("reader", folder)
    assert grown["words"] == f"{facts['words']} zeppelin"
    assert after.shape.words == before.shape.words + 1
    assert torch.allclose(after.words.weight[: before.shape.words], before.words.weight, atol=0.1)
