"""Streams of events: heartbeats, slow listeners, too many of them, the end."""

import asyncio

import pytest
from shotwright.core.engine.events import MOST_LISTENERS, EventHub
from shotwright.core.errors import StateError
from shotwright.core.protocol import JobEvent


def _event(number: int) -> JobEvent:
    return JobEvent(str(number), "running", 0.5, preview="picture")


def test_a_silent_stream_has_heartbeats_and_ends_with_the_hub() -> None:
    async def listen() -> list[JobEvent | None]:
        hub = EventHub(heartbeat_seconds=0.02)
        stream = hub.listen()
        heard = [await anext(stream), await anext(stream)]
        hub.send(_event(1))
        heard.append(await anext(stream))
        hub.close()
        heard += [event async for event in stream]
        assert hub.listeners == 0
        return heard

    assert asyncio.run(listen()) == [None, None, _event(1)]


def test_who_is_slow_loses_pictures_but_no_event() -> None:
    async def listen() -> list[JobEvent | None]:
        hub = EventHub()
        stream = hub.listen()
        await anext(stream)
        for number in range(30):
            hub.send(_event(number))
        hub.close()
        return [event async for event in stream]

    heard = [event for event in asyncio.run(listen()) if event is not None]
    assert [event.id for event in heard] == [str(number) for number in range(30)]
    assert heard[0].preview
    assert heard[-1].preview is None


def test_only_so_many_may_listen() -> None:
    async def listen() -> None:
        hub = EventHub()
        streams = [hub.listen() for _ in range(MOST_LISTENERS)]
        for stream in streams:
            await anext(stream)
        with pytest.raises(StateError):
            hub.listen()
        await streams[0].aclose()  # type: ignore[attr-defined]
        assert hub.listeners == MOST_LISTENERS - 1
        hub.listen()

    asyncio.run(listen())
