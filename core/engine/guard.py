"""Who may call: this machine's own programs with the token, and never a web page."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import InputError, RefusedError, ShotwrightError, TokenError, UsageError
from .answers import error_answer

OPEN_PATH = "/v1/health"
MEDIA_PATH = "/v1/media/"  # streamed, with a limit of the media store's own
LARGEST_BODY_BYTES = 64 << 20  # a shot list of 10,000 shots is about 15 MB


class Guard:
    """Stands before the app: Host, Origin, token, size; only then is a call let in.

    A web page that the user visits can reach loopback: its browser sends an Origin, or, when it rebound a name of its
    own to 127.0.0.1, a foreign Host. `on_call` is told of every call that was let in, and of every part of its body.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: frozenset[str], on_call: Callable[[], None]) -> None:
        self._app, self._token, self._hosts, self._on_call = app, f"Bearer {token}".encode(), hosts, on_call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call, as ASGI has it."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            error, status = refusal
            headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
            await error_answer(error, status, headers)(scope, receive, send)
            return

        async def heard() -> Message:
            self._on_call()  # with every part of a body: a long upload is no idleness
            return await receive()

        self._on_call()
        await self._app(scope, heard, send)

    def _refusal(self, scope: Scope) -> tuple[ShotwrightError, int] | None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if headers.get(b"host", b"").decode("latin-1") not in self._hosts:
            return RefusedError("The engine was called by another name.", "Use the url of engine.json."), 403
        if b"origin" in headers:
            return RefusedError("Web pages can't call the engine.", "Call it from a program."), 403
        if scope["path"] == OPEN_PATH:
            return None
        if not hmac.compare_digest(headers.get(b"authorization", b""), self._token):
            return TokenError("The token is missing or wrong.", "It is in the token_file that engine.json names."), 401
        if scope["path"].startswith(MEDIA_PATH):
            return None
        if b"transfer-encoding" in headers:
            return UsageError("The request does not say its length.", "Send a Content-Length."), 411
        if int(headers.get(b"content-length", b"0")) > LARGEST_BODY_BYTES:
            return InputError("The request is too large.", f"Send at most {LARGEST_BODY_BYTES >> 20} MB."), 413
        return None
