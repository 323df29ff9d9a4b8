"""Pipelines to measure: the real architectures at random weights, for a card, and tiny ones for the processor.

Settings are diffusers' own defaults, and those of the published config.json where these differ: Wan2.2-TI2V-5B's. Text
encoders have their width, not their depth: words are read once and kept, which is no part of what is measured.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True)
class Case:
    """What is made: `build` writes a pipeline's folder; `size` in pixels; chunks of so many frames and steps."""

    name: str
    build: Callable[[Path], None]
    size: tuple[int, int]
    frames: int
    steps: int


@contextlib.contextmanager
def quickly() -> Iterator[None]:
    """Has weights be made on the card, in the numbers that they are kept in: minutes less than on the processor."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("cuda"):
            torch.manual_seed(0)
            yield
    finally:
        torch.set_default_dtype(before)


def _tokenizer() -> Any:
    from transformers import T5TokenizerFast

    words = ["<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz"]
    return T5TokenizerFast(vocab=[(word, -1.0 * n) for n, word in enumerate(words)], extra_ids=0)


def _t5(kind: str) -> Any:
    import transformers

    shape = {"vocab_size": 64, "d_model": 4096, "d_kv": 64, "d_ff": 128, "num_layers": 1, "num_heads": 8}
    return getattr(transformers, f"{kind}EncoderModel")(getattr(transformers, f"{kind}Config")(**shape))


def _wan_5b_network() -> Any:
    from diffusers import WanTransformer3DModel

    return WanTransformer3DModel(num_attention_heads=24, in_channels=48, out_channels=48, ffn_dim=14336, num_layers=30)


def _wan_5b_vae() -> Any:
    from diffusers import AutoencoderKLWan

    return AutoencoderKLWan(
        base_dim=160,
        decoder_base_dim=256,
        z_dim=48,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
    )


def _save_wan(folder: Path, network: Callable[[], Any], vae: Callable[[], Any], **more: Any) -> None:
    from diffusers import UniPCMultistepScheduler, WanPipeline

    scheduler = UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=5.0)
    with quickly():
        parts = {"text_encoder": _t5("UMT5"), "transformer": network(), "vae": vae()}
    WanPipeline(tokenizer=_tokenizer(), scheduler=scheduler, **parts, **more).save_pretrained(folder)


def _wan_5b(folder: Path) -> None:
    _save_wan(folder, _wan_5b_network, _wan_5b_vae, expand_timesteps=True)


def _wan_14b(folder: Path) -> None:
    from diffusers import AutoencoderKLWan, WanTransformer3DModel

    _save_wan(folder, WanTransformer3DModel, AutoencoderKLWan)


def _ltx_2b(folder: Path) -> None:
    import diffusers

    with quickly():
        parts = {
            "text_encoder": _t5("T5"),
            "transformer": diffusers.LTXVideoTransformer3DModel(),
            "vae": diffusers.AutoencoderKLLTXVideo(),
        }
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler()
    diffusers.LTXPipeline(tokenizer=_tokenizer(), scheduler=scheduler, **parts).save_pretrained(folder)


def _ltx2(folder: Path) -> None:
    import diffusers
    from diffusers.pipelines.ltx2 import LTX2TextConnectors, LTX2Vocoder
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    reading = Gemma3Config(
        text_config={
            "vocab_size": 64,
            "hidden_size": 3840,
            "intermediate_size": 128,
            "num_hidden_layers": 48,
            "head_dim": 64,
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
        },
        vision_config={
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_hidden_layers": 1,
            "image_size": 16,
            "patch_size": 8,
            "num_attention_heads": 2,
        },
        mm_tokens_per_image=4,
        image_token_index=63,
        boi_token_index=61,
        eoi_token_index=62,
    )
    with quickly():
        parts = {
            "text_encoder": Gemma3ForConditionalGeneration(reading),
            "connectors": LTX2TextConnectors(),
            "transformer": diffusers.LTX2VideoTransformer3DModel(),
            "vae": diffusers.AutoencoderKLLTX2Video(),
            "audio_vae": diffusers.AutoencoderKLLTX2Audio(),
            "vocoder": LTX2Vocoder(),
        }
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift_terminal=0.1)
    diffusers.LTX2Pipeline(tokenizer=_tokenizer(), scheduler=scheduler, **parts).save_pretrained(folder)


# Few steps, so that all of it fits a rented hour: seconds a step and what is no step are told apart.
ON_A_CARD = (
    Case("ltx-0.9.5", _ltx_2b, (768, 512), 121, 40),
    Case("wan-2.2-ti2v-5b", _wan_5b, (1280, 704), 121, 20),
    Case("wan-2.1-t2v", _wan_14b, (832, 480), 81, 8),
    Case("ltx-2", _ltx2, (768, 512), 121, 8),
)


def _tiny(name: str) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        from tests.fakes.pipelines import save_pipelines

        save_pipelines(folder.parent / "tiny")[name].rename(folder)

    return build


ON_THE_PROCESSOR = (
    Case("ltx-0.9.5", _tiny("ltx-0.9.5"), (512, 320), 49, 8),
    Case("wan-2.1-t2v", _tiny("wan-2.1-t2v"), (256, 160), 33, 8),
    Case("wan-2.2-ti2v-5b", _tiny("wan-2.2-ti2v-5b"), (256, 160), 33, 8),
    Case("ltx-2", _tiny("ltx-2"), (512, 320), 49, 8),
)
