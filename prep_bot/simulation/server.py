"""The simulated Telegram behind a local HTTP port, for programs that run on their own."""

import asyncio
import json
from dataclasses import dataclass
from typing import NoReturn

from aiohttp import web
from aiohttp.web_request import FileField

from prep_bot.simulation.api import Answer, ApiError, Upload
from prep_bot.simulation.faults import ConnectionRefused, NoAnswer
from prep_bot.simulation.telegram import SimulatedTelegram

_LARGEST_CALL = 50 * 1024 * 1024
_PATIENCE = 0.01  # seconds that a call under way is given when the server closes; aiohttp takes 0 for ever


@dataclass(frozen=True)
class RunningServer:
    """A server that listens; its addresses have the Telegram library's form."""

    base_url: str
    base_file_url: str
    _runner: web.AppRunner

    async def close(self) -> None:
        """Stop listening, and end the calls that still wait for an answer."""
        await self._runner.cleanup()


async def serve(telegram: SimulatedTelegram, host: str = "127.0.0.1", port: int = 0) -> RunningServer:
    """Serve the simulated Telegram at the host and port; port 0 means any that is free.

    An injected time-out holds the call until the client gives up; a refused connection is cut without an answer, which
    a client cannot tell from one that broke in the middle. Raises OSError when the port is taken.
    """

    async def call(request: web.Request) -> web.StreamResponse:
        try:
            raw, files = await _read(request)
        except ValueError:
            return _response(Answer.refused(ApiError(400, "Bad Request: can't parse the request")))
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            return _response(await telegram.call(token, method, raw, files))
        except NoAnswer as lost:
            if isinstance(lost.fault, ConnectionRefused) and request.transport:
                request.transport.abort()
            return await _never()

    async def download(request: web.Request) -> web.StreamResponse:
        answer = telegram.download(request.match_info["token"], request.match_info["path"])
        return web.Response(status=answer.status, body=answer.body)

    app = web.Application(client_max_size=_LARGEST_CALL)
    app.router.add_route("*", "/bot{token}/{method}", call)
    app.router.add_route("GET", "/file/bot{token}/{path:.+}", download)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=_PATIENCE, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    base = f"http://{host}:{runner.addresses[0][1]}"
    return RunningServer(f"{base}/bot", f"{base}/file/bot", runner)


async def _never() -> NoReturn:
    """Wait until the client leaves or the server closes: either cancels the call."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, content_type="application/json")


async def _read(request: web.Request) -> tuple[dict[str, str], dict[str, Upload]]:
    """Return the parameters and files of a call in any of the forms that the Bot API takes."""
    raw = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise ValueError("the body must be an object")
        raw |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    else:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[name] = Upload(value.filename, value.file.read(), value.content_type)
            elif isinstance(value, str):
                raw[name] = value
    return raw, files
