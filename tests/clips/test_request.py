"""What a job asks of a model: known frames cut out, or a refusal before anything is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from shotwright.core.clips.jobs import extend_tail
from shotwright.core.clips.request import request_of
from shotwright.core.clips.source import open_source
from shotwright.core.errors import UsageError
from shotwright.core.media.probe import probe

Clip = Callable[..., Path]


def test_the_largest_picture_that_can_be_gone_on_from(make_clip: Clip, tmp_path: Path) -> None:
    kept: list[Path] = []

    def keep(path: Path) -> str:
        kept.append(path.rename(tmp_path / "known.mkv"))
        return "0" * 64

    clip = make_clip("dci.mov", frames=2, size=(4096, 2160))
    request = request_of(extend_tail(open_source(clip), 3), keep, "", "previs", 0)
    assert (request.size, request.frames) == ((4096, 2160), 5)
    assert probe(kept[0]).size == (4096, 2160)


@pytest.mark.parametrize("size", [(4098, 2160), (3840, 2400), (62, 64)])
def test_another_size_is_refused_with_numbers_before_anything_is_cut_out(
    size: tuple[int, int], make_clip: Clip
) -> None:
    clip = make_clip("odd.mov", frames=1, size=size)
    with pytest.raises(UsageError, match="{}x{}".format(*size)) as refused:
        request_of(extend_tail(open_source(clip), 3), lambda _path: pytest.fail("cut out"), "", "previs", 0)
    assert "up to 4096x2160" in refused.value.hint
