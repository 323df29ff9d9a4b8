"""Single files over real HTTP: interrupted, damaged, cut short, redirected."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from shotwright.core.errors import NetworkError
from shotwright.core.models.store.hub import HubFile
from shotwright.core.models.store.transfer import PART, fetch_file

from ...fakes.hub import Hub, Repo

NAME, COMMIT, PATH = "film/model", "c" * 40, "vae/model.safetensors"
DATA = np.random.default_rng(1).bytes(300_000)
FILE = HubFile(PATH, len(DATA), hashlib.sha256(DATA).hexdigest())


@pytest.fixture(autouse=True)
def repo(hub: Hub) -> Repo:
    hub.repos[NAME] = Repo({PATH: DATA, "config.json": b'{"a": 1}'}, COMMIT)
    return hub.repos[NAME]


def _fetch(place: Path, file: HubFile = FILE) -> tuple[int, list[str]]:
    """What it counted, and what it said."""
    counted, said = [0], list[str]()
    fetch_file(NAME, COMMIT, file, place, lambda count: counted.append(count), said.append)
    return sum(counted), said


def test_a_large_file_comes_from_another_host_and_is_counted(hub: Hub, tmp_path: Path) -> None:
    place = tmp_path / "vae" / "model.safetensors"
    assert _fetch(place) == (len(DATA), [])
    assert place.read_bytes() == DATA
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_a_small_file_is_checked_by_gits_hash(hub: Hub, tmp_path: Path) -> None:
    data = b'{"a": 1}'
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    _fetch(tmp_path / "config.json", HubFile("config.json", len(data), "", blob))
    assert (tmp_path / "config.json").read_bytes() == data
    with pytest.raises(NetworkError, match="damaged"):
        _fetch(tmp_path / "other.json", HubFile("config.json", len(data), "", "0" * 40))
    assert not (tmp_path / "other.json").exists()


def test_a_broken_connection_goes_on_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.cuts[PATH] = [100_000, 50_000]
    assert _fetch(tmp_path / "it") == (len(DATA), [])
    assert (tmp_path / "it").read_bytes() == DATA
    starts = [start for _, start in hub.served]
    assert starts[0] == 0
    assert 0 < starts[1] <= 100_000
    assert starts[1] < starts[2] <= 150_000


def test_what_an_earlier_call_left_is_taken_up(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / f"it{PART}").write_bytes(DATA[:200_000])
    assert _fetch(tmp_path / "it") == (100_000, [])
    assert hub.served == [(PATH, 200_000)]
    assert (tmp_path / "it").read_bytes() == DATA


def test_a_whole_part_needs_no_network(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / f"it{PART}").write_bytes(DATA)
    assert _fetch(tmp_path / "it") == (0, [])
    assert hub.asked == []


def test_a_server_that_ignores_ranges_is_told_of_and_begins_anew(hub: Hub, tmp_path: Path) -> None:
    hub.ignores_range = True
    (tmp_path / f"it{PART}").write_bytes(DATA[:200_000])
    counted, said = _fetch(tmp_path / "it")
    assert counted == len(DATA) - 200_000
    assert "begins anew" in said[0]
    assert (tmp_path / "it").read_bytes() == DATA


@pytest.mark.parametrize("left", [b"x" * 200_000, DATA[:-1] + b"x", DATA + b"more"])
def test_a_part_that_is_not_the_files_beginning_is_found_out(left: bytes, hub: Hub, tmp_path: Path) -> None:
    (tmp_path / f"it{PART}").write_bytes(left)
    counted, _ = _fetch(tmp_path / "it")
    assert counted == len(DATA) - len(left)
    assert (tmp_path / "it").read_bytes() == DATA


def test_a_damaged_file_is_fetched_once_more(hub: Hub, tmp_path: Path) -> None:
    hub.corrupt_once.add(PATH)
    counted, said = _fetch(tmp_path / "it")
    assert counted == len(DATA)
    assert "damaged" in said[0]
    assert (tmp_path / "it").read_bytes() == DATA


def test_one_that_is_damaged_each_time_is_never_kept(hub: Hub, tmp_path: Path) -> None:
    hub.corrupt.add(PATH)
    with pytest.raises(NetworkError, match="checksum"):
        _fetch(tmp_path / "it")
    assert not (tmp_path / "it").exists()
    assert len(hub.served) == 2


def test_a_file_that_ends_early_is_refused_with_its_size(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shotwright.core.models.store.transfer._WAITS_SECONDS", (0.01,))
    hub.short[PATH] = 100_000
    with pytest.raises(NetworkError, match="100000 of the 300000 bytes"):
        _fetch(tmp_path / "it")
    assert not (tmp_path / "it").exists()
    hub.short.clear()
    _fetch(tmp_path / "it")
    assert hub.served[-1] == (PATH, 100_000)


def test_a_busy_server_is_asked_again(hub: Hub, tmp_path: Path) -> None:
    hub.statuses[f"/{NAME}/resolve/{COMMIT}/{PATH}"] = [503]
    _fetch(tmp_path / "it")
    assert (tmp_path / "it").read_bytes() == DATA


def test_no_server_is_a_sentence_and_keeps_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shotwright.core.models.store.transfer._WAITS_SECONDS", (0.01,))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    (tmp_path / f"it{PART}").write_bytes(DATA[:1000])
    with pytest.raises(NetworkError, match="can't be reached"):
        _fetch(tmp_path / "it")
    assert (tmp_path / f"it{PART}").read_bytes() == DATA[:1000]
