"""The extension in real Blenders (`bpy`), each in an environment that `python3 dev.py blender` makes."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from shotwright.core.client.state_folder import remember_program
from shotwright.core.project.plugins import build_blender, install_blender

ROOT = Path(__file__).parents[2]
IN_BLENDER = Path(__file__).parent / "blender" / "in_blender.py"
VERSIONS = sorted(path.name for path in (ROOT / ".blender").glob("*") if (path / "bin" / "python").exists())


@pytest.mark.blender
@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", VERSIONS)
def test_the_extension_works(version: str, tmp_path: Path, state_folder: Path) -> None:
    remember_program(state_folder)
    unpacked = tmp_path / "package" / "shotwright"
    zipfile.ZipFile(build_blender(tmp_path / "shotwright.zip")).extractall(unpacked)
    python = ROOT / ".blender" / version / "bin" / "python"
    done = subprocess.run(
        [str(python), str(IN_BLENDER), str(tmp_path / "films"), str(unpacked.parent)],
        capture_output=True,
        text=True,
        env={**os.environ, "SHOTWRIGHT_STATE": str(state_folder)},
        check=False,
    )
    said = [json.loads(line[6:]) for line in done.stdout.splitlines() if line.startswith("CHECK ")]
    failed = {check["check"]: check["said"] for check in said if not check["ok"]}
    assert failed == {}
    assert len(said) >= 14, done.stderr[-2000:]


def test_the_zip_is_the_same_each_time_and_holds_no_stranger(tmp_path: Path) -> None:
    one, other = (build_blender(tmp_path / name).read_bytes() for name in ("a.zip", "b.zip"))
    assert one == other
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert {"blender_manifest.toml", "__init__.py", "core/hosts/session.py", "plugins/blender/host.py"} <= set(names)
    assert not [name for name in names if name.startswith(("core/models", "core/timeline", "core/engine"))]
    assert len(one) < 100_000


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
