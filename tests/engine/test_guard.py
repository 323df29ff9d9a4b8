"""The guard alone: a long upload counts as activity for as long as it sends."""

import asyncio
from typing import Any

from shotwright.core.engine.guard import Guard


def test_every_part_of_a_body_is_activity() -> None:
    parts = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)]
    calls: list[int] = []
    heard: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while True:
            heard.append(await receive())
            if not heard[-1]["more_body"]:
                return

    async def receive() -> Any:
        return parts[len(heard)]

    async def send(message: Any) -> None:
        raise AssertionError(message)

    guard = Guard(app, "secret", frozenset({"127.0.0.1:1"}), lambda: calls.append(len(heard)))
    headers = [(b"host", b"127.0.0.1:1"), (b"authorization", b"Bearer secret")]
    scope = {"type": "http", "method": "PUT", "path": "/v1/media/x", "headers": headers}
    asyncio.run(guard(scope, receive, send))
    assert heard == parts
    assert calls == [0, 0, 1, 2]
