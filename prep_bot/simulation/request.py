"""The Telegram library's HTTP client, as seen by the library, over a Telegram in the same process."""

import re
from typing import Any
from urllib.parse import unquote

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from prep_bot.simulation.api import Upload
from prep_bot.simulation.faults import ConnectionRefused, NoAnswer
from prep_bot.simulation.telegram import SimulatedTelegram
from prep_bot.transport import NotSent

_URL = re.compile(r".*/bot(?P<token>[^/]+)/(?P<rest>.+)")


class SimulatedRequest(BaseRequest):
    """A client of the simulated Telegram. It takes any base URL of the library's form, ending in `/bot`."""

    def __init__(self, telegram: SimulatedTelegram) -> None:
        self._telegram = telegram

    @property
    def read_timeout(self) -> float | None:
        """The time to wait for an answer: an injected time-out comes at once."""
        return None

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *_timeouts: Any,
        **_named_timeouts: Any,
    ) -> tuple[int, bytes]:
        """Return the HTTP status and body of one call or download.

        Raises NotSent where nobody listens, TimedOut where no answer comes.
        """
        if (address := _URL.fullmatch(unquote(url))) is None:
            raise NetworkError("that is no address of a Bot API server")
        if method == "GET":
            file = self._telegram.download(address["token"], address["rest"])
            return file.status, file.body
        raw = request_data.json_parameters if request_data else {}
        try:
            answer = await self._telegram.call(address["token"], address["rest"], raw, _uploads(request_data))
        except NoAnswer as lost:
            if isinstance(lost.fault, ConnectionRefused):
                raise NotSent("connection refused") from None
            raise TimedOut from None
        return answer.status, answer.body


def _uploads(request_data: RequestData | None) -> dict[str, Upload]:
    if request_data is None or not request_data.contains_files:
        return {}
    return {
        name: Upload(file_name, content if isinstance(content, bytes) else content.read(), mime_type)
        for name, (file_name, content, mime_type) in request_data.multipart_data.items()
    }
