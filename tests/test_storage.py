import contextlib
import errno
from pathlib import Path

import pytest
from shotwright.core.errors import EngineError, ShotwrightError, StorageError, TokenError, from_json, storage_error
from shotwright.core.storage import replace_file, replacing, sha256_of


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "edit.otio"
    replace_file(path, "first")
    with contextlib.suppress(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "first"
    assert [found.name for found in tmp_path.iterdir()] == ["edit.otio"]


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError):
        replace_file(blocked / "below", "x")
    told = storage_error(OSError(errno.ENOSPC, "No space left"), "writing the reel")
    assert "full" in told.message
    assert "writing the reel" in told.message


def test_errors_cross_the_wire_as_themselves() -> None:
    error = from_json(TokenError("The token is wrong.", "Start again.").to_json())
    assert isinstance(error, TokenError)
    assert isinstance(error, EngineError)
    assert from_json({"kind": "unheard of", "message": "m"}).__class__ is ShotwrightError


def test_hashes_read_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
