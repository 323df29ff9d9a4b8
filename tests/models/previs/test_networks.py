"""The networks: any text, the same seed the same layers, stopping, weights there and back."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from shotwright.core.models.previs.layers import ELEMENT, MOVE_NUMBERS, PLATE, POSES, SLOTS, VIEW
from shotwright.core.models.previs.model import STAGES, PrevisModel, Seen
from shotwright.core.models.previs.painter import Painter
from shotwright.core.models.previs.reader import Reader, Shape
from shotwright.core.models.previs.sampler import levels, solve
from shotwright.core.models.previs.spectrum import Spectrum
from shotwright.core.models.previs.telling import DEPTH, FRAME, PANEL, known_element, known_plate, known_view
from shotwright.core.models.previs.text import LONGEST
from shotwright.core.models.previs.weight_files import read_part, read_vocabulary, write_part

from .conftest import PLATES, WORDS


def test_levels_run_from_noise_to_clean() -> None:
    path = levels(8)
    assert path[0] == 0
    assert path[-1] == 1
    assert path == sorted(path)


def test_steps_lead_to_what_is_predicted() -> None:
    target = torch.full((2, 3), 0.7)
    seen: list[int] = []
    found = solve(lambda noisy, level: target, torch.randn(2, 3), levels(5), lambda done, clean: seen.append(done))
    assert torch.allclose(found, target)
    assert seen == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("steps", [4, 8, 20])
def test_steps_come_nearer_than_straight_ones(steps: int) -> None:
    """Of numbers spread by s, the best guess is linear, and noise z leads to s z exactly."""
    spread, noise = 0.5, torch.tensor([[-1.5, 0.3, 2.0]])

    def guess(noisy: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
        t = level[:, None]
        return noisy * t * spread**2 / (t**2 * spread**2 + (1 - t) ** 2)

    straight = noise
    for now, then in itertools.pairwise(levels(steps)):
        clean = guess(straight, torch.tensor([now]))
        straight = straight + (then - now) / (1 - now) * (clean - straight)
    found = solve(guess, noise, levels(steps))
    assert (found - spread * noise).abs().max() < 0.7 * (straight - spread * noise).abs().max()


def test_the_same_seed_gives_the_same_layers_and_another_others(tiny: PrevisModel) -> None:
    first, again, other = (tiny.layers("a red car", 3.0, None, seed, 2, 2.0) for seed in (1, 1, 2))
    assert first.plate.shape == (*PLATE, 4)
    assert first.elements.shape == (SLOTS, POSES, *ELEMENT, 4)
    assert np.array_equal(first.plate, again.plate)
    assert np.array_equal(first.elements, again.elements)
    assert not np.array_equal(first.plate, other.plate)
    assert 0 <= first.plate[..., :3].min() <= first.plate[..., :3].max() <= 1


def test_what_is_known_is_looked_at(tiny: PrevisModel) -> None:
    picture = np.random.default_rng(0).random((*VIEW, 3)).astype(np.float32)
    plain, shown, drawn, far = (
        tiny.layers("", 3.0, seen, 1, 2, 2.0)
        for seen in (None, *(Seen(0.5, picture, kind) for kind in (FRAME, PANEL, DEPTH)))
    )
    assert not np.array_equal(plain.plate, shown.plate)
    assert not np.array_equal(shown.plate, drawn.plate)
    assert not np.array_equal(drawn.plate, far.plate)


def test_what_a_step_raises_ends_the_take(tiny: PrevisModel) -> None:
    seen = []

    def stop(done: int, steps: int, picture: np.ndarray) -> None:
        seen.append((done, steps, picture.shape))
        if done == 6:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tiny.layers("", 3.0, None, 0, 4, 2.0, stop)
    assert seen == [(done, STAGES * 4, (*PLATE, 3)) for done in range(1, 7)]


def test_weights_come_back_from_their_files(tmp_path: Path, tiny_weights: Path) -> None:
    network = Painter(PLATES)
    write_part(tmp_path, "plate", PLATES, network.state_dict(), {"samples": 5})
    back, facts = read_part("plate", tmp_path)
    assert facts == {"samples": 5}
    assert [path.name for path in tmp_path.iterdir()] == ["plate.safetensors"]
    for name, tensor in network.state_dict().items():
        assert torch.allclose(back.state_dict()[name], tensor, atol=1e-2)
    assert read_vocabulary(tiny_weights).words == WORDS.words


def test_noise_tells_more_the_less_of_it_there_is() -> None:
    torch.manual_seed(0)
    broad = torch.nn.functional.interpolate(torch.randn(40, 4, 6, 8), (54, 96), mode="bilinear") * 0.4
    spectrum = Spectrum(4, 54, 96)
    spectrum.measure(broad)
    noise = torch.randn(broad.shape, generator=torch.Generator().manual_seed(7))
    last = float(broad.std()) * 1.01
    for level in (0.001, 0.05, 0.3, 0.8):
        those = torch.full((len(broad),), level)
        noisy = level * broad + (1 - level) * noise
        error = float((spectrum.guess(noisy, those) - broad).square().mean().sqrt())
        assert error == pytest.approx(float(spectrum.missed(those)[0]), rel=0.1)
        assert error <= last
        last = error
    assert last < 0.1


def test_an_empty_text_is_read_too() -> None:
    heard = Reader(Shape(len(WORDS), 16))(torch.tensor([WORDS.encode(""), WORDS.encode("red car")]))
    assert heard.padded.sum(1).tolist() == [LONGEST - 1, LONGEST - 2]
    assert heard.whole.isfinite().all()


def test_what_is_known_lies_in_the_view_and_in_an_elements_box() -> None:
    picture = np.zeros((*VIEW, 3), np.float32)
    picture[VIEW[0] // 4 : -(VIEW[0] // 4), VIEW[1] // 4 : -(VIEW[1] // 4)] = 1.0
    view = known_view(picture, FRAME)
    plate = known_plate(view)
    assert (plate[3] == 1).sum() == VIEW[0] * VIEW[1]
    assert plate[0, PLATE[0] // 2, PLATE[1] // 2] == 1
    assert plate[4].max() == 0
    inside = known_element(view, (-0.2, -0.2, 0.2, 0.2))
    assert inside[0].min() == pytest.approx(1)
    outside = known_element(view, (2.0, 2.0, 3.0, 3.0))
    assert np.abs(outside).max() == 0
    assert known_view(None).any() == np.False_


def test_moves_are_scaled_there_and_back(tiny: PrevisModel) -> None:
    numbers = torch.randn(3, MOVE_NUMBERS)
    assert torch.allclose(tiny.mover.unscaled(tiny.mover.scaled(numbers)), numbers, atol=1e-4)
