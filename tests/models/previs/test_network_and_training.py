from pathlib import Path

import numpy as np
import pytest
import torch
from shotwright.core.models.previs.model import PrevisModel
from shotwright.core.models.previs.network import PrevisNetwork, Shape
from shotwright.core.models.previs.reader import Reader
from shotwright.core.models.previs.sampler import guided, levels, sample
from shotwright.core.models.previs.spectrum import Spectrum
from shotwright.core.models.previs.text import LONGEST, Vocabulary
from shotwright.core.models.previs.training.batches import Batches, known_frames, sketch
from shotwright.core.models.previs.training.loss import Recipe, loss_of
from shotwright.core.models.previs.training.pool import Pool
from shotwright.core.models.previs.training.reading import Lessons, teach
from shotwright.core.models.previs.training.train import Trainer, first_clips
from shotwright.core.models.previs.weight_files import read_weights, write_weights

WORDS = Vocabulary(["car", "red", "sea"])
_SMALL = {"fine": 8, "middle": 16, "width": 32, "depth": 1, "heads": 2}


def _tiny() -> PrevisNetwork:
    torch.manual_seed(0)
    return PrevisNetwork(Shape(len(WORDS), **_SMALL, frames=8))


@pytest.mark.parametrize(
    "text", ["", "   ", "red car", "x" * 10_000, "砂漠の赤い車", "ROTES AUTO, übers Meer!", "\x00\ud7ff", "🚗 " * 3000]
)
def test_any_text_becomes_numbers(text: str) -> None:
    numbers = WORDS.encode(text)
    assert len(numbers) == LONGEST
    assert all(0 <= number < len(WORDS) for number in numbers)


def test_unknown_words_are_kept_apart_from_known_ones() -> None:
    assert WORDS.encode("red")[0] != WORDS.encode("zanzibar")[0] != 0


def test_levels_run_from_noise_to_clean() -> None:
    path = levels(8)
    assert path[0] == 0
    assert path[-1] == 1
    assert path == sorted(path)


def test_the_same_seed_draws_the_same_frames_and_another_draws_others() -> None:
    network = _tiny().eval()
    torch.nn.init.normal_(network.head.weight, std=0.1)
    known, flags = torch.zeros(1, 8, 3, 36, 64), torch.zeros(1, 8, 2)
    words = torch.tensor([WORDS.encode("a red car")])
    first, again, other = (sample(network, words, known, flags, seed, 2, 2.5) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.abs().max() <= 1


def test_guidance_counts_every_answer_to_one_in_all_and_hides_the_panel_from_the_last() -> None:
    words, known = torch.tensor([WORDS.encode("a red car")]), torch.ones(1, 8, 3, 36, 64)
    flags = torch.zeros(1, 8, 2)
    flags[:, 0, 0] = 1
    asked, share = guided(words, known, flags, 2.5)
    assert share.tolist() == [2.5, -1.5]
    assert [len(x) for x in asked] == [2, 2, 2]
    flags[:, 3, 1] = 1
    (asked_words, asked_known, asked_flags), share = guided(words, known, flags, 2.5)
    assert float(share.sum()) == pytest.approx(1)
    assert asked_words[1:].sum() == 0
    assert asked_flags[:2, 3, 1].tolist() == [1, 1]
    assert asked_flags[2].sum() == asked_flags[2, 0, 0] == 1
    assert asked_known[2, 0].min() == 1
    assert asked_known[2, 3].abs().max() == 0


def test_what_a_step_raises_ends_the_chunk() -> None:
    model = PrevisModel(_tiny().eval(), WORDS, {})
    seen = []

    def stop(done: int, steps: int, picture: np.ndarray) -> None:
        seen.append((done, steps, picture.shape))
        raise InterruptedError

    none = np.zeros(8, bool)
    with pytest.raises(InterruptedError):
        model.generate("", np.zeros((8, 36, 64, 3), np.uint8), none, none, np.ones(8, np.float32), 0, 4, 3.0, stop)
    assert seen == [(1, 4, (36, 64, 3))]


def test_weights_come_back_from_their_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shotwright.core.models.previs.weight_files.SHARD_BYTES", 100_000)
    network = _tiny()
    write_weights(tmp_path, network, network.state_dict(), WORDS, {"samples": 5})
    assert len(list(tmp_path.glob("*.safetensors"))) > 1
    back, words, facts = read_weights(tmp_path)
    assert words.words == WORDS.words
    assert facts == {"samples": 5}
    for name, tensor in network.state_dict().items():
        assert torch.allclose(back.state_dict()[name], tensor, atol=1e-2)


def test_known_frames_of_every_kind_are_asked_for() -> None:
    rng = np.random.default_rng(0)
    kinds = {(bool(given), bool(drawn)) for given, drawn in (known_frames(24, rng) for _ in range(300))}
    assert kinds == {(False, False), (True, False), (False, True)}


def test_a_sketch_is_paper_with_lines() -> None:
    picture = np.zeros((72, 128, 3), np.float32)
    picture[20:50, 30:90] = (0.8, 0.1, 0.1)
    drawn = sketch(picture, np.random.default_rng(3))
    assert drawn.shape == picture.shape
    assert drawn.min() >= 0
    assert drawn.max() <= 1


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Pool:
    pool = Pool(tmp_path_factory.mktemp("pool"), 4)
    for slot in range(4):
        pool.fill(slot, slot + 1)
    return pool


def _trainer(run: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Trainer:
    monkeypatch.setattr("shotwright.core.models.previs.training.train.gather_vocabulary", lambda: WORDS)
    monkeypatch.setattr(
        "shotwright.core.models.previs.training.train.Shape",
        lambda words, **rest: Shape(words, **_SMALL | rest),
    )
    return Trainer(run, pool, Recipe(batch=2, frames=8, warm_steps=5, measured_clips=16, reading_steps=3), None, "cpu")


def test_training_learns_and_goes_on_from_its_checkpoint(
    tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer = _trainer(tmp_path, pool, monkeypatch)
    batch = Batches(pool, WORDS, 5, height=36).next(2, 8)
    noise = torch.randn(batch["clean"].shape, generator=torch.Generator().manual_seed(5))

    def fixed_loss() -> float:
        with torch.no_grad():
            return float(loss_of(trainer.network, batch, torch.full((2,), 0.05), noise, trainer.recipe))

    before = fixed_loss()
    monkeypatch.setattr(trainer.batches, "next", lambda _size, _frames: batch)
    for _ in range(80):
        trainer.learn(1.0)
    assert fixed_loss() < 0.7 * before
    trainer.save(None)
    resumed = _trainer(tmp_path, pool, monkeypatch)
    assert (resumed.step, resumed.samples) == (80, 160)
    trainer.batches = Batches(pool, WORDS, 1080, height=36)
    assert resumed.learn(1.0) == pytest.approx(trainer.learn(1.0), rel=1e-4)


def test_a_longer_chunk_goes_on_from_a_shorter_ones_weights(
    tmp_path: Path, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = _trainer(tmp_path / "short", pool, monkeypatch)
    short.learn(1.0)
    short.save(tmp_path / "weights")
    recipe = Recipe(2, 12, measured_clips=16)
    for run, warm in ((tmp_path / "short", None), (tmp_path / "long", tmp_path / "weights")):
        long = Trainer(run, pool, recipe, warm, "cpu")
        assert long.network.shape.frames == 12
        assert long.network.spectrum.variance.shape[1] == 12
        assert torch.allclose(long.network.stem.weight, short.network.stem.weight, atol=1e-2)
        assert np.isfinite(long.learn(1.0))


def test_noise_tells_more_the_less_of_it_there_is_and_a_good_suggestion_helps(pool: Pool) -> None:
    pictures, words = first_clips(pool, Recipe(frames=8, measured_clips=24), WORDS, 36)
    assert words.shape == (24, LONGEST)
    spectrum = Spectrum(8, 36, 64)
    mean = pictures.mean((0, 1)).expand(24, -1, -1, -1)
    suggested = mean, 0.5 * mean + 0.5 * pictures.mean(1)
    spectrum.measure(pictures, suggested)
    noise = torch.randn(pictures.shape, generator=torch.Generator().manual_seed(7))
    for level in (0.0, 0.05, 0.3, 0.8):
        levels = torch.full((len(pictures),), level)
        noisy = level * pictures + (1 - level) * noise
        errors = []
        for worded, expected in enumerate(suggested):
            which = torch.full((len(pictures),), worded)
            error = (spectrum.guess(noisy, levels, expected, which) - pictures).square().mean().sqrt()
            assert float(error) == pytest.approx(float(spectrum.missed(levels, which)[0]), rel=0.1)
            if level:
                assert error < 0.5 * (noisy / level - pictures).square().mean().sqrt()
            errors.append(float(error))
        assert errors[1] < errors[0] <= float(pictures.std()) * 1.01


def test_a_taught_reader_suggests_how_its_scenes_look(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    reader = Reader(len(WORDS), 32, 2, 36, 64)
    words, _, pictures = Lessons(pool, WORDS, 36).batch(32, np.random.default_rng(1))

    def away() -> float:
        with torch.no_grad():
            return float((reader(words).picture - pictures).square().mean())

    before = away()
    teach(reader, pool, WORDS, "cpu", steps=250, batch=8)
    assert "right: place" in capsys.readouterr().out
    assert away() < 0.5 * before


def test_an_empty_text_is_read_too() -> None:
    heard = Reader(len(WORDS), 32, 2, 36, 64)(torch.tensor([WORDS.encode(""), WORDS.encode("red car")]))
    assert heard.picture.shape == (2, 3, 36, 64)
    assert heard.padded.sum(1).tolist() == [LONGEST - 1, LONGEST - 2]
    assert heard.worded.tolist() == [0, 1]
    assert heard.whole.isfinite().all()


def test_batches_hold_what_the_network_takes(pool: Pool) -> None:
    batch = Batches(pool, WORDS, 0).next(3, 8)
    assert batch["clean"].shape == batch["known"].shape == (3, 8, 3, 36, 64)
    assert batch["flags"].shape == (3, 8, 2)
    assert batch["words"].shape == (3, LONGEST)
    assert batch["clean"].abs().max() <= 1
