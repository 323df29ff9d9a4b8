"""The part of the Hugging Face hub's HTTP that fetching a model uses, served on loopback by two real servers.

As strict as the real one, as its clients' sources tell of it (huggingface_hub 2.4.0):
`hf_api.HfApi.model_info` (the path, `blobs`), `hf_api.RepoSibling` and `BlobLfsInfo` (a file's size, `blobId`, `lfs`),
`file_download.hf_hub_url` (where files are), `file_download.get_hf_file_metadata` and the comments of
`utils/_http._httpx2_follow_hub_redirects_with_backoff` (large files lie on another host, at a signed address that the
token must not be sent to; small ones behind a relative redirect), `utils/_http.hf_raise_for_status` (status,
`X-Error-Code` and `X-Error-Message` of each refusal), `file_download.http_get` (ranges; that some servers ignore them).
What the real one would not serve is refused, and stands in `Hub.refused`, so that a test fails by it.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

TOKEN, STRANGERS_TOKEN = "hf_granted", "hf_not_granted"
_API = re.compile(r"/api/models/([\w.-]+/[\w.-]+)/revision/([^/]+)")
_RESOLVE = re.compile(r"/([\w.-]+/[\w.-]+)/resolve/([^/]+)/(.+)")
_CACHE = re.compile(r"/api/resolve-cache/models/([\w.-]+/[\w.-]+)/([0-9a-f]{40})/(.+)")
_RANGE = re.compile(r"bytes=(\d+)-")
_LARGE = (".safetensors", ".model")  # what .gitattributes has in LFS
_BLOCK = 4096


@dataclass
class Repo:
    """A repository: its files at one commit, what its card says, and who may have it."""

    files: dict[str, bytes]
    commit: str
    card: dict[str, str] = field(default_factory=lambda: {"license": "apache-2.0"})
    gated: bool = False
    private: bool = False


@dataclass
class Hub:
    """The servers' content, what they are to do wrong, and what was asked of them.

    `cuts` are bytes after which the connection breaks, one for each answer of that file in turn; `corrupt` files come
    with a wrong byte; `short` ones end early as if that were all; `statuses` are answered instead, for paths in turn.
    """

    endpoint: str = ""
    repos: dict[str, Repo] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    corrupt: set[str] = field(default_factory=set)
    corrupt_once: set[str] = field(default_factory=set)
    short: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)
    declared: dict[str, int] = field(default_factory=dict)
    ignores_range: bool = False
    pace_seconds: float = 0.0
    served: list[tuple[str, int]] = field(default_factory=list)  # (file, from which byte)
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def publish(self, name: str, folder: Path, **facts: Any) -> Repo:
        """A repository with the files of a folder."""
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        told = hashlib.sha1(b"".join(sorted(hashlib.sha1(data).digest() for data in files.values())))
        self.repos[name] = Repo(**{"files": files, "commit": told.hexdigest(), **facts})
        return self.repos[name]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, status: int, code: str = "", message: str = "") -> None:
        headers = {"X-Error-Code": code} if code else {}
        if message:
            headers["X-Error-Message"] = message
        body = json.dumps({"error": message or code}).encode()
        self.answer(status, body, Content_Type="application/json; charset=utf-8", **headers)

    def never(self, why: str) -> None:
        """For what no client of the real one may ask."""
        self.hub.refused.append(f"{self.path}: {why}")
        self.refuse(400, message=why)

    def send(self, name: str, data: bytes, **headers: str) -> None:
        """A file's bytes, from where they are asked for on, with the faults that are set."""
        hub, start, status = self.hub, 0, 200
        wanted = self.headers.get("Range")
        if wanted is not None and not hub.ignores_range:
            found = _RANGE.fullmatch(wanted)
            if found is None:
                return self.never(f"the range {wanted}")
            start, status = int(found[1]), 206
            if start >= len(data):
                return self.answer(416, Content_Range=f"bytes */{len(data)}")
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        hub.served.append((name, start))
        if name in hub.corrupt or name in hub.corrupt_once:
            hub.corrupt_once.discard(name)
            data = data[:-1] + bytes([data[-1] ^ 1])
        if name in hub.short:
            data = data[: hub.short[name]]
        body = data[start:]
        cut = hub.cuts[name].pop(0) if hub.cuts.get(name) else None
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), "Accept-Ranges": "bytes", **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        for at in range(0, len(body), _BLOCK):
            block = body[at : at + _BLOCK]
            if cut is not None and at + len(block) >= cut:
                self.wfile.write(block[: max(0, cut - at)])
                self.wfile.flush()
                self.connection.close()
                self.close_connection = True
                return None
            self.wfile.write(block)
            time.sleep(hub.pace_seconds)
        return None


class _HubHandler(_Handler):
    cdn: str

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.hub.asked.append(address.path)
        if not self.headers.get("User-Agent"):
            return self.never("no user agent")
        if self.hub.statuses.get(address.path):
            return self.refuse(self.hub.statuses[address.path].pop(0))
        if found := _API.fullmatch(address.path):
            return self._describe(found[1], unquote(found[2]), parse_qs(address.query))
        if found := _RESOLVE.fullmatch(address.path):
            return self._resolve(found[1], unquote(found[2]), unquote(found[3]), address.query)
        if found := _CACHE.fullmatch(address.path):
            repo = self.hub.repos[found[1]]
            return self.send(unquote(found[3]), repo.files[unquote(found[3])], ETag=_etag(unquote(found[3]), repo))
        return self.never("no such address")

    def _repo(self, name: str, revision: str) -> Repo | None:
        """The repository, where this client may know of it at that revision; else it has been answered."""
        token, repo = self.headers.get("Authorization", "").removeprefix("Bearer "), self.hub.repos.get(name)
        if token not in ("", TOKEN, STRANGERS_TOKEN):
            self.refuse(401, message="Invalid credentials in Authorization header")
        elif repo is None or (repo.private and token != TOKEN):
            if token:
                self.refuse(404, "RepoNotFound", "Repository not found")
            else:  # whether it exists is not told to strangers
                self.refuse(401, message="Invalid username or password.")
        elif revision not in ("main", repo.commit):
            self.refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        else:
            return repo
        return None

    def _describe(self, name: str, revision: str, query: dict[str, list[str]]) -> None:
        if query != {"blobs": ["true"]}:
            return self.never(f"the parameters {query}")
        repo = self._repo(name, revision)
        if repo is None:
            return None
        rows = []
        for path, data in repo.files.items():
            size = self.hub.declared.get(path, len(data))
            row: dict[str, Any] = {"rfilename": path, "size": size, "blobId": _blob(data)}
            if path.endswith(_LARGE):
                row["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": size, "pointerSize": 134}
            rows.append(row)
        told = {
            "_id": "0" * 24,
            "id": name,
            "modelId": name,
            "private": repo.private,
            "gated": "auto" if repo.gated else False,
            "disabled": False,
            "sha": repo.commit,
            "tags": [],
            "cardData": repo.card,
            "siblings": rows,
        }
        return self.answer(200, json.dumps(told).encode(), Content_Type="application/json; charset=utf-8")

    def _resolve(self, name: str, revision: str, path: str, query: str) -> None:
        if query:
            return self.never(f"the parameters {query}")
        repo = self._repo(name, revision)
        if repo is None:
            return None
        if repo.gated and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            known = "Authorization" in self.headers
            return self.refuse(403 if known else 401, "GatedRepo", f"Access to model {name} is restricted.")
        if path not in repo.files:
            return self.refuse(404, "EntryNotFound", "Entry not found")
        told = {"X-Repo-Commit": repo.commit, "Content-Type": "text/plain; charset=utf-8"}
        if not path.endswith(_LARGE):
            place = f"/api/resolve-cache/models/{name}/{repo.commit}/{quote(path)}"
            return self.answer(307, Location=place, **told)
        key = hashlib.sha256(repo.files[path]).hexdigest()
        linked = {"X-Linked-Etag": f'"{key}"', "X-Linked-Size": str(len(repo.files[path]))}
        place = f"{self.cdn}/repos/{name}/{key}?path={quote(path, safe='')}&Expires=1893456000&Signature=signed"
        return self.answer(302, Location=place, **linked, **told)


class _CdnHandler(_Handler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = parse_qs(address.query)
        if "Authorization" in self.headers:
            return self.never("a token was sent to another host")
        if query.get("Signature") != ["signed"]:
            return self.never("an address without its signature")
        _, _, owner, name, key = address.path.split("/")
        path = query["path"][0]
        return self.send(path, self.hub.repos[f"{owner}/{name}"].files[path], ETag=f'"{key}"')


def _blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def _etag(path: str, repo: Repo) -> str:
    return f'"{_blob(repo.files[path])}"'


@contextmanager
def serving() -> Iterator[Hub]:
    """A hub and the host of its large files, until the block ends."""
    hub = Hub()
    cdn = ThreadingHTTPServer(("127.0.0.1", 0), type("Cdn", (_CdnHandler,), {"hub": hub}))
    told = {"hub": hub, "cdn": f"http://127.0.0.1:{cdn.server_port}"}
    front = ThreadingHTTPServer(("127.0.0.1", 0), type("Front", (_HubHandler,), told))
    hub.endpoint = f"http://127.0.0.1:{front.server_port}"
    servers = (front, cdn)
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
