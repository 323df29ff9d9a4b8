"""Models listed, got, added and removed as a user does it, from a hub on loopback."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from shotwright.core.models.catalogue import list_models
from shotwright.core.models.loading import load_model
from shotwright.core.models.running.runner import Runner

from ..fakes.hub import Hub
from .conftest import Command

NAME = "film/tiny-ltx"
WEIGHTS = "transformer/diffusion_pytorch_model.safetensors"
COMMAND = [sys.executable, "-m", "shotwright.core.cli.main", "models"]
BOUND = {"license": "other", "license_name": "film-licence", "license_link": "https://film/licence"}


@pytest.fixture(autouse=True)
def published(hub: Hub, pipelines: dict[str, Path]) -> None:
    hub.publish(NAME, pipelines["LTXPipeline"])


def _row(shotwright: Command, name: str) -> dict[str, object]:
    (row,) = (row for row in shotwright("models", "--json").answer["models"] if row["name"] == name)
    return row  # type: ignore[no-any-return]


def test_what_can_be_got_is_listed_with_its_size_licence_and_fit(shotwright: Command) -> None:
    wan = _row(shotwright, "wan2.2-ti2v-5b")
    assert wan["state"] == "to be got"
    assert wan["licence"] == "Apache-2.0"
    assert wan["bytes"] == 34_000_000_000
    assert wan["repository"] == "Wan-AI/Wan2.2-TI2V-5B-Diffusers"
    assert wan["good_for"]
    assert "text" in wan["jobs"]  # type: ignore[operator]
    assert _row(shotwright, "ltx-2")["licence_limits"]
    said = shotwright("models")
    assert "to be got" in said.out
    assert "34 GB" in said.out


def test_a_model_on_offer_is_got_by_its_name_and_commit(
    shotwright: Command, hub: Hub, pipelines: dict[str, Path], state_folder: Path
) -> None:
    index = json.loads((pipelines["WanImageToVideoPipeline"] / "model_index.json").read_text())
    repo = hub.publish("Wan-AI/Wan2.2-I2V-A14B-Diffusers", pipelines["WanImageToVideoPipeline"])
    repo.commit = "596658fd9ca6b7b71d5057529bbf319ecbc61d74"
    repo.files["model_index.json"] = json.dumps({**index, "boundary_ratio": 0.9}).encode()
    said = shotwright("models", "get", "wan2.2-i2v-a14b", "--json")
    assert said.code == 0, said.err
    assert said.answer["state"] == "ready"
    assert "Apache-2.0" in said.err
    row = _row(shotwright, "wan2.2-i2v-a14b")
    assert row["state"] == "ready"
    assert row["bytes"] == sum(path.stat().st_size for path in Path(str(row["source"])).rglob("*") if path.is_file())
    again = shotwright("models", "get", "wan2.2-i2v-a14b", "--json")
    assert (again.code, again.answer["name"]) == (0, "wan2.2-i2v-a14b")
    assert "here already" in again.err


def test_a_licence_with_conditions_is_accepted_once(shotwright: Command, hub: Hub, state_folder: Path) -> None:
    hub.repos[NAME].card = BOUND
    refused = shotwright("models", "get", NAME, "--json")
    assert refused.code == 1
    assert refused.answer["error"]["kind"] == "refused"
    assert "--accept-licence" in refused.answer["error"]["hint"]
    assert all(words in refused.err for words in ("film-licence", "https://film/licence", "kB"))
    assert all(not name.endswith(".safetensors") for name, _ in hub.served)
    assert _row(shotwright, "previs")["state"] == "ready"

    assert shotwright("models", "get", NAME, "--accept-licence", "--json").code == 0
    accepted = json.loads((state_folder / "licences.json").read_text())["film-licence"]
    assert accepted["model"] == "tiny-ltx"
    assert accepted["text"] == "https://film/licence"
    assert accepted["accepted"].startswith("20")
    assert shotwright("models", "get", NAME, "--name", "again", "--json").code == 0


def _at_a_terminal(answer: bytes, *words: str) -> tuple[int, str]:
    """What a command says to somebody at a terminal who answers its question."""
    leader, follower = pty.openpty()
    asked = subprocess.Popen([*COMMAND, *words], stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    said = b""
    try:
        while b"[y/N]" not in said:
            said += os.read(leader, 1024)
        os.write(leader, answer)
        while True:
            said += os.read(leader, 1024)
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(leader)
    return asked.wait(60), said.decode()


def test_somebody_at_a_terminal_is_asked(hub: Hub, state_folder: Path) -> None:
    hub.repos[NAME].card = BOUND
    code, said = _at_a_terminal(b"n\n", "get", NAME)
    assert code == 1
    assert "did not say yes" in said
    code, said = _at_a_terminal(b"y\n", "get", NAME)
    assert code == 0, said
    assert "tiny-ltx is ready" in said


def test_ctrl_c_keeps_what_came_and_the_same_command_goes_on(hub: Hub, shotwright: Command, state_folder: Path) -> None:
    hub.pace_seconds = 0.02
    part = state_folder / "models" / ".partial" / "tiny-ltx" / f"{WEIGHTS}.part"
    listen = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # shells have what runs behind them ignore it
    command = subprocess.Popen([*COMMAND, "get", NAME], stderr=subprocess.PIPE, text=True, preexec_fn=listen)
    deadline = time.monotonic() + 60
    while not (part.is_file() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.01)
    command.send_signal(signal.SIGINT)
    _, said = command.communicate(timeout=60)
    assert command.returncode == 130
    assert "goes on where it stopped" in said
    kept = part.stat().st_size
    assert kept
    row = _row(shotwright, "tiny-ltx")
    assert (row["state"], row["fits"]["ok"]) == ("partly here", False)  # type: ignore[index]
    assert [row["name"] for row in list_models(state_folder)] == ["previs"]

    hub.pace_seconds = 0
    assert shotwright("models", "get", NAME).code == 0
    assert [start for name, start in hub.served if name == WEIGHTS] == [0, kept]


@pytest.mark.usefixtures("engine_ends")
def test_a_model_that_was_got_makes_takes_offline(
    shotwright: Command, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shotwright("models", "get", NAME).code == 0
    asked = len(hub.asked)
    monkeypatch.setenv("SHOTWRIGHT_OFFLINE", "1")
    take = ("shot", "A red car.", "-o", tmp_path / "car.mov", "--frames", "9", "--size", "64x64", "--rate", "25")
    said = shotwright(*take, "--model", "tiny-ltx", "--json")
    assert said.code == 0, said.err
    assert said.answer["frames"] == 9
    assert len(hub.asked) == asked


def test_offline_says_so_and_asks_nobody(shotwright: Command, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOTWRIGHT_OFFLINE", "1")
    said = shotwright("models", "get", NAME, "--json")
    assert said.code == 1
    assert "offline" in said.answer["error"]["message"]
    assert _row(shotwright, "previs")
    assert hub.asked == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"gated": True}, "gated"),
        ({"private": True}, "no repository film/tiny-ltx"),
        ({"files": {}}, "no diffusers pipeline"),
    ],
)
def test_refusals_are_sentences(shotwright: Command, hub: Hub, fault: dict[str, object], words: str) -> None:
    for name, value in fault.items():
        setattr(hub.repos[NAME], name, value)
    said = shotwright("models", "get", NAME, "--json")
    assert said.code == 1
    assert words in said.answer["error"]["message"]
    assert said.answer["error"]["hint"]
    assert shotwright("models", "get", "no-such-model", "--json").answer["error"]["kind"] == "not_found"


def test_a_repository_is_added_as_it_is_got(shotwright: Command) -> None:
    said = shotwright("models", "add", NAME, "--name", "mine", "--json")
    assert (said.code, said.answer["name"]) == (0, "mine")
    assert _row(shotwright, "mine")["state"] == "ready"


def test_a_single_file_is_added_beside_the_rest(
    shotwright: Command, pipelines: dict[str, Path], tmp_path: Path
) -> None:
    file = Path(shutil.copyfile(pipelines["LTXPipeline"] / WEIGHTS, tmp_path / "fine.safetensors"))
    alone = shotwright("models", "add", file, "--json")
    assert "--beside" in alone.answer["error"]["hint"]
    shotwright("models", "add", pipelines["LTXPipeline"], "--name", "rest", "--json")
    said = shotwright("models", "add", file, "--beside", "rest", "--json")
    assert (said.code, said.answer["name"]) == (0, "fine")
    assert shotwright("models", "rm", "fine", "--yes", "--json").code == 0
    assert file.is_file()
    assert (pipelines["LTXPipeline"] / WEIGHTS).is_file()


def test_only_files_that_were_fetched_are_removed_and_only_when_asked(
    shotwright: Command, pipelines: dict[str, Path], state_folder: Path
) -> None:
    shotwright("models", "add", pipelines["LTXPipeline"], "--name", "own", "--json")
    assert shotwright("models", "rm", "own", "--json").answer == {"name": "own", "removed_bytes": 0}
    assert (pipelines["LTXPipeline"] / WEIGHTS).is_file()

    shotwright("models", "get", NAME, "--json")
    folder = Path(str(_row(shotwright, "tiny-ltx")["source"]))
    kept = shotwright("models", "rm", "tiny-ltx", "--json")
    assert kept.code == 1
    assert "--yes" in kept.answer["error"]["hint"]
    assert folder.is_dir()
    removed = shotwright("models", "rm", "tiny-ltx", "--yes", "--json")
    assert removed.answer["removed_bytes"] > 0
    assert not folder.exists()
    assert shotwright("models", "rm", "tiny-ltx", "--yes", "--json").answer["error"]["kind"] == "not_found"


def test_a_model_whose_files_changed_is_listed_as_broken_and_hides_no_other(
    shotwright: Command, pipelines: dict[str, Path], tmp_path: Path
) -> None:
    own = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "own"))
    shotwright("models", "add", own, "--json")
    (own / WEIGHTS).write_bytes((own / WEIGHTS).read_bytes()[:-4])
    row = _row(shotwright, "own")
    assert row["state"] == "broken"
    assert "cut off" in row["fits"]["why"]  # type: ignore[index]
    assert _row(shotwright, "previs")["state"] == "ready"


@pytest.mark.usefixtures("engine_ends")
def test_a_take_of_a_model_that_broke_since_is_refused_and_the_engine_lives(
    shotwright: Command, pipelines: dict[str, Path], tmp_path: Path
) -> None:
    own = Path(shutil.copytree(pipelines["LTXPipeline"], tmp_path / "own"))
    shotwright("models", "add", own, "--json")
    whole = (own / WEIGHTS).read_bytes()
    (own / WEIGHTS).write_bytes(whole[:-4])
    asked = ("shot", "A red car.", "-o", tmp_path / "car.mov", "--frames", "9", "--size", "64x64")
    said = shotwright(*asked, "--model", "own", "--json")
    assert said.code == 1
    assert "cut off" in said.answer["error"]["message"]
    (own / WEIGHTS).write_bytes(whole)
    shutil.rmtree(own / "vae")
    again = shotwright(*asked, "--model", "own", "--seed", "3", "--json")
    assert "vae is missing" in again.answer["error"]["message"]
    assert shotwright("jobs", "--json").code == 0


def test_a_plan_is_chosen_and_left_to_the_machine_again(
    shotwright: Command, pipelines: dict[str, Path], state_folder: Path
) -> None:
    assert shotwright("models", "add", str(pipelines["ltx-0.9.5"]), "--name", "mine").code == 0
    told = shotwright("models", "plan", "mine", "--json").answer
    names = [plan["name"] for plan in told["plans"]]
    assert told["chosen"] == ""
    assert {"cpu", "cpu-aside", "cpu-disk"} <= set(names)
    assert all(plan["bytes"] > 0 for plan in told["plans"])
    said = shotwright("models", "plan", "mine", "cpu-disk")
    assert "begins with cpu-disk" in said.out
    loaded = load_model("mine", state_folder)
    assert isinstance(loaded, Runner)
    assert loaded.plan.name == "cpu-disk"
    assert shotwright("models", "plan", "mine", "auto", "--json").answer["chosen"] == ""
    refused = shotwright("models", "plan", "mine", "fast", "--json")
    assert refused.code != 0
    assert "There is no plan “fast”" in refused.answer["error"]["message"]
    shotwright("models", "plan", "mine", "cpu-disk")
    assert shotwright("models", "rm", "mine").code == 0
    assert json.loads((state_folder / "plans.json").read_text()) == {}  # another one of that name begins by itself
    assert shotwright("models", "plan", "mine", "--json").code != 0
