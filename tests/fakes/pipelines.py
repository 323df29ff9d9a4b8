"""Real diffusers pipelines, tiny and of random weights, saved as a user's folders are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

_WORDS = ["<pad>", "</s>", "<unk>", "▁a", "▁red", "▁car", "▁", *"abcdefghijklmnopqrstuvwxyz"]
_SMALL = {"vocab_size": 64, "d_model": 32, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}


def tokenizer() -> Any:
    """A tokenizer of few words."""
    from transformers import T5TokenizerFast

    return T5TokenizerFast(vocab=[(word, -1.0 * n) for n, word in enumerate(_WORDS)], extra_ids=0)


def t5(**more: Any) -> Any:
    """A small text encoder, 32 wide."""
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(**{**_SMALL, **more}))


def heeding(network: Any, *layers: str) -> Any:
    """A network whose first and last layers are loud: random weights hardly heed what they are given."""
    for name in layers:
        network.get_submodule(name).weight.data *= 100
    return network


def ltx_vae(width: int, scalings: int) -> Any:
    """LTX-Video's VAE, tiny: so many channels a block, and so many blocks that halve space and time."""
    from diffusers import AutoencoderKLLTXVideo

    small, scaled = (width,) * 4, tuple(number < scalings for number in range(4))
    return AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=small,
        decoder_block_out_channels=small,
        layers_per_block=(1,) * 5,
        decoder_layers_per_block=(1,) * 5,
        spatio_temporal_scaling=scaled,
        decoder_spatio_temporal_scaling=scaled,
        decoder_inject_noise=(False,) * 5,
        upsample_residual=(False,) * 4,
        upsample_factor=(1,) * 4,
    )


def _ltx(shifting: bool) -> dict[str, Any]:
    """As LTX-Video: frames in eights, sides in 32s; `shifting` as the schedules of 0.9.0 and 0.9.1 do."""
    from diffusers import FlowMatchEulerDiscreteScheduler, LTXVideoTransformer3DModel

    vae = ltx_vae(8, 3)
    spread = vae.encoder.conv_out.conv  # its last channel: how unsure it is, which weights that learnt hardly are
    spread.weight.data[-1], spread.bias.data[-1] = 0, -30
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=shifting),
        "tokenizer": tokenizer(),
        "text_encoder": t5(),
        "transformer": LTXVideoTransformer3DModel(
            in_channels=8,
            out_channels=8,
            num_attention_heads=2,
            attention_head_dim=16,
            cross_attention_dim=32,
            num_layers=1,
            caption_channels=32,
        ),
        "vae": vae,
    }


def _ltx2() -> dict[str, Any]:
    """As LTX-2: frames in eights, sides in 32s, sound beside them."""
    from diffusers import (
        AutoencoderKLLTX2Audio,
        AutoencoderKLLTX2Video,
        FlowMatchEulerDiscreteScheduler,
        LTX2VideoTransformer3DModel,
    )
    from diffusers.pipelines.ltx2 import LTX2TextConnectors, LTX2Vocoder
    from transformers import Gemma3Config, Gemma3ForConditionalGeneration

    words = {"vocab_size": 64, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "head_dim": 16}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 1}
    eyes = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "image_size": 16, "patch_size": 8}
    reading = Gemma3Config(
        text_config={**words, **heads},
        vision_config={**eyes, "num_attention_heads": 2},
        mm_tokens_per_image=4,
        image_token_index=63,
        boi_token_index=61,
        eoi_token_index=62,
    )
    connected: dict[str, Any] = {
        f"{stream}_connector_{setting}": value
        for stream in ("video", "audio")
        for setting, value in (
            ("num_attention_heads", 4),
            ("attention_head_dim", 8),
            ("num_layers", 1),
            ("num_learnable_registers", None),
        )
    }
    sound = AutoencoderKLLTX2Audio(
        base_channels=4, ch_mult=(1,), num_res_blocks=1, latent_channels=2, resolution=32, mel_bins=8
    )
    return {
        "scheduler": FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift_terminal=0.1),
        "tokenizer": tokenizer(),
        "text_encoder": Gemma3ForConditionalGeneration(reading),
        "connectors": LTX2TextConnectors(
            caption_channels=32, text_proj_in_factor=2, connector_rope_base_seq_len=32, rope_type="split", **connected
        ),
        "transformer": LTX2VideoTransformer3DModel(
            in_channels=4,
            out_channels=4,
            num_attention_heads=2,
            attention_head_dim=12,
            cross_attention_dim=24,
            audio_in_channels=4,
            audio_out_channels=4,
            audio_num_attention_heads=2,
            audio_attention_head_dim=4,
            audio_cross_attention_dim=8,
            num_layers=1,
            caption_channels=32,
            rope_double_precision=False,
            rope_type="split",
        ),
        "vae": AutoencoderKLLTX2Video(
            latent_channels=4,
            block_out_channels=(8, 8, 8, 8),
            decoder_block_out_channels=(8, 8, 8),
            layers_per_block=(1,) * 5,
            decoder_layers_per_block=(1,) * 4,
            upsample_residual=(False,) * 3,
            upsample_factor=(1,) * 3,
            spatial_compression_ratio=32,
            temporal_compression_ratio=8,
        ),
        "audio_vae": sound,
        "vocoder": LTX2Vocoder(
            in_channels=sound.config.output_channels * sound.config.mel_bins,
            hidden_channels=8,
            out_channels=2,
            upsample_kernel_sizes=[4, 4],
            upsample_factors=[2, 2],
            resnet_kernel_sizes=[3],
            resnet_dilations=[[1, 3, 5]],
            output_sampling_rate=16000,
        ),
    }


def _ltx23() -> dict[str, Any]:
    """As LTX-2.3: gates in every attention, words that change the time's say, projections of their own for sound and
    picture in place of the transformer's, and a vocoder that widens the band."""
    from diffusers import LTX2VideoTransformer3DModel
    from diffusers.pipelines.ltx2 import LTX2TextConnectors
    from diffusers.pipelines.ltx2.vocoder import LTX2VocoderWithBWE

    parts = _ltx2()
    network, words = (
        {name: value for name, value in parts[part].config.items() if not name.startswith("_")}
        for part in ("transformer", "connectors")
    )
    network |= {"use_prompt_embeddings": False, "perturbed_attn": True}
    network |= {f"{stream}{part}": True for stream in ("", "audio_") for part in ("gated_attn", "cross_attn_mod")}
    words |= {"per_modality_projections": True, "proj_bias": True}
    words |= {"video_hidden_dim": 24, "audio_hidden_dim": 8, "video_gated_attn": True, "audio_gated_attn": True}
    words |= {"video_connector_num_attention_heads": 3, "audio_connector_num_attention_heads": 1}
    sound = parts["audio_vae"].config
    layers = {"upsample_kernel_sizes": [4, 4], "upsample_factors": [2, 2], "resnet_kernel_sizes": [3]}
    layers |= {"resnet_dilations": [[1, 3, 5]], "hidden_channels": 8}
    wider = {f"bwe_{name}": value for name, value in layers.items()} | {"bwe_in_channels": 2 * 8}
    wider |= {"bwe_upsample_kernel_sizes": [8, 7], "bwe_upsample_factors": [4, 3]}  # a hop of 4, 16 to 48 kHz
    return {
        **parts,
        "transformer": LTX2VideoTransformer3DModel.from_config(network),
        "connectors": LTX2TextConnectors.from_config(words),
        "vocoder": LTX2VocoderWithBWE(
            in_channels=sound.output_channels * sound.mel_bins,
            **layers,
            **wider,
            filter_length=16,
            hop_length=4,
            window_length=16,
            num_mel_channels=8,
        ),
    }


def _ltx25() -> dict[str, Any]:
    """As LTX-2.5: read by Gemma 4, feed-forward layers without bias, what words say kept from step to step, and parts
    of its own that write the words anew and tell how long the shot is."""
    from diffusers import LTX2VideoTransformer3DModel
    from diffusers.pipelines.ltx2.duration_head import LTX2DurationHead
    from transformers import (
        Gemma4Config,
        Gemma4ForConditionalGeneration,
        Gemma4UnifiedConfig,
        Gemma4UnifiedForConditionalGeneration,
    )

    parts = _ltx23()
    network = {name: value for name, value in parts["transformer"].config.items() if not name.startswith("_")}
    network |= {"ff_bias": False, "use_prompt_adaln_single": False, "use_keyframes_abs_pos_embedding": True}
    words = {"vocab_size": 64, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "head_dim": 16}
    words |= {"num_attention_heads": 2, "num_key_value_heads": 1, "global_head_dim": 16}
    words |= {"layer_types": ["full_attention"]}
    eyes = {"patch_size": 8, "pooling_kernel_size": 1, "mm_embed_dim": 16, "mm_posemb_size": 4, "output_proj_dims": 32}
    reading = Gemma4UnifiedConfig(
        text_config=words, vision_config=eyes, audio_config=None, image_token_id=63, boi_token_id=61, eoi_token_id=62
    )
    writing = Gemma4Config(text_config={**words, "hidden_size_per_layer_input": 0}, vision_config=None)
    return {
        **parts,
        "text_encoder": Gemma4UnifiedForConditionalGeneration(reading),
        "transformer": LTX2VideoTransformer3DModel.from_config(network),
        "prompt_enhancer": Gemma4ForConditionalGeneration(writing),
        "duration_head": LTX2DurationHead(24, 8, 8, 1, 2, 8),
    }


_VACE_LAYERS = ("vace_patch_embedding", "vace_blocks.0.proj_out")


def _wan_network(inside: int = 16, outside: int = 16, vace: bool = False, **more: Any) -> Any:
    from diffusers import WanTransformer3DModel, WanVACETransformer3DModel

    kind = WanVACETransformer3DModel if vace else WanTransformer3DModel
    network = kind(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=inside,
        out_channels=outside,
        text_dim=32,
        freq_dim=32,
        ffn_dim=32,
        num_layers=1,
        **more,
    )
    return heeding(network, "patch_embedding", "proj_out", *(_VACE_LAYERS if vace else ()))


def _wan_vae(**shape: Any) -> Any:
    """A decoder that a single frame moves: random ones nearly drop it where they halve the frames' number."""
    from diffusers import AutoencoderKLWan

    vae = AutoencoderKLWan(base_dim=3, dim_mult=[1, 1, 1, 1], num_res_blocks=1, **shape)
    for name, layer in vae.named_modules():
        if name.endswith(("time_conv", "conv_in", "conv_out")):
            layer.weight.data *= 5
    return vae


def _wan(network: Any, **more: Any) -> dict[str, Any]:
    """As Wan 2.1: frames in fours, sides in 16s."""
    from diffusers import UniPCMultistepScheduler
    from transformers import UMT5Config, UMT5EncoderModel

    return {
        "scheduler": UniPCMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0),
        "tokenizer": tokenizer(),
        "text_encoder": UMT5EncoderModel(UMT5Config(**_SMALL)),
        "transformer": network,
        "vae": _wan_vae(z_dim=16),
        **more,
    }


def _wan_5b() -> dict[str, Any]:
    """As TI2V-5B: a decoder that enlarges 16 times, and time steps for each place."""
    vae = _wan_vae(
        decoder_base_dim=3,
        z_dim=48,
        latents_mean=[0.0] * 48,
        latents_std=[1.0] * 48,
        is_residual=True,
        in_channels=12,
        out_channels=12,
        patch_size=2,
        scale_factor_spatial=16,
    )
    return {**_wan(_wan_network(48, 48)), "vae": vae, "expand_timesteps": True}


def _wan_pair(inside: int, **more: Any) -> dict[str, Any]:
    """As Wan 2.2's pairs: one network for much noise, one for little."""
    pair = {"transformer_2": _wan_network(inside), "boundary_ratio": 0.9}
    return {**_wan(_wan_network(inside)), **pair, **more}


def _wan_seeing(places: int | None) -> dict[str, Any]:
    """As Wan 2.1's from pictures: an image encoder; `places` for what it sees, where there are two pictures."""
    from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

    seen = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    network = _wan_network(36, image_dim=16, added_kv_proj_dim=24, pos_embed_seq_len=places)
    return _wan(
        network,
        image_processor=CLIPImageProcessor(crop_size=16, size=16),
        image_encoder=CLIPVisionModel(CLIPVisionConfig(**seen, image_size=16, patch_size=8)),
    )


def _parts() -> dict[str, tuple[str, Callable[[], dict[str, Any]]]]:
    """By name: a folder's pipeline class, and what makes its parts. Kinds of weights go by their own names."""
    from .declared_pipelines import PARTS

    picture = {"image_processor": None, "image_encoder": None}
    return {
        "LTXPipeline": ("LTXPipeline", lambda: _ltx(True)),
        "LTXImageToVideoPipeline": ("LTXImageToVideoPipeline", lambda: _ltx(True)),
        "WanImageToVideoPipeline": ("WanImageToVideoPipeline", lambda: _wan(_wan_network(36), **picture)),
        "ltx-0.9.0": ("LTXPipeline", lambda: _ltx(True)),
        "ltx-0.9.5": ("LTXConditionPipeline", lambda: _ltx(False)),
        "ltx-2": ("LTX2Pipeline", _ltx2),
        "ltx-2.3": ("LTX2Pipeline", _ltx23),
        "ltx-2.5": ("LTX2Pipeline", _ltx25),
        "wan-2.1-t2v": ("WanPipeline", lambda: _wan(_wan_network())),
        "wan-2.2-t2v": ("WanPipeline", lambda: _wan_pair(16)),
        "wan-2.2-ti2v-5b": ("WanPipeline", _wan_5b),
        "wan-2.1-i2v": ("WanImageToVideoPipeline", lambda: _wan_seeing(None)),
        "wan-2.1-flf2v": ("WanImageToVideoPipeline", lambda: _wan_seeing(10)),
        "wan-2.2-i2v": ("WanImageToVideoPipeline", lambda: _wan_pair(36, **picture)),
        "wan-i2v": ("WanImageToVideoPipeline", lambda: _wan(_wan_network(36), **picture)),
        "wan-vace": ("WanVACEPipeline", lambda: _wan(_wan_network(vace=True, vace_layers=[0]))),
        **PARTS,
    }


class Pipelines(dict[str, Path]):
    """Folders by name, each saved when it is first asked for."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self._home = home

    def __missing__(self, name: str) -> Path:
        import diffusers
        import torch

        kind, parts = _parts()[name]
        torch.manual_seed(0)
        self[name] = self._home / name
        getattr(diffusers, kind)(**parts()).save_pretrained(self[name])
        return self[name]


def save_pipelines(home: Path) -> dict[str, Path]:
    """Folders of tiny pipelines, made as they are asked for."""
    return Pipelines(home)
