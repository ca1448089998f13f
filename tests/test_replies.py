"""Answering somebody who waits, where Telegram has moved the chat meanwhile."""

from datetime import UTC, datetime

from telegram import Bot

from handlers import replies
from prep_bot.simulation.clock import ManualClock
from prep_bot.simulation.request import SimulatedRequest
from prep_bot.simulation.telegram import SimulatedTelegram
from prep_bot.texts.message import Message


async def test_an_answer_follows_a_group_that_has_just_become_a_supergroup() -> None:
    telegram = SimulatedTelegram(ManualClock(datetime(2022, 4, 3, 15, tzinfo=UTC)))
    ana = telegram.user("Ana")
    group = telegram.group("Comisión PREP")
    group.add(ana, creator=True)
    telegram.add_bot(group, ana)
    old = group.id
    telegram.migrates(group)
    request = SimulatedRequest(telegram)
    async with Bot(telegram.token, request=request, get_updates_request=request) as bot:
        sent = await replies.send(bot, old, Message("Pendientes"))
    assert sent is not None
    assert sent.chat.id == group.id
    assert telegram.last(group).text == "Pendientes"
