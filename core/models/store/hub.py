"""What the Hugging Face hub says of a repository. The connection, proxies and tokens are its own library's.

The hub's address is `HF_ENDPOINT`'s, a token for gated models `HF_TOKEN`'s. Facts read in huggingface_hub 2.4.0
(`hf_api.model_info`, `file_download`, `utils/_http`): a file in Git LFS has the SHA-256 of its bytes, any other the
SHA-1 that Git gives a blob; `X-Error-Code` tells a missing repository from a gated one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ... import __version__
from ...errors import NetworkError, NotFoundError, RefusedError, ShotwrightError

OFFLINE = ("SHOTWRIGHT_OFFLINE", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
_ENDPOINT = "https://huggingface.co"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SECONDS_TO_ANSWER = 30.0
_TRIES_AGAIN = 2  # where the hub is overloaded or broken for the moment
_BUSY = (408, 429, 500, 502, 503, 504)
_NO_SUCH_RANGE = 416
_BAD_TOKEN = "Invalid credentials in Authorization header"
_LARGEST_ANSWER = 32 << 20


@dataclass(frozen=True)
class HubFile:
    """A file of a repository: its path there, its size in bytes, and the one of the two hashes that the hub knows."""

    path: str
    size: int
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True)
class Repository:
    """A repository at one commit. `licence` is the card's name of it, `licence_link` where its text is, if told."""

    name: str
    commit: str
    files: tuple[HubFile, ...]
    licence: str
    licence_link: str


def is_repository(words: str) -> bool:
    """Whether words are a repository's name, `owner/name`."""
    return bool(_REPOSITORY.fullmatch(words))


def refuse_offline() -> None:
    """Raises RefusedError where the user wants the network untouched."""
    for name in OFFLINE:
        if os.environ.get(name, "").upper() in ("1", "ON", "YES", "TRUE"):
            raise RefusedError("Nothing is fetched: Shotwright is set to stay offline.", f"Unset {name} to allow it.")


def page_of(repository: str) -> str:
    """The page on which people read of a repository, and accept its terms."""
    return f"{_endpoint()}/{repository}"


def describe(repository: str, revision: str) -> Repository:
    """A repository's commit, files and licence; raises as `asking`, NotFoundError for no such repository."""
    url = f"{_endpoint()}/api/models/{repository}/revision/{quote(revision, safe='')}"
    try:
        told = json.loads(read_whole(url, repository, {"blobs": "true"}))
        card = told.get("cardData") or {}
        found = Repository(
            repository,
            told["sha"],
            tuple(_file(row) for row in told["siblings"]),
            str(card.get("license_name") or card.get("license") or ""),
            str(card.get("license_link") or ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _no_hub(url) from None
    if not _COMMIT.fullmatch(str(found.commit)):
        raise _no_hub(url)
    return found


def file_url(repository: str, commit: str, path: str) -> str:
    """Where a file's bytes are; large ones lie elsewhere, the hub says where."""
    from huggingface_hub import hf_hub_url

    return str(hf_hub_url(repository, path, revision=commit, endpoint=_endpoint()))


def read_whole(url: str, repository: str, params: Mapping[str, str] | None = None) -> bytes:
    """The bytes of an answer that is small; raises as `asking`."""
    import httpx2

    try:
        with asking(url, repository, params) as answer:
            read = bytearray()
            for block in answer.iter_bytes():
                read += block
                if len(read) > _LARGEST_ANSWER:
                    raise _no_hub(url)
            return bytes(read)
    except (httpx2.RequestError, httpx2.InvalidURL) as error:
        raise unreachable(error) from None


@contextmanager
def asking(
    url: str, repository: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[Any]:
    """The hub's answer to a GET, opened as a stream (`httpx2.Response`); one that refuses is raised as a sentence.

    Raises RefusedError (offline, gated), NotFoundError, NetworkError (the hub is at fault), and `httpx2.RequestError`
    for what the connection does, now or while the answer is read.
    """
    refuse_offline()
    from huggingface_hub import get_token
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import http_stream_backoff, logging  # type: ignore[attr-defined]

    logging.set_verbosity_error()  # type: ignore[no-untyped-call] # what it tells of each try, we tell once and in a sentence
    token = get_token()
    sent = {"user-agent": f"shotwright/{__version__}", "accept-encoding": "identity", **(headers or {})}
    if token:
        sent["authorization"] = f"Bearer {token}"  # the client drops it where another server is pointed to
    try:
        with http_stream_backoff(
            "GET",
            url,
            headers=sent,
            params=params,
            timeout=_SECONDS_TO_ANSWER,
            max_retries=_TRIES_AGAIN,
            retry_on_exceptions=(),
            retry_on_status_codes=_BUSY,
        ) as answer:
            if answer.status_code >= 400 and answer.status_code != _NO_SUCH_RANGE:
                raise _refusal(answer, repository)
            yield answer
    except HfHubHTTPError as error:
        raise _refusal(error.response, repository) from None


def unreachable(error: Exception) -> NetworkError:
    """The sentence for what a connection did (`httpx2.RequestError`)."""
    return NetworkError(
        f"{_endpoint()} can't be reached: {str(error)[:150] or type(error).__name__}.",
        "Check the network, then run the same command again: it goes on where it stopped.",
    )


def _endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or _ENDPOINT).rstrip("/")


def _file(row: Mapping[str, Any]) -> HubFile:
    large = row.get("lfs") or {}
    sha256 = str(large["sha256"]) if large else ""
    return HubFile(str(row["rfilename"]), int(row["size"]), sha256, "" if sha256 else str(row["blobId"]))


def _no_hub(url: str) -> NetworkError:
    return NetworkError(
        f"{url[:120]} does not answer as the Hugging Face hub does.", "Check HF_ENDPOINT, and any proxy."
    )


def _refusal(answer: Any, repository: str) -> ShotwrightError:
    status, code = answer.status_code, answer.headers.get("X-Error-Code", "")
    if code == "GatedRepo":
        return RefusedError(
            f"{repository} is gated: its makers let in only those who accepted their terms.",
            f"Accept them at {page_of(repository)}, set HF_TOKEN to a token of your account, and run this again.",
        )
    if code == "RevisionNotFound":
        return NotFoundError(
            f"{repository} no longer has the revision that is wanted.",
            "Forget what came of it (shotwright models rm NAME), then get it by its repository's name: owner/name.",
        )
    if code == "EntryNotFound":
        return NotFoundError(f"{repository} lacks a file that it lists.", "Try again later, or tell its makers.")
    if status == 401 and answer.headers.get("X-Error-Message") == _BAD_TOKEN:
        return RefusedError("The hub does not accept your token.", "Set HF_TOKEN to a valid one, or unset it.")
    if status in (401, 404) or code == "RepoNotFound":
        return NotFoundError(
            f"There is no repository {repository}, or it is private.",
            "Check its name; for a private one set HF_TOKEN to a token of an account that may read it.",
        )
    if status == 403:
        return RefusedError(
            f"The hub does not let you have {repository}.", f"See {page_of(repository)}, or use a token that may."
        )
    return NetworkError(f"The hub answered with error {status}.", "Try again in a while: it goes on where it stopped.")
