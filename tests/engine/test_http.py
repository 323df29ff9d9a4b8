"""The engine over real HTTP, in a process of its own: who may call, what is answered, how errors look, events."""

import hashlib
import http.client
import json
import os
import stat
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from shotwright.core import __version__
from shotwright.core.client import EngineClient, find_engine
from shotwright.core.errors import NotFoundError, RefusedError, StateError, UsageError
from shotwright.core.media.probe import probe

TAKE: dict[str, Any] = {"prompt": "", "frames": 12, "rate": "12", "size": [128, 72], "seed": 1}
H264 = {"codec": "h264"}


def _told(state: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((state / "engine.json").read_text())
    return told


def _token(state: Path) -> str:
    return Path(_told(state)["token_file"]).read_text()


def _ask(
    state: Path, method: str, path: str, body: bytes = b"", token: bool = True, **headers: str
) -> tuple[int, dict[str, Any]]:
    """One call with exactly these headers: status and JSON."""
    address = urlsplit(_told(state)["url"])
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 0, timeout=10)
    sent = {"Authorization": f"Bearer {_token(state)}"} if token else {}
    connection.request(method, path, body or None, {**sent, **{k.replace("_", "-"): v for k, v in headers.items()}})
    answer = connection.getresponse()
    data = json.loads(answer.read())
    connection.close()
    return answer.status, data


def _done(client: EngineClient, job: str, seconds: float = 20) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (found := client.job(job))["state"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def test_it_is_found_and_its_files_are_its_users_alone(engine: EngineClient, state_folder: Path) -> None:
    told = _told(state_folder)
    assert set(told) == {"url", "token_file", "pid", "version"}
    assert (told["url"], told["version"]) == (engine.url, __version__)
    for path in (state_folder / "engine.json", Path(told["token_file"])):
        assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _token(state_folder) == _token(state_folder).strip()


def test_health_needs_no_token_and_tells_the_version_alone(engine: EngineClient, state_folder: Path) -> None:
    assert _ask(state_folder, "GET", "/v1/health", token=False) == (200, {"version": __version__})


REFUSED: tuple[tuple[str, bool, dict[str, str], int, str], ...] = (
    ("/v1/jobs", False, {}, 401, "token"),
    ("/v1/jobs", False, {"Authorization": "Bearer wrong"}, 401, "token"),
    ("/v1/nowhere", False, {}, 401, "token"),
    ("/v1/openapi.json", False, {}, 401, "token"),
    ("/v1/jobs", True, {"Origin": "http://127.0.0.1"}, 403, "refused"),
    ("/v1/health", False, {"Origin": "null"}, 403, "refused"),
    ("/v1/jobs", True, {"Host": "evil.example"}, 403, "refused"),
    ("/v1/health", False, {"Host": "127.0.0.1:1"}, 403, "refused"),
    ("/v1/nowhere", True, {}, 404, "not_found"),
    ("/v1/jobs/nobody", True, {}, 404, "not_found"),
    ("/v1/takes", True, {}, 405, "usage"),
    ("/v1/jobs?state=lost", True, {}, 422, "usage"),
    ("/v1/media/short", True, {}, 422, "usage"),
    ("/v1/media/" + "0" * 64, True, {}, 404, "not_found"),
)


def test_refusals_have_one_form(engine: EngineClient, state_folder: Path) -> None:
    for path, token, headers, status, kind in REFUSED:
        found, data = _ask(state_folder, "GET", path, token=token, **headers)
        assert (path, found, data["error"]["kind"]) == (path, status, kind)
        assert set(data["error"]) == {"kind", "message", "hint"}
        assert data["error"]["message"]
        assert data["error"]["hint"]


BAD_BODIES: tuple[tuple[str, bytes, int], ...] = (
    ("takes", b"no json", 422),
    ("takes", b"[" * 100_000, 400),
    ("takes", b"[]", 422),
    ("takes", json.dumps({**TAKE, "frames": 0}).encode(), 422),
    ("takes", json.dumps({**TAKE, "rate": "0"}).encode(), 422),
    ("takes", json.dumps({**TAKE, "size": [65, 64]}).encode(), 422),
    ("takes", json.dumps({**TAKE, "sede": 1}).encode(), 422),
    ("takes", json.dumps({**TAKE, "key": 5}).encode(), 422),
    ("takes", json.dumps({**TAKE, "model": "nobody's"}).encode(), 404),
    ("films/generate", b'{"film": "relative"}', 422),
    ("films/generate", b'{"film": "/nowhere/at/all", "sots": []}', 422),
    ("films/takes", b'{"film": "/nowhere/at/all", "change": "burn", "shot": "S", "take": "T"}', 422),
    ("films/prune", b'{"film": "/nowhere/at/all"}', 422),
)


def test_bad_bodies_are_refused_in_words(engine: EngineClient, state_folder: Path) -> None:
    for path, body, status in BAD_BODIES:
        found, data = _ask(state_folder, "POST", f"/v1/{path}", body, Content_Type="application/json")
        assert (body[:80], found) == (body[:80], status)
        assert set(data["error"]) == {"kind", "message", "hint"}
    assert engine.jobs() == []


def test_bodies_too_large_or_of_unknown_length_are_refused(engine: EngineClient, state_folder: Path) -> None:
    status, data = _ask(state_folder, "POST", "/v1/takes", b"{}", Content_Length=str(100 << 20))
    assert (status, data["error"]["kind"]) == (413, "input")
    status, data = _ask(state_folder, "POST", "/v1/takes", b"", Transfer_Encoding="chunked")
    assert status == 411


def test_a_take_from_request_to_file(engine: EngineClient, state_folder: Path, tmp_path: Path) -> None:
    job = engine.submit(TAKE, delivery=H264)
    assert {"id", "state", "progress", "request", "output", "error"} <= set(job)
    with pytest.raises(StateError):
        engine.get(f"/v1/jobs/{job['id']}/media")
    done = _done(engine, job["id"])
    assert (done["state"], done["progress"], done["error"]) == ("done", 1, None)
    output = Path(done["output"])
    assert output.is_relative_to(state_folder / "takes" / job["id"])
    with engine._open("GET", f"/v1/jobs/{job['id']}/media") as answer:
        (tmp_path / "take.mov").write_bytes(answer.read())
    assert probe(tmp_path / "take.mov").frames == 12
    assert [row["id"] for row in engine.jobs("done")] == [job["id"]]


def test_a_key_gives_the_same_job_and_none_gives_two(engine: EngineClient) -> None:
    engine.pause()
    assert engine.submit(TAKE, "k")["id"] == engine.submit(TAKE, "k")["id"]
    assert engine.submit(TAKE)["id"] != engine.submit(TAKE)["id"]


def test_the_queue_is_paused_reordered_and_resumed(engine: EngineClient) -> None:
    assert engine.pause()["paused"]
    first, second = engine.submit(TAKE, delivery=H264)["id"], engine.submit(TAKE, delivery=H264)["id"]
    assert engine.job(first)["state"] == "paused"
    engine.first(second)
    assert [job["id"] for job in engine.jobs()] == [second, first]
    assert engine.cancel(first)["state"] == "cancelled"
    assert engine.retry(first)["state"] == "paused"
    assert not engine.resume()["paused"]
    assert _done(engine, first)["state"] == "done"
    with pytest.raises(StateError):
        engine.retry(first)


def test_events_tell_states_progress_and_pictures(engine: EngineClient) -> None:
    heard: list[dict[str, Any]] = []
    ended = threading.Event()

    def listen() -> None:
        for event in engine.events():
            heard.append(event)
            if event["state"] == "done":
                ended.set()
                return

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(0.3)
    job = engine.submit({**TAKE, "prompt": "brisk", "frames": 40}, delivery=H264)["id"]
    assert ended.wait(20)
    assert {event["id"] for event in heard} == {job}
    assert [event["state"] for event in heard if event["state"] != "running"] == ["queued", "done"]
    shares = [event["progress"] for event in heard]
    assert shares == sorted(shares)
    assert any(event["preview"] for event in heard)


def test_media_come_and_go_by_content(engine: EngineClient, state_folder: Path, tmp_path: Path) -> None:
    source, back = tmp_path / "a.bin", tmp_path / "b.bin"
    source.write_bytes(os.urandom(3_000_000))
    sha256 = engine.put_media(source)
    assert engine.put_media(source) == sha256
    engine.fetch_media(sha256, back)
    assert back.read_bytes() == source.read_bytes()
    wrong = hashlib.sha256(b"other").hexdigest()
    status, data = _ask(state_folder, "PUT", f"/v1/media/{wrong}", b"this")
    assert (status, data["error"]["kind"]) == (422, "input")
    assert not engine.has_media(wrong)
    assert [path.name for path in (state_folder / "media").iterdir()] == [sha256]
    with pytest.raises(NotFoundError):
        engine.submit({**TAKE, "known": [{"frames": [0, 1], "media": {"sha256": wrong}}]})


def test_models_and_the_reference_page(engine: EngineClient, state_folder: Path) -> None:
    assert "previs" in [model["name"] for model in engine.get("/v1/models")["models"]]
    assert engine.unload() == {"unloaded": True}
    paths = engine.get("/v1/openapi.json")["paths"]
    assert {"/v1/takes", "/v1/events", "/v1/films/generate", "/v1/media/{sha256}"} <= set(paths)
    with engine._open("GET", "/v1/docs") as answer:
        page = answer.read().decode()
    assert "/v1/takes" in page
    assert "src=" not in page


def test_what_no_model_can_do_is_refused_before_it_is_queued(engine: EngineClient) -> None:
    known = {"frames": [0, 1], "media": {"sha256": "0" * 64}, "role": "reference"}
    with pytest.raises((RefusedError, UsageError)):
        engine.submit({**TAKE, "known": [known]})
    assert engine.jobs() == []


def test_a_stop_ends_it_at_once_though_somebody_listens(
    start_engine: Callable[..., subprocess.Popen[str]], state_folder: Path
) -> None:
    process = start_engine()
    client = find_engine()
    assert client is not None
    stream = client.events()
    threading.Thread(target=lambda: list(stream), daemon=True).start()
    job = client.submit({**TAKE, "prompt": "slow", "frames": 240})["id"]
    while client.job(job)["state"] != "running":
        time.sleep(0.02)
    begun = time.monotonic()
    process.terminate()
    assert process.wait(10) == 0
    assert time.monotonic() - begun < 4
    assert not (state_folder / "engine.json").exists()
    assert not (state_folder / "engine.token").exists()


def test_only_one_runs_and_an_idle_one_ends(
    start_engine: Callable[..., subprocess.Popen[str]], state_folder: Path
) -> None:
    first = start_engine(idle_seconds=1.5)
    second = start_engine()
    assert second.wait(10) == 0
    assert _told(state_folder)["pid"] == first.pid
    assert first.wait(10) == 0
    assert find_engine() is None


def test_an_engine_whose_address_was_deleted_ends(
    start_engine: Callable[..., subprocess.Popen[str]], state_folder: Path
) -> None:
    process = start_engine()
    (state_folder / "engine.json").unlink()
    assert process.wait(10) == 0
