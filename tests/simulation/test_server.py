"""The simulated Telegram over HTTP: what a program that runs on its own meets."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.faults import ConnectionRefused, TimeOut
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.server import RunningServer, serve
from prep_bot.simulation.telegram import SimulatedTelegram
from prep_bot.transport import AiohttpRequest, NotSent

START = datetime(2021, 11, 11, 18, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def simulated(clock: ManualClock) -> SimulatedTelegram:
    return SimulatedTelegram(clock)


@pytest.fixture
async def server(simulated: SimulatedTelegram) -> AsyncIterator[RunningServer]:
    running = await serve(simulated)
    yield running
    await running.close()


@pytest.fixture
async def bot(simulated: SimulatedTelegram, server: RunningServer) -> AsyncIterator[Bot]:
    async with bot_of(simulated.token, server) as running:
        yield running


@pytest.fixture
def ana(simulated: SimulatedTelegram) -> SimulatedUser:
    user = simulated.user("Ana")
    simulated.says(user, "/start")
    return user


def bot_of(token: str, server: RunningServer) -> Bot:
    return Bot(
        token,
        base_url=server.base_url,
        base_file_url=server.base_file_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
    )


async def test_a_conversation(simulated: SimulatedTelegram, bot: Bot, ana: SimulatedUser) -> None:
    (start,) = await bot.get_updates()
    markup = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Acepto", callback_data="sí"))
    await start.message.reply_html("<b>¿Acepta?</b>", reply_markup=markup)
    poll = asyncio.create_task(bot.get_updates(offset=start.update_id + 1, timeout=50))
    tap = simulated.taps(ana, simulated.last(ana), "Acepto")
    (update,) = await poll
    await update.callback_query.answer("Listo")
    assert update.callback_query.data == "sí"
    assert tap.answer is not None
    assert tap.answer.text == "Listo"
    assert [message.text for message in simulated.messages(ana)] == ["/start", "¿Acepta?"]


async def test_files_both_ways(simulated: SimulatedTelegram, bot: Bot, ana: SimulatedUser) -> None:
    sent = await bot.send_document(ana.id, b"uno\r\ndos\0", filename="acta número 1.docx", caption="Va el acta")
    assert (sent.document.file_name, sent.caption) == ("acta número 1.docx", "Va el acta")
    assert bytes(await (await sent.document.get_file()).download_as_bytearray()) == b"uno\r\ndos\0"
    assert simulated.last(ana).text == "Va el acta"


async def test_refusals_have_their_status(server: RunningServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    wrong = bot_of("123456:WRONG", server)
    with pytest.raises(InvalidToken):
        await wrong.initialize()
    await wrong.shutdown()
    async with aiohttp.ClientSession() as session, session.get(f"{server.base_url}123456:WRONG/getMe") as got:
        assert got.status == 401


@pytest.mark.parametrize(
    "form",
    [
        {"params": {"text": "Sí & <3"}},
        {"data": {"text": "Sí & <3"}},
        {"json": {"text": "Sí & <3", "reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}}},
    ],
    ids=["query", "form", "json"],
)
async def test_every_form_of_a_call(
    simulated: SimulatedTelegram, server: RunningServer, ana: SimulatedUser, form: dict[str, Any]
) -> None:
    ((kind, fields),) = form.items()
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.base_url}{simulated.token}/sendMessage", **{kind: {"chat_id": ana.id, **fields}}) as got,
    ):
        assert (got.status, got.content_type) == (200, "application/json")
        assert (await got.json())["result"]["text"] == "Sí & <3"
    assert simulated.last(ana).buttons == ((("A",),) if kind == "json" else ())


@pytest.mark.parametrize("body", ["{", "[]"])
async def test_a_body_that_cannot_be_read(simulated: SimulatedTelegram, server: RunningServer, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{server.base_url}{simulated.token}/getMe"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as got:
        assert got.status == 400
        assert not (await got.json())["ok"]


@pytest.mark.parametrize("delivered", [True, False])
async def test_a_time_out_holds_the_call(
    simulated: SimulatedTelegram, bot: Bot, ana: SimulatedUser, delivered: bool
) -> None:
    simulated.fail_next("sendMessage", TimeOut(delivered))
    with pytest.raises(TimedOut):
        await bot.send_message(ana.id, "x", read_timeout=0.05)
    assert simulated.last(ana).text == ("x" if delivered else "/start")


async def test_a_refused_connection_breaks(simulated: SimulatedTelegram, bot: Bot, ana: SimulatedUser) -> None:
    simulated.fail_next("sendMessage", ConnectionRefused())
    with pytest.raises(NetworkError) as failure:
        await bot.send_message(ana.id, "x")
    assert type(failure.value) is NetworkError
    assert simulated.last(ana).text == "/start"


async def test_closing_ends_what_waits(simulated: SimulatedTelegram, bot: Bot, server: RunningServer) -> None:
    simulated.fail_next("sendMessage", TimeOut(delivered=False))
    waiting = [
        asyncio.create_task(bot.get_updates(timeout=50)),
        asyncio.create_task(bot.send_message(5, "x", read_timeout=50)),
    ]
    while not simulated.log:
        await asyncio.sleep(0)
    await server.close()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [NetworkError, NetworkError]
    with pytest.raises(NotSent):
        await bot.get_me()


async def test_the_limits_go_by_the_given_clock(
    simulated: SimulatedTelegram, bot: Bot, ana: SimulatedUser, clock: ManualClock
) -> None:
    for second in range(3):
        clock.advance_to(START + timedelta(seconds=second))
        await bot.send_message(ana.id, "x")
    assert len(simulated.messages(ana)) == 4
