"""The client against an engine that misbehaves: silence, half answers, no JSON."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from shotwright.core.client import EngineClient
from shotwright.core.errors import EngineError


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[EngineClient]:
    """A client of a server that gives every call the same bytes and hangs up."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()

    def serve() -> None:
        while True:
            try:
                call, _ = listener.accept()
            except OSError:
                return
            call.recv(65536)
            call.sendall(request.param)
            call.close()

    threading.Thread(target=serve, daemon=True).start()
    yield EngineClient(f"http://127.0.0.1:{listener.getsockname()[1]}", "token", timeout=5)
    listener.close()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answering",
    [
        b"",
        b"nonsense\r\n\r\n",
        OK + b'Content-Length: 100\r\n\r\n{"jobs": [',
        OK + b"Content-Length: 4\r\n\r\nhtml",
        b"HTTP/1.1 500 No\r\nContent-Length: 4\r\n\r\nhtml",
    ],
    indirect=True,
)
def test_what_is_no_answer_is_an_engine_error(answering: EngineClient) -> None:
    with pytest.raises(EngineError):
        answering.jobs()


@pytest.mark.parametrize("answering", [OK + b"Content-Length: 100\r\n\r\nhalf"], indirect=True)
def test_half_a_medium_is_never_kept(answering: EngineClient, tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        answering.fetch_media("0" * 64, tmp_path / "medium")
    assert list(tmp_path.iterdir()) == []


def test_no_engine_at_all_is_an_engine_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EngineError, match="does not answer"):
        EngineClient(f"http://127.0.0.1:{port}", "token").health()


@pytest.mark.parametrize("answering", [OK + b'\r\ndata: {"id": 1}\n\ndata: {"id'], indirect=True)
def test_an_event_stream_that_is_cut_off_ends(answering: EngineClient) -> None:
    assert list(answering.events()) == [{"id": 1}]
