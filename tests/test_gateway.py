"""What the gateway sends, as the simulated Telegram sees it, and what it makes of each way in which that can end."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from prep_bot.domain.delivery import (
    Accepted,
    Migrated,
    NotDelivered,
    Outcome,
    Refused,
    Uncertain,
    Unreachability,
    Unreachable,
)
from prep_bot.gateway import Gateway, keyboard
from prep_bot.pace import Pace
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.faults import ConnectionRefused, Fault, FloodWait, MalformedBody, ServerError, TimeOut
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.telegram import SimulatedTelegram
from prep_bot.texts.message import Button, Message

START = datetime(2022, 4, 3, 15, tzinfo=UTC)
HELLO = Message("Sesión <b>ordinaria</b>")
BUTTONS = ((Button("Acuse", action="1ac:7"), Button("Sitio", url="https://www.ieepco.org.mx/")), (Button("Más", "1x"),))


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def telegram(clock: ManualClock) -> SimulatedTelegram:
    return SimulatedTelegram(clock)


@pytest.fixture
def ana(telegram: SimulatedTelegram) -> SimulatedUser:
    ana = telegram.user("Ana")
    telegram.says(ana, "/start")
    return ana


def bot_over(request: BaseRequest, clock: ManualClock) -> ExtBot[Any]:
    return ExtBot("123456:SIMULATED", request=request, get_updates_request=request, rate_limiter=Pace(clock))


@pytest.fixture
async def gateway(telegram: SimulatedTelegram, clock: ManualClock) -> AsyncIterator[Gateway]:
    async with bot_over(SimulatedRequest(telegram), clock) as bot:
        yield Gateway(bot)


def sent(telegram: SimulatedTelegram) -> list[Any]:
    return [entry for entry in telegram.log if entry.direction == "out"]


async def test_a_message_arrives(gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser) -> None:
    outcome = await gateway.send(ana.id, Message("Sesión <b>ordinaria</b> https://www.ieepco.org.mx/", BUTTONS))
    message = telegram.last(ana)
    assert outcome == Accepted(message.id)
    assert message.text == "Sesión ordinaria https://www.ieepco.org.mx/"
    assert message.buttons == (("Acuse", "Sitio"), ("Más",))
    [entry] = sent(telegram)
    assert json.loads(entry.params["link_preview_options"]) == {"is_disabled": True}


async def test_a_photo_arrives_with_its_text(gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x10" * 2
    outcome = await gateway.send(ana.id, Message("Sesión <b>ordinaria</b>", BUTTONS, photo=png))
    message = telegram.last(ana)
    assert outcome == Accepted(message.id)
    assert message.file is not None
    assert message.file.data == png
    assert message.text == "Sesión ordinaria"
    assert message.buttons == (("Acuse", "Sitio"), ("Más",))


@pytest.mark.parametrize("photo", [None, b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x10" * 2])
async def test_it_sends_in_the_background(
    gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser, photo: bytes | None
) -> None:
    berta = telegram.user("Berta")
    telegram.says(berta, "/start")
    await gateway.send(ana.id, Message("Uno", photo=photo))
    await gateway.send(berta.id, Message("Dos", photo=photo))
    first, second = sent(telegram)
    assert second.at - first.at == timedelta(seconds=1) / 25


async def test_a_message_is_edited(gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser) -> None:
    await gateway.send(ana.id, Message("Sesión <b>ordinaria</b>", BUTTONS))
    message_id = telegram.last(ana).id
    edited = Message("Sesión <i>extraordinaria</i> https://www.ieepco.org.mx/", ((Button("Ver", "1x"),),))
    assert await gateway.edit(ana.id, message_id, edited) == Accepted(message_id)
    assert telegram.last(ana).text == "Sesión extraordinaria https://www.ieepco.org.mx/"
    assert telegram.last(ana).buttons == (("Ver",),)
    assert json.loads(sent(telegram)[-1].params["link_preview_options"]) == {"is_disabled": True}


async def test_an_edit_that_changes_nothing_is_done(
    gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser
) -> None:
    await gateway.send(ana.id, HELLO)
    message_id = telegram.last(ana).id
    assert await gateway.edit(ana.id, message_id, HELLO) == Accepted(message_id)
    assert sent(telegram)[-1].accepted is False


async def test_an_edit_of_no_message_is_refused(gateway: Gateway, ana: SimulatedUser) -> None:
    assert await gateway.edit(ana.id, 999, HELLO) == Refused("Message to edit not found")


async def test_someone_who_blocked_the_bot(gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser) -> None:
    telegram.blocks(ana)
    assert await gateway.send(ana.id, HELLO) == Unreachable(Unreachability.BLOCKED)


async def test_someone_who_never_started_it(gateway: Gateway, telegram: SimulatedTelegram) -> None:
    assert await gateway.send(telegram.user("Berta").id, HELLO) == Unreachable(Unreachability.NEVER_STARTED)


async def test_an_unknown_chat(gateway: Gateway) -> None:
    assert await gateway.send(404, HELLO) == Unreachable(Unreachability.CHAT_NOT_FOUND)


async def test_a_group(gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser) -> None:
    group = telegram.group("Comisión PREP")
    group.add(ana, creator=True)
    telegram.add_bot(group, by=ana)
    old = group.id
    assert isinstance(await gateway.send(old, HELLO), Accepted)
    telegram.migrates(group)
    assert await gateway.send(old, HELLO) == Migrated(group.id)
    assert await gateway.edit(old, 1, HELLO) == Migrated(group.id)
    assert isinstance(await gateway.send(group.id, HELLO), Accepted)
    telegram.removes_bot(group)
    assert await gateway.send(group.id, HELLO) == Unreachable(Unreachability.KICKED)


async def test_a_message_that_is_not_html_is_refused(gateway: Gateway, ana: SimulatedUser) -> None:
    outcome = await gateway.send(ana.id, Message("Te quiero <3"))
    assert isinstance(outcome, Refused)
    assert "parse entities" in outcome.reason


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        (ConnectionRefused(), NotDelivered("connection refused"), False),
        (FloodWait(31), NotDelivered("Flood control exceeded. Retry in 0:00:31", timedelta(seconds=31)), False),
        (TimeOut(delivered=False), Uncertain("Timed out"), False),
        (TimeOut(delivered=True), Uncertain("Timed out"), True),
        (MalformedBody(), Uncertain("Invalid server response"), True),
        (ServerError(502), Uncertain("Bad Gateway"), False),
        (ServerError(500), Uncertain("Internal Server Error"), False),
    ],
)
async def test_what_goes_wrong_on_the_way(
    gateway: Gateway, telegram: SimulatedTelegram, ana: SimulatedUser, fault: Fault, outcome: Outcome, arrived: bool
) -> None:
    telegram.fail_next("sendMessage", fault)
    assert await gateway.send(ana.id, HELLO) == outcome
    assert (telegram.last(ana).text == "Sesión ordinaria") is arrived
    telegram.fail_next("editMessageText", fault)
    assert await gateway.edit(ana.id, telegram.last(ana).id, Message("Otra")) == outcome


class Answering(BaseRequest):
    """A Telegram that does the same whatever it is asked: what the simulated one never says."""

    def __init__(self, answer: tuple[int, str] | NetworkError) -> None:
        self._answer = answer

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        if isinstance(self._answer, NetworkError):
            raise self._answer
        status, description = self._answer
        return status, json.dumps({"ok": False, "description": description}).encode()


@pytest.mark.parametrize(
    ("status", "description", "outcome"),
    [
        (403, "Forbidden: bot was blocked by the user", Unreachable(Unreachability.BLOCKED)),
        (403, "Forbidden: user is deactivated", Unreachable(Unreachability.DEACTIVATED)),
        (403, "Forbidden: the group chat was deleted", Unreachable(Unreachability.DEACTIVATED)),
        (400, "Bad Request: group chat was deactivated", Unreachable(Unreachability.DEACTIVATED)),
        (403, "Forbidden: bot can't initiate conversation with a user", Unreachable(Unreachability.NEVER_STARTED)),
        (403, "Forbidden: bot was kicked from the supergroup chat", Unreachable(Unreachability.KICKED)),
        (403, "Forbidden: bot is not a member of the channel chat", Unreachable(Unreachability.KICKED)),
        (400, "Bad Request: chat not found", Unreachable(Unreachability.CHAT_NOT_FOUND)),
        (400, "Bad Request: user not found", Unreachable(Unreachability.CHAT_NOT_FOUND)),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable(Unreachability.CHAT_NOT_FOUND)),
        (403, "Forbidden: the stars are wrong", Unreachable(Unreachability.FORBIDDEN)),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            Refused("Not enough rights to send text messages to the chat"),
        ),
        (401, "Unauthorized", NotDelivered("Unauthorized")),
        (404, "Not Found", NotDelivered("Not Found")),
        (409, "Conflict: terminated by other request", Uncertain("Conflict: terminated by other request")),
        (502, "Bad Gateway " * 100, Uncertain("Bad Gateway " * 9 + "Bad Gateway…")),
    ],
)
async def test_what_telegram_may_say(clock: ManualClock, status: int, description: str, outcome: Outcome) -> None:
    gateway = Gateway(bot_over(Answering((status, description)), clock))
    assert await gateway.send(5, HELLO) == outcome


async def test_a_broken_connection(clock: ManualClock) -> None:
    gateway = Gateway(bot_over(Answering(NetworkError("the connection broke")), clock))
    assert await gateway.send(5, HELLO) == Uncertain("the connection broke")


def test_the_keyboard() -> None:
    assert keyboard(Message("Hola", BUTTONS)) == InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton("Acuse", callback_data="1ac:7"),
                InlineKeyboardButton("Sitio", url="https://www.ieepco.org.mx/"),
            ],
            [InlineKeyboardButton("Más", callback_data="1x")],
        ]
    )
    assert keyboard(HELLO) is None
