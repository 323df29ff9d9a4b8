"""Wan: what each kind of weights is given, and the traps on the way."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from shotwright.core.errors import RefusedError
from shotwright.core.models.diffusers_folder import FamilyModel

from .asking import KINDS, asked, given, picture, words

Load = Callable[[str], FamilyModel]


def _quiet(*_: object) -> None:
    return


def test_the_pipeline_drops_a_last_picture_where_time_steps_are_expanded_so_that_it_is_never_given_one(
    model: Load,
) -> None:
    wan = model("wan-2.2-ti2v-5b")
    pipe, told = wan.arguments(asked(KINDS["wan-2.2-ti2v-5b"], "image"))
    made = []
    for number in (1, 2):
        told["generator"] = torch.Generator().manual_seed(1)
        made.append(pipe(**told, last_image=Image.fromarray(picture((64, 64), number))).frames[0])
    assert np.array_equal(*made)  # should diffusers heed it one day, this kind of weights can bridge
    assert "bridge" not in KINDS["wan-2.2-ti2v-5b"].limits.jobs
    both = given(given(words(KINDS["wan-2.2-ti2v-5b"]), range(1), 1), range(4, 5), 1)
    with pytest.raises(RefusedError):
        wan.make_chunk(both, _quiet)


def test_of_a_pair_each_network_makes_its_steps_and_the_second_is_guided_less(model: Load) -> None:
    wan = model("wan-2.2-t2v")
    request = replace(words(KINDS["wan-2.2-t2v"]), steps=8)
    pipe, told = wan.arguments(request)
    assert (told["guidance_scale"], told["guidance_scale_2"]) == (4.0, 3.0)
    assert wan.arguments(replace(request, guidance=7.0))[1]["guidance_scale_2"] == 7.0
    asked_of: list[str] = []
    hooks = [
        getattr(pipe, part).register_forward_pre_hook(lambda *_, part=part: asked_of.append(part))
        for part in ("transformer", "transformer_2")
    ]
    wan.make_chunk(request, _quiet)
    for hook in hooks:
        hook.remove()
    assert asked_of[0] == "transformer"
    assert asked_of[-1] == "transformer_2"
    assert len(asked_of) == 16  # with and without words


def test_restyling_makes_at_least_one_step_however_much_is_kept(model: Load) -> None:
    counted: list[int] = []
    request = given(words(KINDS["wan-2.1-t2v"]), range(5), 1, 0.999)
    model("wan-2.1-t2v").make_chunk(request, lambda done, of, _picture: counted.append(of))
    assert counted[0] >= 1


def test_vace_is_told_what_to_keep_and_what_to_follow(model: Load) -> None:
    kind = KINDS["wan-vace"]
    request = asked(kind, "follow", 50)
    told = kind.call(request).arguments
    assert [np.array(mask).min() for mask in told["mask"]] == [255] * request.frames
    assert all(np.array_equal(shown, far) for shown, far in zip(told["video"], request.depth, strict=True))
    held = given(request, range(2, 4), 9)
    told = kind.call(held).arguments
    assert [int(np.array(mask).max()) for mask in told["mask"]] == [255, 255, 0, 0, 255]
    assert np.array_equal(told["video"][2], picture(request.size, 11))
    assert np.array_equal(told["video"][0], request.depth[0])
    unknown = kind.call(given(words(kind), range(1), 9)).arguments["video"][1]
    assert (np.array(unknown) == 128).all()
    assert "video" not in kind.call(words(kind)).arguments
    followed = model("wan-vace").make_chunk(held, _quiet)
    assert not np.array_equal(followed, model("wan-vace").make_chunk(request, _quiet))


@pytest.mark.parametrize("name", ["wan-2.2-ti2v-5b", "wan-2.1-t2v", "ltx-0.9.0", "cogvideox"])
def test_one_folder_serves_all_of_its_pipelines_with_the_same_parts(name: str, model: Load) -> None:
    first, second = (model(name).arguments(asked(KINDS[name], job))[0] for job in list(KINDS[name].limits.jobs)[:2])
    assert type(first) is not type(second)
    assert all(second.components[part] is first.components[part] for part in ("transformer", "vae", "text_encoder"))
    assert model(name).pipeline(type(first).__name__) is first
