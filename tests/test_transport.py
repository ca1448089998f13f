"""The HTTP client against a real server on this machine: what it sends, and what it makes of what comes back."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import telegram
from aiohttp import web
from structlog.testing import capture_logs
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from prep_bot.transport import AiohttpRequest, NotSent, PollingRequest

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"
SENT = {"ok": True, "result": {"message_id": 7, "date": 1636650000, "chat": {"id": 5, "type": "private"}}}

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _read(value: Any) -> Any:
    """Return what a field of a form holds: of a file its name, its type and its content."""
    return (value.filename, value.content_type, value.file.read()) if isinstance(value, web.FileField) else value


class Server:
    """A Bot API server of one behaviour, which a test sets, on a port of its own."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = self.accept
        self.seen: list[tuple[web.Request, dict[str, Any]]] = []
        self.entered = asyncio.Event()
        self.released = asyncio.Event()
        self.url = ""

    def bot(self, request: AiohttpRequest) -> telegram.Bot:
        return telegram.Bot(TOKEN, base_url=self.url.split(TOKEN)[0], request=request)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.entered.set()
        form = {name: _read(value) for name, value in (await request.post()).items()}
        self.seen.append((request, form))
        return await self.behaviour(request)

    async def accept(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(SENT)

    async def hang(self, _: web.Request) -> web.StreamResponse:
        await self.released.wait()
        return web.json_response(SENT)

    async def break_off(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def stop_half_way(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"{")
        return await self.break_off(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot{TOKEN}/sendMessage"
    yield server
    server.released.set()
    await runner.cleanup()


def failure_tells_nothing(error: BaseException) -> bool:
    """Whether neither the error, nor its traceback, nor any error behind it carries the token."""
    seen: list[str] = [str(error), repr(error), "".join(traceback.format_exception(error))]
    behind = [error.__cause__, error.__context__]
    return behind == [None, None] and not any(TOKEN in each for each in seen)


async def test_the_parameters_arrive_as_a_form(server: Server) -> None:
    async with AiohttpRequest() as request:
        sent = await server.bot(request).send_message(5, "Sesión <b>ñ</b> & más", disable_notification=True)
    assert sent.message_id == 7
    [(seen, form)] = server.seen
    assert form == {"chat_id": "5", "text": "Sesión <b>ñ</b> & más", "disable_notification": "true"}
    assert seen.method == "POST"
    assert seen.path == f"/bot{TOKEN}/sendMessage"
    assert seen.headers["User-Agent"] == AiohttpRequest.USER_AGENT


async def test_a_request_without_parameters(server: Server) -> None:
    async with AiohttpRequest() as request:
        await request.post(server.url)
    assert server.seen[0][1] == {}


@pytest.mark.parametrize("whole", [True, False], ids=["bytes", "open file"])
async def test_a_file_arrives_with_its_name_to_the_letter(server: Server, whole: bool) -> None:
    acta = telegram.InputFile(BytesIO(b"%PDF-1.7"), filename="Acta «1» sesión.pdf", read_file_handle=whole)
    async with AiohttpRequest() as request:
        await server.bot(request).send_document(5, acta, caption="El acta")
    [(_, form)] = server.seen
    assert form == {
        "chat_id": "5",
        "caption": "El acta",
        "document": ("Acta «1» sesión.pdf", "application/pdf", b"%PDF-1.7"),
    }


async def test_a_file_is_fetched(server: Server) -> None:
    async def give(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"\x00\xff")

    server.behaviour = give
    async with AiohttpRequest() as request:
        assert await request.retrieve(server.url) == b"\x00\xff"
    assert server.seen[0][0].method == "GET"


async def test_the_answer_to_a_refused_request_reaches_the_library(server: Server) -> None:
    async def refuse(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": False, "description": "Bad Request: chat not found"}, status=400)

    server.behaviour = refuse
    async with AiohttpRequest() as request:
        with pytest.raises(BadRequest, match="Chat not found"):
            await request.post(server.url)


async def test_how_long_to_wait_reaches_the_library_as_a_duration(server: Server) -> None:
    async def too_many(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": False, "parameters": {"retry_after": 31}}, status=429)

    server.behaviour = too_many
    async with AiohttpRequest() as request:
        with pytest.raises(RetryAfter) as caught:
            await request.post(server.url)
    assert caught.value.retry_after == timedelta(seconds=31)


async def test_a_redirection_is_not_followed(server: Server) -> None:
    async def elsewhere(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("http://127.0.0.1:1/")

    server.behaviour = elsewhere
    async with AiohttpRequest() as request:
        code, _ = await request.do_request(server.url, "POST")
    assert code == 307


async def test_success_is_told_only_of_status_200(server: Server) -> None:
    beats: list[str] = []

    async def unavailable(request: web.Request) -> web.StreamResponse:
        return web.Response(status=502)

    async with AiohttpRequest(on_success=lambda: beats.append("beat")) as request:
        server.behaviour = unavailable
        await request.do_request(server.url, "POST")
        assert beats == []
        server.behaviour = server.accept
        await request.do_request(server.url, "POST")
    assert beats == ["beat"]


async def test_a_late_answer_may_have_been_delivered(server: Server) -> None:
    server.behaviour = server.hang
    async with asyncio.timeout(5), AiohttpRequest(read_timeout=0.02) as request:
        with pytest.raises(TimedOut) as caught:
            await request.post(server.url)
    assert failure_tells_nothing(caught.value)


async def test_a_time_out_given_with_the_call_wins(server: Server) -> None:
    server.behaviour = server.hang
    async with asyncio.timeout(5), AiohttpRequest(read_timeout=None) as request:
        with pytest.raises(TimedOut):
            await request.post(server.url, read_timeout=0.02)


async def _send_text(bot: telegram.Bot) -> None:
    await bot.send_message(5, "Hola")


async def _send_file(bot: telegram.Bot) -> None:
    await bot.send_document(5, b"x")


@pytest.mark.parametrize(
    ("send", "write_timeout", "media_write_timeout"), [(_send_text, 0.02, None), (_send_file, None, 0.02)]
)
async def test_an_upload_is_given_the_time_of_media(
    server: Server,
    send: Callable[[telegram.Bot], Awaitable[None]],
    write_timeout: float | None,
    media_write_timeout: float | None,
) -> None:
    server.behaviour = server.hang
    request = AiohttpRequest(
        pool_timeout=0,
        connect_timeout=0,
        read_timeout=0,
        write_timeout=write_timeout,
        media_write_timeout=media_write_timeout,
    )
    async with asyncio.timeout(5), request:
        with pytest.raises(TimedOut):
            await send(server.bot(request))


@pytest.mark.parametrize("behaviour", [Server.break_off, Server.stop_half_way])
async def test_a_broken_connection_may_have_delivered(
    server: Server, behaviour: Callable[[Server, web.Request], Awaitable[web.StreamResponse]]
) -> None:
    server.behaviour = lambda request: behaviour(server, request)
    async with AiohttpRequest() as request:
        with pytest.raises(NetworkError) as caught:
            await request.post(server.url)
    assert type(caught.value) is NetworkError
    assert failure_tells_nothing(caught.value)
    assert len(server.seen) == 1, "it must not be sent again"


async def test_a_refused_connection_is_not_sent(unused_tcp_port: int) -> None:
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent, match="ClientConnectorError") as caught:
            await request.post(f"http://127.0.0.1:{unused_tcp_port}/bot{TOKEN}/sendMessage")
    assert failure_tells_nothing(caught.value)


async def test_a_name_that_is_not_found_is_not_sent() -> None:
    impossible = ".".join(["a" * 60] * 5)
    async with AiohttpRequest() as request:
        with pytest.raises(NotSent, match="DNS") as caught:
            await request.post(f"http://{impossible}/bot{TOKEN}/sendMessage")
    assert failure_tells_nothing(caught.value)


async def test_a_connection_that_is_never_made_is_not_sent() -> None:
    released = asyncio.Event()

    async def never_shake_hands(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await released.wait()
        writer.close()

    mute = await asyncio.start_server(never_shake_hands, "127.0.0.1", 0)
    port = mute.sockets[0].getsockname()[1]
    async with mute, asyncio.timeout(5), AiohttpRequest(pool_timeout=None, connect_timeout=0.02) as request:
        with pytest.raises(NotSent, match="ConnectionTimeoutError") as caught:
            await request.post(f"https://127.0.0.1:{port}/bot{TOKEN}/sendMessage")
        released.set()
    assert failure_tells_nothing(caught.value)


async def test_without_a_free_connection_it_is_not_sent(server: Server) -> None:
    server.behaviour = server.hang
    async with AiohttpRequest(connections=1) as request:
        first = asyncio.ensure_future(request.post(server.url))
        await server.entered.wait()
        with pytest.raises(NotSent):
            await request.post(server.url, pool_timeout=0.01, connect_timeout=0.01)
        server.released.set()
        assert await first == SENT["result"]
    assert len(server.seen) == 1


async def test_the_proxy_of_the_environment_is_honoured(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url.split("/bot")[0])
    async with AiohttpRequest() as request:
        await request.post(f"http://telegram.invalid/bot{TOKEN}/sendMessage")
        monkeypatch.setenv("no_proxy", "telegram.invalid")
        with pytest.raises(NotSent):
            await request.post(f"http://telegram.invalid/bot{TOKEN}/sendMessage", connect_timeout=1)
    assert [seen.host for seen, _ in server.seen] == ["telegram.invalid"]


async def test_it_opens_again_after_a_shutdown(server: Server) -> None:
    request = AiohttpRequest()
    with pytest.raises(RuntimeError, match="not initialised"):
        await request.do_request(server.url, "POST")
    await request.shutdown()
    for _ in range(2):
        await request.initialize()
        await request.initialize()
        assert await request.post(server.url) == SENT["result"]
        await request.shutdown()
    assert request.read_timeout == 10


async def test_an_update_that_cannot_be_read_arrives_empty_and_the_others_whole(server: Server) -> None:
    chat = {"id": 5, "type": "private"}
    unreadable = {"update_id": 8, "message": {"message_id": 1, "chat": chat, "text": "En secreto"}}  # it has no date
    readable = {"update_id": 9, "message": SENT["result"], "of_tomorrow": {"text": "En secreto"}}

    async def give(_: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": [unreadable, readable]})

    server.behaviour = give
    with capture_logs() as entries:
        async with PollingRequest() as request, AiohttpRequest() as other:
            bot = telegram.Bot(TOKEN, base_url=server.url.split(TOKEN)[0], request=other, get_updates_request=request)
            empty, whole = await bot.get_updates()
    assert (empty.update_id, empty.effective_message) == (8, None)
    assert whole.message is not None
    assert (whole.update_id, whole.message.message_id) == (9, 7)
    assert entries == [{"event": "update.unreadable", "log_level": "error", "update": 8, "error": "KeyError"}]
