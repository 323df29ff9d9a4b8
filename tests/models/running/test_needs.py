"""What a folder needs, from its files alone, against what is loaded of it; and arithmetic against known figures."""

from pathlib import Path

import diffusers
import pytest
import torch
from shotwright.core.models.running.needs import Network, needs_of, network_of, tokens_of, weights_in

WAN_VAE = {"scale_factor_temporal": 4, "scale_factor_spatial": 8}
WAN_5B_VAE = {"scale_factor_temporal": 4, "scale_factor_spatial": 16}
LTX_VAE = {"spatio_temporal_scaling": [True, True, True, False], "patch_size": 4}
CASES = [  # network, VAE, size, frames, passes, seconds at 790 TFLOP/s: the figures that this is to be measured against
    (Network(30, 3072, 14336), WAN_5B_VAE, (1280, 704), 121, 100, 65),
    (Network(28, 2048, 8192, (1, 1, 1)), LTX_VAE, (768, 512), 121, 80, 3.0),
    (Network(40, 5120, 13824), WAN_VAE, (832, 480), 81, 80, 170),
    (Network(40, 5120, 13824), WAN_VAE, (1280, 720), 81, 80, 661),
]


@pytest.mark.parametrize(("network", "vae", "size", "frames", "passes", "seconds"), CASES)
def test_the_arithmetic_of_known_networks(
    network: Network, vae: dict[str, object], size: tuple[int, int], frames: int, passes: int, seconds: float
) -> None:
    flops = passes * network.forward_flops(tokens_of(network, vae, size, frames))
    assert flops / 790e12 == pytest.approx(seconds, rel=0.05)


@pytest.mark.parametrize("name", ["ltx-0.9.5", "wan-2.1-t2v", "wan-2.2-t2v", "cogvideox", "hunyuan-1.5-480p"])
def test_weights_and_numbers_are_those_that_are_loaded(name: str, pipelines: dict[str, Path]) -> None:
    folder = pipelines[name]
    pipe = diffusers.DiffusionPipeline.from_pretrained(folder, local_files_only=True)
    for part in ("transformer", "vae"):
        weights = sum(weight.numel() for weight in getattr(pipe, part).state_dict().values())
        assert weights_in(folder / part) == weights
    needs, parts = needs_of(folder, (64, 64), 9), pipe.components.items()
    assert len(needs.transformers) == sum(name.startswith("transformer") and bool(part) for name, part in parts)
    assert min(needs.text, needs.vae, needs.activation, needs.piece, needs.block) > 0
    assert network_of(dict(pipe.transformer.config)).layers * needs.block <= max(needs.transformers)


def test_tokens_are_those_that_the_network_sees(pipelines: dict[str, Path]) -> None:
    pipe = diffusers.DiffusionPipeline.from_pretrained(pipelines["wan-2.1-t2v"], local_files_only=True)
    seen: list[int] = []
    pipe.transformer.blocks[0].register_forward_pre_hook(lambda _module, given: seen.append(given[0].shape[1]))
    pipe.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(0)
    pipe("a", width=64, height=32, num_frames=9, num_inference_steps=1, generator=generator, output_type="latent")
    network = network_of(dict(pipe.transformer.config))
    assert seen[0] == tokens_of(network, dict(pipe.vae.config), (64, 32), 9)


def test_a_broken_file_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0 no header at all")
    (tmp_path / "b.safetensors").write_bytes(b"")
    assert weights_in(tmp_path) == 0
