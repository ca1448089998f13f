"""The HTTP client beneath the Telegram library: aiohttp, which takes a quarter of the processor time of its own.

Unlike the library's own it tells what certainly never reached Telegram from what may have, and no error of it
carries the address, because the token is part of that.
"""

import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import structlog
from telegram import Update
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# The library's durations are timedeltas, as they will be in its next version; without this it warns of each.
os.environ.setdefault("PTB_TIMEDELTA", "true")


log = structlog.get_logger(__name__)


class NotSent(NetworkError):  # noqa: N818 -- named as the library names its own, such as TimedOut
    """The request certainly never reached Telegram: to send it again cannot send it twice."""


_NEVER_CONNECTED = (
    aiohttp.ClientConnectorError,  # name not found, connection refused, certificate not trusted
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,  # also when all the connections were in use
)


class AiohttpRequest(BaseRequest):
    """The library's request class over an aiohttp session; the proxies of the environment are honoured.

    Time-outs are in seconds; None waits for ever. `on_success` is called after each answer with status 200.

    Its requests raise NotSent when Telegram was certainly not reached, TimedOut when no answer came in time and
    NetworkError when the connection broke: after either of these two Telegram may have done what was asked.
    """

    def __init__(
        self,
        *,
        connections: int = 16,
        pool_timeout: float | None = 5,
        connect_timeout: float | None = 5,
        write_timeout: float | None = 5,
        media_write_timeout: float | None = 20,
        read_timeout: float | None = 10,
        on_success: Callable[[], None] | None = None,
    ) -> None:
        self._connections = connections
        self._pool_timeout = pool_timeout
        self._connect_timeout = connect_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._read_timeout = read_timeout
        self._on_success = on_success
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How many seconds it waits for an answer when a call does not say."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the session, unless it is open."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
            )

    async def shutdown(self) -> None:
        """Close the session and its connections, if it is open; `initialize` opens another."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make the request; return the status and the body of the answer, whatever the status.

        Raises NotSent, TimedOut or NetworkError (see the class), and RuntimeError unless initialised.
        """
        if self._session is None:
            raise RuntimeError("this request is not initialised")
        uploads = request_data is not None and request_data.contains_files
        timeout = _timeout(
            pool=_given(pool_timeout, self._pool_timeout),
            connect=_given(connect_timeout, self._connect_timeout),
            write=_given(write_timeout, self._media_write_timeout if uploads else self._write_timeout),
            read=_given(read_timeout, self._read_timeout),
            download=method == "GET",
        )
        failure: TelegramError
        try:
            async with self._session.request(
                method, url, timeout=timeout, allow_redirects=False, proxy=_proxy(url), **_body(request_data)
            ) as answer:
                body = await answer.read()
        except _NEVER_CONNECTED as error:
            failure = NotSent(f"Telegram was not reached: {_reason(error)}")
        except TimeoutError as error:
            failure = TimedOut(f"no answer in time: {_reason(error)}")
        except (aiohttp.ClientError, OSError) as error:
            failure = NetworkError(f"the connection broke: {_reason(error)}")
        else:
            if answer.status == HTTPStatus.OK and self._on_success is not None:
                self._on_success()
            return answer.status, body
        # Raised out of the handlers, so that not even its context is an error that carries the address.
        raise failure


class PollingRequest(AiohttpRequest):
    """The request that asks for updates.

    To the library one update that it cannot read is a failure of them all: it would write the whole of them to the log
    and ask for the same ones again, at once and for ever. Here such an update arrives empty, as its number alone.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer, with what the library cannot read of its updates left out.

        Raises TelegramError unless the payload is JSON.
        """
        answer = AiohttpRequest.parse_json_payload(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [_readable(update) for update in updates]
        return answer


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update, None)
    except Exception as error:  # whatever the library stumbles over; its text may hold what people wrote
        log.error("update.unreadable", update=update["update_id"], error=type(error).__name__)
        return {"update_id": update["update_id"]}
    return update


def _given(value: Any, default: float | None) -> float | None:
    return default if value is BaseRequest.DEFAULT_NONE else value


def _sum(*seconds: float | None) -> float | None:
    """Return the sum, which is None (for ever) when any of them is."""
    known = [each for each in seconds if each is not None]
    return sum(known) if len(known) == len(seconds) else None


def _timeout(
    *, pool: float | None, connect: float | None, write: float | None, read: float | None, download: bool
) -> aiohttp.ClientTimeout:
    """Put the library's four time-outs in the terms of aiohttp.

    Its `connect` covers the wait for a free connection too, and it has none for writing: there only the whole is
    bounded, except in a download, which may last as long as it advances.
    """
    return aiohttp.ClientTimeout(
        total=None if download else _sum(pool, connect, write, read),
        connect=_sum(pool, connect),
        sock_connect=connect,
        sock_read=read,
    )


def _proxy(url: str) -> str | None:
    """Return the environment's proxy for `url`.

    aiohttp's `trust_env` would do it at three times the cost of the request: it reads `.netrc` at each.
    """
    address = urlsplit(url)
    return None if proxy_bypass(address.hostname or "") else getproxies().get(address.scheme)


def _body(request_data: RequestData | None) -> dict[str, Any]:
    """Return the arguments that make aiohttp send `request_data`."""
    if request_data is None:
        return {}
    if not request_data.contains_files:
        return {
            "data": request_data.url_encoded_parameters().encode(),
            "headers": {"Content-Type": "application/x-www-form-urlencoded"},
        }
    # Quoted, a file called "acta 1.docx" would arrive as "acta%201.docx".
    form = aiohttp.FormData(request_data.json_parameters, quote_fields=False)
    for name, (filename, content, mimetype) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mimetype)
    return {"data": form}


def _reason(error: BaseException) -> str:
    """Return what may be told of `error`: its own text can carry the address, and with it the token."""
    cause = getattr(error, "os_error", error)
    detail = getattr(cause, "strerror", None)
    return f"{type(error).__name__} ({detail})" if detail else type(error).__name__
