"""A real diffusers pipeline, tiny and of random weights, saved as a user's folder is."""

from pathlib import Path
from typing import Any

import pytest

_WORDS = ["<pad>", "</s>", "<unk>", "▁a", "▁red", "▁car", "▁", *"abcdefghijklmnopqrstuvwxyz"]


def _parts() -> dict[str, Any]:
    import torch
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel
    from transformers import T5Config, T5EncoderModel, T5TokenizerFast

    torch.manual_seed(0)
    small = (8, 8, 8, 8)
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "tokenizer": T5TokenizerFast(vocab=[(word, -1.0 * n) for n, word in enumerate(_WORDS)], extra_ids=0),
        "text_encoder": T5EncoderModel(T5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2)),
        "transformer": LTXVideoTransformer3DModel(
            in_channels=8,
            out_channels=8,
            num_attention_heads=2,
            attention_head_dim=16,
            cross_attention_dim=32,
            num_layers=1,
            caption_channels=32,
        ),
        "vae": AutoencoderKLLTXVideo(
            latent_channels=8,
            block_out_channels=small,
            decoder_block_out_channels=small,
            layers_per_block=(1,) * 5,
            decoder_layers_per_block=(1,) * 5,
            spatio_temporal_scaling=(True, True, False, False),
            decoder_spatio_temporal_scaling=(True, True, False, False),
            decoder_inject_noise=(False,) * 5,
            upsample_residual=(False,) * 4,
            upsample_factor=(1,) * 4,
        ),
    }


@pytest.fixture(scope="session")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders by pipeline class: text to video, and image to video."""
    import diffusers

    found = {}
    for name in ("LTXPipeline", "LTXImageToVideoPipeline"):
        found[name] = tmp_path_factory.mktemp("pipelines") / name
        getattr(diffusers, name)(**_parts()).save_pretrained(found[name])
    return found
