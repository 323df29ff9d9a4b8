"""What the hub says, and each way in which it refuses, over real HTTP."""

from pathlib import Path

import pytest
from shotwright.core.errors import NetworkError, NotFoundError, RefusedError, ShotwrightError
from shotwright.core.models.store.hub import describe, file_url, is_repository, read_whole

from ...fakes.hub import STRANGERS_TOKEN, TOKEN, Hub

NAME = "film/model"


@pytest.fixture(autouse=True)
def folder(hub: Hub, tmp_path: Path) -> Path:
    (tmp_path / "repo" / "vae").mkdir(parents=True)
    (tmp_path / "repo" / "model_index.json").write_text("{}")
    (tmp_path / "repo" / "vae" / "model.safetensors").write_bytes(b"weights")
    hub.publish(NAME, tmp_path / "repo")
    return tmp_path / "repo"


def _read(path: str = "model_index.json") -> bytes:
    return read_whole(file_url(NAME, describe(NAME, "main").commit, path), NAME)


def test_a_repository_is_described_at_one_commit(hub: Hub) -> None:
    hub.repos[NAME].card = {"license": "other", "license_name": "film-licence", "license_link": "https://film/licence"}
    found = describe(NAME, "main")
    assert found.commit == hub.repos[NAME].commit
    assert (found.licence, found.licence_link) == ("film-licence", "https://film/licence")
    files = {file.path: file for file in found.files}
    assert files["model_index.json"].blob
    assert files["vae/model.safetensors"].sha256
    assert files["vae/model.safetensors"].size == 7
    assert describe(NAME, found.commit) == found
    assert _read() == b"{}"


def test_names_of_repositories() -> None:
    assert is_repository("Wan-AI/Wan2.2-TI2V-5B-Diffusers")
    for words in ("wan", "a/b/c", "../x", "a/..", "/a", "a/", "ä/b", "https://x/y"):
        assert not is_repository(words)


def _refused(kind: type[ShotwrightError], words: str, read: bool = False) -> str:
    with pytest.raises(kind, match=words) as raised:
        _read() if read else describe(NAME, "main")
    assert raised.value.hint
    return raised.value.hint


def test_one_that_is_not_there_or_private(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repos[NAME].private = True
    assert "HF_TOKEN" in _refused(NotFoundError, "or it is private")
    monkeypatch.setenv("HF_TOKEN", STRANGERS_TOKEN)
    _refused(NotFoundError, "or it is private")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert _read("vae/model.safetensors") == b"weights"
    del hub.repos[NAME]
    assert _refused(NotFoundError, "no repository film/model")


def test_a_gated_one(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.repos[NAME].gated = True
    assert f"{hub.endpoint}/{NAME}" in _refused(RefusedError, "gated", read=True)
    monkeypatch.setenv("HF_TOKEN", STRANGERS_TOKEN)
    _refused(RefusedError, "gated", read=True)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert _read() == b"{}"


def test_a_token_that_is_no_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_typo")
    assert "HF_TOKEN" in _refused(RefusedError, "does not accept your token")


def test_a_revision_or_a_file_that_is_gone(hub: Hub) -> None:
    with pytest.raises(NotFoundError, match="no longer has the revision") as gone:
        describe(NAME, "f" * 40)
    with pytest.raises(NotFoundError, match="lacks a file") as lacking:
        _read("vae/config.json")
    assert gone.value.hint
    assert lacking.value.hint


def test_other_refusals_and_faults(hub: Hub) -> None:
    address = f"/api/models/{NAME}/revision/main"
    hub.statuses[address] = [403]
    assert _refused(RefusedError, "does not let you")
    hub.statuses[address] = [500, 500, 500]
    assert _refused(NetworkError, "error 500")
    hub.statuses[address] = [503]  # for the moment only
    assert describe(NAME, "main").commit == hub.repos[NAME].commit


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert _refused(NetworkError, "can't be reached")
    monkeypatch.setenv("HF_ENDPOINT", "no address")
    assert _refused(NetworkError, "can't be reached")


def test_a_server_that_is_no_hub(hub: Hub) -> None:
    hub.repos[NAME].commit = "not a commit"
    assert _refused(NetworkError, "not answer as the Hugging Face hub")


@pytest.mark.parametrize("name", ["SHOTWRIGHT_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_asks_nobody(hub: Hub, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    assert name in _refused(RefusedError, "stay offline")
    assert hub.asked == []
