"""Whatever edit.otio is, reading it gives an edit or a sentence."""

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from shotwright.core.errors import ProjectError
from shotwright.core.film import ProjectSettings, Shot, Take
from shotwright.core.timeline.edit import Edit


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe\x80",
        b"not json",
        b"[]",
        b"3",
        b"{}",
        b'{"OTIO_SCHEMA": "Timeline.1"}',
        b'{"OTIO_SCHEMA": "Timeline.99"}',
        b'{"OTIO_SCHEMA": "Foo.1"}',
        b'{"OTIO_SCHEMA": "Clip.2"}',
        b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": []}}',
        b'{"OTIO_SCHEMA": "Timeline.1", "x": NaN}',
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"[" * 500 + b"]" * 500,
    ],
)
def test_what_is_no_edit_is_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "edit.otio").write_bytes(data)
    with pytest.raises(ProjectError) as raised:
        Edit.read(tmp_path / "edit.otio")
    assert raised.value.message.endswith(".")
    assert raised.value.hint


def test_a_missing_edit_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="missing"):
        Edit.read(tmp_path / "edit.otio")


@pytest.mark.parametrize("url", ["../../other/secret.mov", "/etc/passwd", "C:/x.mov", "a/../../b.mov", ""])
def test_a_take_never_leads_out_of_the_project(
    url: str, settings: ProjectSettings, shots: list[Shot], make_take: Callable[..., Take], tmp_path: Path
) -> None:
    path = tmp_path / "edit.otio"
    Edit.from_shots(settings, shots).with_take("shot1", make_take(shots[0], 1)).write(path)
    path.write_text(path.read_text().replace("media/SC010_SH0010/TK01/SC010_SH0010_TK01.mov", url))
    with pytest.raises(ProjectError, match="outside"):
        Edit.read(path)


def _places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(place for key, child in children for place in _places(child, (*at, key)))]


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_edit_with_anything_anywhere_reads_or_says_why(
    data: st.DataObject, settings: ProjectSettings, shots: list[Shot], make_take: Callable[..., Take], tmp_path: Path
) -> None:
    path = tmp_path / "edit.otio"
    Edit.from_shots(settings, shots).with_take("shot1", make_take(shots[0], 1)).write(path)
    tree = json.loads(path.read_text())
    *parents, last = data.draw(st.sampled_from([place for place in _places(tree) if place]))
    part = tree
    for key in parents:
        part = part[key]
    strange = st.sampled_from(
        [None, -1, 0, 2.5, 1e300, -(2**70), "", "x", [], {}, True, [[]], {"OTIO_SCHEMA": "Gap.1"}]
    )
    part[last] = data.draw(strange)
    path.write_text(json.dumps(tree))
    with contextlib.suppress(ProjectError):
        edit = Edit.read(path)
        edit.events(), edit.takes(), edit.subtitles(), edit.sounds()
        edit.with_shots(settings, shots).prune().write(tmp_path / "again.otio")
        Edit.read(tmp_path / "again.otio")
