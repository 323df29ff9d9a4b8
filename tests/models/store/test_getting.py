"""Whole models fetched from a hub: what is chosen, checked, kept through kills, and given a name only when whole."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from shotwright.core.errors import InputError, NotFoundError, RefusedError, StateError, StorageError
from shotwright.core.models.catalogue import folder_of, list_models, registered, remove_model
from shotwright.core.models.diffusers_folder import load_pipeline
from shotwright.core.models.store.getting import fetch
from shotwright.core.models.store.looking import look
from shotwright.core.models.store.soundness import check_folder
from shotwright.core.models.store.vault import Vault

from ...fakes.hub import Hub

NAME = "film/tiny-ltx"
WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"


@pytest.fixture
def folder(pipelines: dict[str, Path], tmp_path: Path) -> Path:
    """A real pipeline as its makers would put it on the hub, with much that is not to be fetched."""
    folder = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "repo"))
    for path in (
        "README.md", ".gitattributes", "all-in-one.safetensors", "sample.mp4", "configuration.json",
        "transformer/diffusion_pytorch_model.fp16.safetensors", "transformer/diffusion_pytorch_model.bin",
        "transformer/modeling.py", "text_encoder/model.safetensors.index.fp16.json", "onnx/model.safetensors",
        "vae/old/model.safetensors",
    ):  # fmt: skip
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(b"{}")
    (folder / "LICENSE.txt").write_text("Do as you like.")
    return folder


@pytest.fixture(autouse=True)
def published(hub: Hub, folder: Path) -> None:
    hub.publish(NAME, folder)


def _fetch(state: Path, name: str | None = None) -> tuple[Path, int]:
    counted = [0]
    manifest = look(state, NAME, name)
    row = fetch(state, manifest, lambda count: counted.append(count), lambda _words: None)
    assert sum(counted) == manifest.bytes
    return Path(row["source"]), len(manifest.files)


def _stop(count: int) -> None:
    """What Ctrl-C does, once the first bytes come."""
    if count:
        raise KeyboardInterrupt


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_model_is_fetched_registered_and_listed(hub: Hub, pipelines: dict[str, Path], state_folder: Path) -> None:
    found, files = _fetch(state_folder)
    assert found == state_folder / "models" / "tiny-ltx" == folder_of("tiny-ltx", state_folder)
    assert _names(found) == {*_names(pipelines["LTXPipeline"]), "LICENSE.txt"}
    assert len(hub.served) == files + 1  # the index is looked at before
    check_folder(found)
    rows = {row["name"]: row for row in list_models(state_folder)}
    assert rows["tiny-ltx"]["state"] == "ready"
    assert Vault(state_folder).bytes_of("tiny-ltx") == sum(path.stat().st_size for path in found.rglob("*.*"))
    assert Vault(state_folder).unfinished() == {}


def test_parts_that_no_call_uses_are_neither_fetched_nor_loaded(
    hub: Hub, pipelines: dict[str, Path], state_folder: Path
) -> None:
    whole = pipelines["ltx-2.5"]
    assert (whole / "prompt_enhancer" / "model.safetensors").is_file()
    hub.publish(NAME, whole)
    found, _ = _fetch(state_folder)
    lacking = {path.name for path in whole.iterdir()} - {path.name for path in found.iterdir()}
    assert lacking == {"prompt_enhancer", "duration_head"}
    for folder in (whole, found):
        check_folder(folder)
        pipe = load_pipeline("tiny-ltx", folder)
        assert pipe.prompt_enhancer is pipe.duration_head is None
        assert pipe.text_encoder.config.model_type == "gemma4_unified"


def test_another_disk_and_another_name(
    hub: Hub, tmp_path: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOTWRIGHT_MODELS", str(tmp_path / "disk"))
    found, _ = _fetch(state_folder, "mine")
    assert found == tmp_path / "disk" / "mine" == folder_of("mine", state_folder)


def test_an_interrupted_one_goes_on_at_its_commit(hub: Hub, folder: Path, state_folder: Path) -> None:
    hub.cuts[WEIGHTS] = [5000]
    first = look(state_folder, NAME)

    def stop(_count: int) -> None:
        if any(name == WEIGHTS for name, _ in hub.served):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(state_folder, first, stop, lambda _words: None)
    assert registered(state_folder) == {}
    assert not (state_folder / "models" / "tiny-ltx").exists()
    (name,) = Vault(state_folder).unfinished()
    assert name == "tiny-ltx"

    served, asked = len(hub.served), len(hub.asked)
    (folder / "vae" / "config.json").write_text("{}")  # its makers go on, which is not to be mixed in
    later = hub.publish("film/later", folder)
    hub.repos[NAME].files["model_index.json"] = b"broken"
    assert later.commit != first.commit == look(state_folder, NAME).commit
    assert len(hub.asked) == asked
    _fetch(state_folder)
    again = [name for name, _ in hub.served[served:]]
    assert "model_index.json" not in again
    assert hub.served[served][0] == WEIGHTS
    check_folder(state_folder / "models" / "tiny-ltx")


def test_it_goes_on_after_it_was_killed(hub: Hub, state_folder: Path) -> None:
    hub.pace_seconds = 0.02
    code = f"""
import sys
from pathlib import Path
from shotwright.core.models.store.getting import fetch
from shotwright.core.models.store.looking import look
state = Path({str(state_folder)!r})
fetch(state, look(state, {NAME!r}), lambda count: None, print)
"""
    part = state_folder / "models" / ".partial" / "tiny-ltx" / f"{WEIGHTS}.part"
    sizes = []
    for _ in range(3):
        killed = subprocess.Popen([sys.executable, "-c", code])
        had = sizes[-1] if sizes else 0
        deadline = time.monotonic() + 60
        while (not part.is_file() or part.stat().st_size <= had + 8192) and time.monotonic() < deadline:
            assert killed.poll() is None
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        sizes.append(part.stat().st_size)
        assert registered(state_folder) == {}
        assert [path.name for path in Vault(state_folder).home.iterdir() if path.name[0] != "."] == []
    assert sizes == sorted(set(sizes))
    hub.pace_seconds = 0
    _fetch(state_folder)
    starts = [start for name, start in hub.served if name == WEIGHTS]
    assert starts == [0, *sizes]
    check_folder(folder_of("tiny-ltx", state_folder))


def test_one_that_was_whole_but_not_yet_listed_is_listed(hub: Hub, state_folder: Path) -> None:
    manifest = look(state_folder, NAME)
    _fetch(state_folder)
    remove_model(state_folder, "tiny-ltx")
    served = len(hub.served)
    fetch(state_folder, manifest, lambda _count: None, lambda _words: None)
    assert len(hub.served) == served
    assert "tiny-ltx" in registered(state_folder)


def test_only_one_fetches_a_model_at_a_time(hub: Hub, state_folder: Path) -> None:
    from filelock import FileLock

    manifest = look(state_folder, NAME)
    (state_folder / "models" / ".manifests").mkdir(parents=True)
    with FileLock(state_folder / "models" / ".manifests" / "tiny-ltx.lock"), pytest.raises(StateError, match="already"):
        fetch(state_folder, manifest, lambda _count: None, lambda _words: None)


def test_too_little_room_is_said_before_anything_is_fetched(hub: Hub, state_folder: Path) -> None:
    hub.declared[WEIGHTS] = 10**15
    manifest = look(state_folder, NAME)
    served = len(hub.served)
    with pytest.raises(StorageError, match=r"1000000\.\d GB more") as raised:
        fetch(state_folder, manifest, lambda _count: None, lambda _words: None)
    assert "SHOTWRIGHT_MODELS" in raised.value.hint
    assert len(hub.served) == served


def test_a_family_that_is_not_known_is_refused_before_its_weights(hub: Hub, state_folder: Path) -> None:
    index = json.loads(hub.repos[NAME].files["model_index.json"])
    hub.repos[NAME].files["model_index.json"] = json.dumps({**index, "_class_name": "EvilPipeline"}).encode()
    with pytest.raises(InputError, match="EvilPipeline"):
        _fetch(state_folder)
    assert all(not name.endswith(".safetensors") for name, _ in hub.served)
    assert registered(state_folder) == {}


def test_repositories_that_are_no_model_are_refused(hub: Hub, state_folder: Path) -> None:
    files = hub.repos[NAME].files
    del files[WEIGHTS]
    with pytest.raises(InputError, match="no safetensors weights for its transformer") as raised:
        look(state_folder, NAME)
    assert "run code" in raised.value.hint
    files["model_index.json"] = b"{"
    with pytest.raises(InputError, match="broken"):
        look(state_folder, NAME)
    del files["model_index.json"]
    with pytest.raises(InputError, match="no diffusers pipeline"):
        look(state_folder, NAME)
    for words in ("nothing-of-that-name", "../../etc"):
        with pytest.raises(NotFoundError, match="no model"):
            look(state_folder, words)


@pytest.mark.parametrize(
    "path", ["../evil.json", "/etc/evil.txt", "vae/../../evil.json", "c:evil.txt", "vae\\evil.txt"]
)
def test_a_file_that_would_lie_elsewhere_is_never_fetched(hub: Hub, state_folder: Path, path: str) -> None:
    hub.repos[NAME].files[path] = b"{}"
    _fetch(state_folder)
    assert path not in {name for name, _ in hub.served}
    index = json.loads(hub.repos[NAME].files["model_index.json"])
    hub.repos[NAME].files["model_index.json"] = json.dumps({**index, "..": index["vae"]}).encode()
    with pytest.raises(InputError, match="no component's name"):
        look(state_folder, NAME, "other")


def test_a_full_disk_keeps_what_came(hub: Hub, state_folder: Path) -> None:
    """A limit on the size of files stands for the disk's: the system refuses to write on, in the middle of one."""
    code = f"""
import resource, sys
from pathlib import Path
from shotwright.core.errors import StorageError
from shotwright.core.models.store.getting import fetch
from shotwright.core.models.store.looking import look
state = Path({str(state_folder)!r})
manifest = look(state, {NAME!r})
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    fetch(state, manifest, lambda count: None, print)
except StorageError as error:
    sys.exit(error.message)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "while fetching tiny-ltx" in done.stderr
    (kept,) = (path for path in Vault(state_folder).home.rglob("*.part"))
    assert kept.stat().st_size == 20_000
    assert registered(state_folder) == {}
    _fetch(state_folder)
    assert (kept.stem, 20_000) in [(Path(name).name, start) for name, start in hub.served]


def test_weights_that_the_hub_has_cut_off_are_never_a_model(hub: Hub, state_folder: Path) -> None:
    hub.repos[NAME].files[WEIGHTS] = hub.repos[NAME].files[WEIGHTS][:-8]  # its own hash is right
    with pytest.raises(InputError, match="cut off"):
        _fetch(state_folder)
    assert registered(state_folder) == {}
    assert "tiny-ltx" in Vault(state_folder).unfinished()


def test_names_in_use_are_refused(hub: Hub, state_folder: Path) -> None:
    _fetch(state_folder)
    with pytest.raises(RefusedError, match="already"):
        look(state_folder, NAME)
    hub.repos["other/mine"] = hub.repos[NAME]
    with pytest.raises(KeyboardInterrupt):
        fetch(state_folder, look(state_folder, "other/mine"), _stop, lambda _words: None)
    with pytest.raises(RefusedError, match="mine” is other/mine already"):
        look(state_folder, NAME, "mine")


def test_only_what_was_fetched_is_ever_removed(hub: Hub, pipelines: dict[str, Path], state_folder: Path) -> None:
    found, _ = _fetch(state_folder)
    Vault(state_folder).discard("LTXPipeline")
    assert Vault(state_folder).bytes_of("LTXPipeline") == 0
    Vault(state_folder).discard("tiny-ltx")
    assert not found.exists()
    assert Vault(state_folder).bytes_of("tiny-ltx") == 0
    assert pipelines["LTXPipeline"].is_dir()
    assert _names(Vault(state_folder).home) <= {".manifests/tiny-ltx.lock"}
