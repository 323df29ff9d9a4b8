"""The suite that every host passes, on the fake one; Blender's own run is tests/plugins/test_blender.py."""

from dataclasses import replace
from pathlib import Path

import pytest
from shotwright.core.hosts.compliance import failures
from shotwright.core.protocol import HostEdit, HostItem
from shotwright.core.timing import Rate

from ..fakes.host import FakeHost


def test_the_fake_host_complies(tmp_path: Path) -> None:
    assert failures(lambda: FakeHost(Rate.parse(24)), str(tmp_path / "movie.mov")) == {}


class _Broken(FakeHost):
    """A host that loses what a test says."""

    def __init__(self, **lost: object) -> None:
        super().__init__(Rate.parse(24))
        self._lost = lost

    def read_edit(self) -> HostEdit:
        edit = super().read_edit()

        def worse(item: HostItem) -> HostItem:
            return replace(item, **self._lost)  # type: ignore[arg-type]

        tracks = tuple(replace(track, items=tuple(map(worse, track.items))) for track in edit.tracks)
        return replace(edit, tracks=tracks)


@pytest.mark.parametrize("lost", [{"enabled": True}, {"media_start": 0}, {"start": 0}, {"id": ""}, {"name": ""}])
def test_a_host_that_loses_something_does_not(lost: dict[str, object], tmp_path: Path) -> None:
    assert failures(lambda: _Broken(**lost), str(tmp_path / "movie.mov")) != {}
