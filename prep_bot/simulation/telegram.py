"""A simulated Telegram: the people's side, and the bot's beneath its HTTP client."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from prep_bot.clock import Clock
from prep_bot.simulation.api import Answer, ApiError, Json, Params, Upload
from prep_bot.simulation.faults import (
    ConnectionRefused,
    Fault,
    Faults,
    FloodWait,
    MalformedBody,
    NoAnswer,
    ServerError,
    TimeOut,
)
from prep_bot.simulation.limits import FloodControl, too_many_requests
from prep_bot.simulation.markup import escaped
from prep_bot.simulation.messages import LogEntry, SimulatedMessage
from prep_bot.simulation.methods import Methods
from prep_bot.simulation.people import SimulatedBot, SimulatedChat
from prep_bot.simulation.scene import Impossible, NoSuchButton, Scene

__all__ = ["Impossible", "NoSuchButton", "SimulatedTelegram"]

_NO_FILES: Mapping[str, Upload] = MappingProxyType({})

# The calls whose effect people notice: these go to the log.
_NOTICED = {
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
    "pinChatMessage",
    "answerCallbackQuery",
}


class SimulatedTelegram(Scene):
    """Telegram in one process: deterministic, by the given clock, and as strict as the real one.

    The limits are on the messages that the bot sends in any one second or minute of the clock.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        bot_username: str = "prep_prueba_bot",
        token: str = "123456:SIMULATED",  # noqa: S107 -- it opens nothing
        overall_per_second: int = 30,
        per_chat_per_second: int = 1,
        per_group_per_minute: int = 20,
    ) -> None:
        super().__init__(clock, SimulatedBot(int(token.partition(":")[0]), bot_username))
        self.token = token
        self._faults = Faults()
        flood = FloodControl(
            overall_per_second=overall_per_second,
            per_chat_per_second=per_chat_per_second,
            per_group_per_minute=per_group_per_minute,
        )
        self._methods = Methods(self._store, self._updates, flood, clock)

    def fail_next(self, method: str | None, fault: Fault, times: int = 1, chat: SimulatedChat | None = None) -> None:
        """Let the next calls of the method fail so; None means of any method, and no chat means to any."""
        self._faults.plan(method, fault, times, None if chat is None else chat.id)

    def recover(self) -> None:
        """Let nothing fail any more."""
        self._faults.clear()

    def update(self, kind: str, payload: Json) -> None:
        """Let Telegram tell the bot something that this simulation does not otherwise tell, well formed or not."""
        self._updates.add(kind, payload)

    def take_updates(self) -> list[Json]:
        """Return the pending updates and take them off the queue: for whoever feeds the bot without polling."""
        return self._updates.take()

    async def call(
        self, token: str, method: str, raw: Mapping[str, str], files: Mapping[str, Upload] = _NO_FILES
    ) -> Answer:
        """Answer one call of the bot as the Bot API does; only `getUpdates` ever waits.

        Raises NoAnswer where an injected fault keeps the answer from the caller.
        """
        params = Params(raw, files)
        fault = self._faults.next(method, params.integer("chat_id"))
        try:
            if fault is not None:
                _prevent(fault)
            result = await self._carry_out(token, method, params)
        except NoAnswer as lost:
            self._note_call(method, params, error=str(lost))
            raise
        except ApiError as refusal:
            self._note_call(method, params, error=refusal.description)
            answer = Answer.refused(refusal)
        else:
            message = result if isinstance(result, SimulatedMessage) else None
            self._note_call(method, params, message, accepted=True, error=str(fault) if fault else None)
            answer = Answer.accepted(self._store.message_json(message) if message else result)
        match fault:
            case TimeOut():
                raise NoAnswer(fault)
            case MalformedBody():
                return Answer(HTTPStatus.OK, b"<html>")
        return answer

    def download(self, token: str, path: str) -> Answer:
        """Answer the download of a file from the path that `getFile` gave."""
        file = self._store.files.by_path(path)
        if token != self.token or file is None:
            return Answer.refused(ApiError(404, "Not Found"))
        return Answer(HTTPStatus.OK, file.data)

    async def _carry_out(self, token: str, method: str, params: Params) -> Any:
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        if method != "getUpdates":
            return self._methods.carry_out(method, params)
        if (allowed := params.json("allowed_updates")) is not None:
            self._updates.allow(frozenset(allowed))
        limit = params.integer("limit", 100)
        return await self._updates.poll(params.integer("offset"), limit, params.integer("timeout"))

    def _note_call(
        self,
        method: str,
        params: Params,
        message: SimulatedMessage | None = None,
        *,
        accepted: bool = False,
        error: str | None = None,
    ) -> None:
        """Log what people notice: with the words as they read them, or as they were sent where they were refused."""
        if method not in _NOTICED:
            return
        tap = self._store.taps.get(params.text("callback_query_id"))
        chat_id = tap.chat_id if tap else params.integer("chat_id")
        user = self._store.users.get(tap.user_id if tap else chat_id)
        sent = params.text("text") or params.text("caption")
        self.log.append(
            LogEntry(
                at=self._clock.now(),
                direction="out",
                method=method,
                chat_id=chat_id,
                user_id=user.id if user else None,
                message_id=message.id if message else params.integer("message_id") or None,
                text=message.text if message else sent,
                html=message.html if message else escaped(sent),
                buttons=message.buttons if message else (),
                file_name=message.file.name if message and message.file else None,
                accepted=accepted,
                error=error,
                params=params.as_dict(),
            )
        )


def _prevent(fault: Fault) -> None:
    """Raise what keeps a call from being carried out, if the fault is of that sort."""
    match fault:
        case ServerError(status):
            raise ApiError(status, HTTPStatus(status).phrase)
        case FloodWait(retry_after):
            raise too_many_requests(retry_after)
        case ConnectionRefused() | TimeOut(delivered=False):
            raise NoAnswer(fault)
