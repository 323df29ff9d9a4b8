"""Real diffusers pipelines, tiny and of random weights, saved as a user's folders are."""

from pathlib import Path
from typing import Any

_WORDS = ["<pad>", "</s>", "<unk>", "▁a", "▁red", "▁car", "▁", *"abcdefghijklmnopqrstuvwxyz"]


def _tokenizer() -> Any:
    from transformers import T5TokenizerFast

    return T5TokenizerFast(vocab=[(word, -1.0 * n) for n, word in enumerate(_WORDS)], extra_ids=0)


def _ltx() -> dict[str, Any]:
    from diffusers import AutoencoderKLLTXVideo, FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel
    from transformers import T5Config, T5EncoderModel

    small = (8, 8, 8, 8)
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "tokenizer": _tokenizer(),
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


def _wan() -> dict[str, Any]:
    """As Wan 2.2's from a picture: no image encoder, so that a last picture is heeded too."""
    from diffusers import AutoencoderKLWan, FlowMatchEulerDiscreteScheduler, WanTransformer3DModel
    from transformers import UMT5Config, UMT5EncoderModel

    network = WanTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=36,
        out_channels=16,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=1,
    )
    for layer in (network.patch_embedding, network.proj_out):  # random weights hardly heed what they are given
        layer.weight.data *= 100
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(),
        "tokenizer": _tokenizer(),
        "text_encoder": UMT5EncoderModel(
            UMT5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2)
        ),
        "transformer": network,
        "vae": AutoencoderKLWan(base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1),
        "image_processor": None,
        "image_encoder": None,
    }


_PARTS = {"LTXPipeline": _ltx, "LTXImageToVideoPipeline": _ltx, "WanImageToVideoPipeline": _wan}


def save_pipelines(home: Path) -> dict[str, Path]:
    """Folders by pipeline class: text to video, from a first picture, and from a first to a last one where asked."""
    import diffusers
    import torch

    found = {}
    for name, parts in _PARTS.items():
        torch.manual_seed(0)
        found[name] = home / name
        getattr(diffusers, name)(**parts()).save_pretrained(found[name])
    return found
