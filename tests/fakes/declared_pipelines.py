"""Tiny pipelines of the families that are declared in files."""

from collections.abc import Callable
from typing import Any

from .pipelines import heeding, t5, tokenizer


def _cogvideox(inside: int, pairs: bool) -> dict[str, Any]:
    """As CogVideoX; in `pairs` of latent frames as 1.5."""
    from diffusers import AutoencoderKLCogVideoX, CogVideoXDDIMScheduler, CogVideoXTransformer3DModel

    later = {"patch_size_t": 2, "patch_bias": False} if pairs else {}
    network = CogVideoXTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=16,
        in_channels=inside,
        out_channels=4,
        time_embed_dim=2,
        text_embed_dim=32,
        num_layers=1,
        sample_width=8,
        sample_height=8,
        sample_frames=9,
        max_text_seq_length=226,
        use_rotary_positional_embeddings=True,
        **later,
    )
    return {
        "tokenizer": tokenizer(),
        "text_encoder": t5(),
        "vae": AutoencoderKLCogVideoX(
            down_block_types=("CogVideoXDownBlock3D",) * 4,
            up_block_types=("CogVideoXUpBlock3D",) * 4,
            block_out_channels=(8, 8, 8, 8),
            latent_channels=4,
            layers_per_block=1,
            norm_num_groups=2,
        ),
        "transformer": heeding(network, "patch_embed.proj", "proj_out"),
        "scheduler": CogVideoXDDIMScheduler(),
    }


def _hunyuan15(seeing: bool) -> dict[str, Any]:
    """As HunyuanVideo 1.5: pictures of about 64 by 64."""
    from diffusers import (
        AutoencoderKLHunyuanVideo15,
        FlowMatchEulerDiscreteScheduler,
        HunyuanVideo15Transformer3DModel,
    )
    from diffusers.guiders import ClassifierFreeGuidance
    from transformers import (
        ByT5Tokenizer,
        Qwen2_5_VLTextConfig,
        Qwen2_5_VLTextModel,
        Qwen2Tokenizer,
        SiglipImageProcessor,
        SiglipVisionConfig,
        SiglipVisionModel,
    )

    letters = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ", "<|endoftext|>"]
    words = Qwen2Tokenizer(vocab={letter: n for n, letter in enumerate(letters)}, merges=[])
    words.chat_template = "{% for message in messages %}{{ message['role'] }}:{{ message['content'] }} {% endfor %}"
    eyes = SiglipVisionConfig(
        hidden_size=12,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
    )
    picture = {
        "image_encoder": SiglipVisionModel(eyes),
        "feature_extractor": SiglipImageProcessor(size={"height": 16, "width": 16}),
    }
    network = HunyuanVideo15Transformer3DModel(
        in_channels=9,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=1,
        num_refiner_layers=1,
        mlp_ratio=2.0,
        text_embed_dim=16,
        text_embed_2_dim=32,
        image_embed_dim=12,
        rope_axes_dim=(2, 2, 4),
        target_size=64,
        task_type="i2v" if seeing else "t2v",
    )
    return {
        "transformer": heeding(network, "x_embedder.proj", "proj_out"),
        "vae": AutoencoderKLHunyuanVideo15(
            latent_channels=4,
            block_out_channels=(16, 16, 16, 16, 16),
            layers_per_block=1,
            downsample_match_channel=False,
            upsample_match_channel=False,
        ),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=7.0),
        "text_encoder": Qwen2_5_VLTextModel(
            Qwen2_5_VLTextConfig(
                vocab_size=128,
                hidden_size=16,
                intermediate_size=16,
                num_hidden_layers=2,
                num_attention_heads=2,
                num_key_value_heads=2,
                rope_scaling={"mrope_section": [1, 1, 2], "rope_type": "default", "type": "default"},
            )
        ),
        "tokenizer": words,
        "text_encoder_2": t5(vocab_size=400),
        "tokenizer_2": ByT5Tokenizer(),
        "guider": ClassifierFreeGuidance(guidance_scale=6.0),
        **(picture if seeing else {}),
    }


def _hunyuan() -> dict[str, Any]:
    from diffusers import AutoencoderKLHunyuanVideo, FlowMatchEulerDiscreteScheduler, HunyuanVideoTransformer3DModel
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, LlamaConfig, LlamaModel

    letters = [chr(code) for code in range(97, 123)]
    words = {word: n for n, word in enumerate(["<|startoftext|>", "<|endoftext|>", *letters])}
    words |= {f"{letter}</w>": 28 + n for n, letter in enumerate(letters)}
    reading = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2}
    network = HunyuanVideoTransformer3DModel(
        in_channels=4,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=10,
        num_layers=1,
        num_single_layers=1,
        num_refiner_layers=1,
        text_embed_dim=16,
        pooled_projection_dim=8,
        rope_axes_dim=(2, 4, 4),
    )
    return {
        "transformer": network,
        "vae": AutoencoderKLHunyuanVideo(
            latent_channels=4, block_out_channels=(8, 8, 8, 8), layers_per_block=1, norm_num_groups=4
        ),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=7.0),
        "text_encoder": LlamaModel(LlamaConfig(vocab_size=64, **reading)),
        "tokenizer": tokenizer(),
        "text_encoder_2": CLIPTextModel(
            CLIPTextConfig(**{**reading, "hidden_size": 8}, vocab_size=64, eos_token_id=1, bos_token_id=0)
        ),
        "tokenizer_2": CLIPTokenizer(vocab=words, merges=[]),
    }


def _mochi() -> dict[str, Any]:
    from diffusers import AutoencoderKLMochi, FlowMatchEulerDiscreteScheduler, MochiTransformer3DModel

    few = (32, 32, 32, 32)
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(invert_sigmas=True),
        "vae": AutoencoderKLMochi(
            encoder_block_out_channels=few,
            decoder_block_out_channels=few,
            layers_per_block=(1,) * 5,
            latent_channels=4,
            latents_mean=None,
            latents_std=None,
        ),
        "text_encoder": t5(),
        "tokenizer": tokenizer(),
        "transformer": MochiTransformer3DModel(
            num_attention_heads=2,
            attention_head_dim=8,
            num_layers=2,
            pooled_projection_dim=16,
            in_channels=4,
            text_embed_dim=32,
            time_embed_dim=4,
        ),
    }


PARTS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "cogvideox": ("CogVideoXPipeline", lambda: _cogvideox(4, pairs=False)),
    "cogvideox-i2v": ("CogVideoXImageToVideoPipeline", lambda: _cogvideox(8, pairs=False)),
    "cogvideox-1.5": ("CogVideoXPipeline", lambda: _cogvideox(4, pairs=True)),
    "cogvideox-1.5-i2v": ("CogVideoXImageToVideoPipeline", lambda: _cogvideox(8, pairs=True)),
    "hunyuan-1.5-480p": ("HunyuanVideo15Pipeline", lambda: _hunyuan15(seeing=False)),
    "hunyuan-1.5-480p-i2v": ("HunyuanVideo15ImageToVideoPipeline", lambda: _hunyuan15(seeing=True)),
    "hunyuan": ("HunyuanVideoPipeline", _hunyuan),
    "mochi-1": ("MochiPipeline", _mochi),
}
