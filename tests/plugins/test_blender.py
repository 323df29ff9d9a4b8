"""The extension in real Blenders (`bpy`), each in an environment that `python3 dev.py blender` makes."""

import json
import sys
import zipfile
from pathlib import Path

import pytest
from shotwright.core.project.plugins import build_blender, install_blender

from .running import VERSIONS, run_in_blender, write_numbers


@pytest.mark.blender
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_extension_works(version: str, tmp_path: Path, state_folder: Path) -> None:
    write_numbers(tmp_path / "films" / "numbers.mov")
    write_numbers(tmp_path / "films" / "numbers 23.976.mov", "24000/1001")
    out, err = run_in_blender(version, "in_blender.py", tmp_path, state_folder)
    said = [json.loads(line[6:]) for line in out.splitlines() if line.startswith("CHECK ")]
    failed = {check["check"]: check["said"] for check in said if not check["ok"]}
    assert failed == {}
    assert len(said) >= 48, err[-2000:]


QUICK = (
    "registers_and_leaves_nothing",
    "the_panels_draw_what_is_there",
    "what_was_cut_here_and_there_comes_together",
    "bad_input_is_a_sentence_and_changes_nothing",
    "what_is_drawn_becomes_panels",
)


@pytest.mark.skipif(not VERSIONS, reason="no Blender is here: python3 dev.py blender makes them, a gigabyte each")
def test_a_blender_that_is_here_takes_it(tmp_path: Path, state_folder: Path) -> None:
    """A few of the checks, in the newest one, with all the other tests; no take is made."""
    (tmp_path / "films").mkdir()
    out, err = run_in_blender(VERSIONS[-1], "in_blender.py", tmp_path, state_folder, *QUICK)
    said = {each["check"]: each for each in (json.loads(line[6:]) for line in out.splitlines() if "CHECK " in line)}
    assert {name: check["said"] for name, check in said.items() if not check["ok"]} == {}
    assert set(said) == set(QUICK), err[-2000:]


def test_the_zip_is_the_same_each_time_and_holds_no_stranger(tmp_path: Path) -> None:
    one, other = (build_blender(tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))
    assert one == other
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert {
        "blender_manifest.toml",
        "plugins/blender/LICENSE",
        "__init__.py",
        "core/hosts/session.py",
        "plugins/blender/host.py",
    } <= set(names)
    assert not [name for name in names if name.startswith(("core/models", "core/timeline", "core/engine"))]
    assert len(one) < 150_000


@pytest.mark.skipif(sys.platform != "linux", reason="the folder differs")
def test_it_is_installed_into_each_blender_that_can_take_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for version in ("4.2", "4.5", "5.0"):
        (tmp_path / "blender" / version).mkdir(parents=True)
    for _ in range(2):
        paths = install_blender()
    assert [path.parents[2].name for path in paths] == ["4.5", "5.0"]
    assert all((path / "plugins" / "blender" / "host.py").is_file() for path in paths)
    assert not (tmp_path / "blender" / "4.2" / "extensions").exists()
