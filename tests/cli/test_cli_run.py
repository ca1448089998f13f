"""`prep-bot run`: it starts, answers, stops and starts again; and when it cannot start, it says what to do."""

import asyncio
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from prep_bot.domain.role import Role
from prep_bot.services.container import Services
from prep_bot.simulation.server import RunningServer, serve
from tests.support.operator import TOKEN, Finished, Operator, WatchedTelegram


def rows(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement).fetchall()


async def test_it_answers_stops_and_goes_on(operator: Operator, telegram: WatchedTelegram, services: Services) -> None:
    bot = await operator.run()
    made = await services.invitations.create(1, "NAYMA ENRIQUEZ ESTRADA", Role.MEMBER, by=None)
    nayma = telegram.user("Nayma")
    await telegram.answer(nayma, f"/start {made.code}")
    assert "Listo, Nayma Enríquez Estrada" in (await telegram.tapped(nayma, "Acepto")).text
    assert "4. " in (await telegram.answer(nayma, "/pendientes 2022-01")).text
    stopped = await bot.stop(signal.SIGTERM)
    assert (stopped.code, stopped.out) == (0, "")

    telegram.says(nayma, "/actividad 4")  # while nobody is there
    bot = await operator.run()
    assert "Proyecto del instrumento jurídico" in (await telegram.answered(nayma)).text
    assert (await bot.stop(signal.SIGINT)).code == 0


async def test_a_stranger_is_answered_before_any_plan_is_imported(
    operator: Operator, telegram: WatchedTelegram
) -> None:
    bot = await operator.start("run")
    assert "prep-bot import FILE" in (await bot.until("plan.missing"))["todo"]
    assert "invitación" in (await telegram.answer(telegram.user("Eva"), "/start")).text
    stopped = await bot.stop()
    assert stopped.code == 0
    assert stopped.err.count("plan.missing") == 1


async def test_what_is_in_flight_at_the_end_is_finished(
    operator: Operator, telegram: WatchedTelegram, services: Services
) -> None:
    bot = await operator.run()
    made = await services.invitations.create(1, "Beto Ruiz", Role.TECHNICAL_UNIT, by=None)
    beto = telegram.user("Beto")
    await telegram.answer(beto, f"/start {made.code}")
    telegram.hold("editMessageText")
    tap = telegram.taps(beto, telegram.last(beto), "Acepto")
    await telegram.until_called("editMessageText")
    bot.process.send_signal(signal.SIGTERM)
    await telegram.until_called("getUpdates", timeout="0")  # the last one: what was taken is not given again
    assert bot.process.returncode is None
    telegram.release("editMessageText")
    assert (await bot.end()).code == 0
    assert tap.answer is not None
    assert "Listo, Beto Ruiz" in telegram.last(beto).text
    assert rows(operator.database, "SELECT count(*) FROM person WHERE telegram_id IS NOT NULL") == [(1,)]

    written = len(telegram.messages(beto))
    bot = await operator.run()
    await telegram.answer(beto, "/ayuda")
    assert len(telegram.messages(beto)) == written + 2  # the question and its answer: nothing was said again
    await bot.stop()


async def test_an_update_that_it_cannot_read_stops_nothing_and_is_not_told(
    operator: Operator, telegram: WatchedTelegram
) -> None:
    telegram.update("message", {"message_id": 1, "chat": {"id": 5}, "text": "En secreto"})
    telegram.update("of_tomorrow", {"text": "En secreto"})
    bot = await operator.run()
    assert "invitación" in (await telegram.answer(telegram.user("Eva"), "/start")).text
    stopped = await bot.stop()
    assert stopped.code == 0
    assert stopped.err.count("update.unreadable") == 1
    assert "En secreto" not in stopped.err


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_it_can_be_stopped_while_it_starts(operator: Operator, telegram: WatchedTelegram, method: str) -> None:
    telegram.hold(method)
    bot = await operator.start("run")
    await telegram.until_called(method)
    stopped = await bot.stop()
    assert stopped.code == 0
    assert [line for line in stopped.err.splitlines() if '"level": "error"' in line or "Traceback" in line] == []


async def test_it_can_be_stopped_before_it_begins(operator: Operator) -> None:
    bot = await operator.start("run")
    while not catches(signal.SIGTERM, bot.process.pid):
        await asyncio.sleep(0)
    stopped = await bot.stop()
    assert (stopped.code, stopped.err) == (0, "")
    assert not operator.database.exists()


def catches(signal_number: int, pid: int) -> bool:
    """Tell whether the process would not simply die of that signal."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    (mask,) = re.findall(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return bool(int(mask, 16) >> (signal_number - 1) & 1)


async def test_a_telegram_that_goes_away_and_comes_back(
    operator: Operator, telegram: WatchedTelegram, server: RunningServer
) -> None:
    bot = await operator.run(log_level="DEBUG")
    port = int(server.base_url.rpartition(":")[2].removesuffix("/bot"))
    await server.close()
    await bot.until("polling.failed")
    telegram.says(eva := telegram.user("Eva"), "/start")
    again = await serve(telegram, port=port)
    assert "invitación" in (await telegram.answered(eva)).text
    await again.close()
    await bot.until("polling.failed")
    stopped = await bot.stop()
    assert stopped.code == 0
    assert TOKEN not in stopped.err


ANOTHER = "123456:ANOTHERxTOKENxOFxTHExSAMExBOTxxxxxx"


async def test_a_token_that_is_refused_while_it_starts(operator: Operator, telegram: WatchedTelegram) -> None:
    telegram.hold("deleteWebhook")
    bot = await operator.start("run")
    await telegram.until_called("deleteWebhook")
    telegram.token = ANOTHER
    telegram.release("deleteWebhook")
    refused(await bot.end())


async def test_a_token_that_is_refused_later(operator: Operator, telegram: WatchedTelegram) -> None:
    bot = await operator.run()
    telegram.token = ANOTHER
    telegram.says(telegram.user("Eva"), "/start")  # ends the poll; the next one is refused
    refused(await bot.end())


def refused(ended: Finished) -> None:
    assert ended.code == 1
    assert ended.err.splitlines()[-1].startswith("prep-bot: the Bot API server refuses the token")
    assert TOKEN not in ended.err


SECRET = "s3cr3t-w0rd"


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"token": ""}, "set PREP_BOT_TOKEN"),
        ({"token": "123456:WRONGxTOKENxWRONGxTOKENxWRONGxTOKEN"}, "copy it again from @BotFather"),
        ({"api_base_url": "http://127.0.0.1:1/bot"}, "Telegram was not reached"),
        ({"api_base_url": "https://api.example.org"}, "end in /bot"),
        ({"database_url": "sqlite+aiosqlite:////proc/bot.sqlite3"}, "this user may write to"),
        ({"database_url": f"postgresql+asyncpg://bot:{SECRET}@127.0.0.1:1/bot"}, "the database server was not reached"),
        ({"database_url": f"postgresql+asyncpg://bot:{SECRET}#1@db/bot"}, "%-codes"),
        ({"log_level": "LOUD"}, "PREP_BOT_LOG_LEVEL"),
    ],
    ids=str,
)
async def test_what_keeps_it_from_starting(
    operator: Operator, services: Services, settings: dict[str, str], advice: str
) -> None:
    ended = await (await operator.start("run", **{"log_level": "DEBUG", **settings})).end()
    ended.refused(advice)
    for secret in (TOKEN, SECRET, settings.get("token")):
        assert not secret or secret not in ended.err


async def test_a_defect_of_the_program(operator: Operator) -> None:
    ended = await operator("invitations", database_url=f"sqlite+aiosqlite:///{operator.database}?timeout=soon")
    assert ended.code == 1
    assert "Traceback" in ended.err
    assert ended.err.endswith("\nprep-bot: that is a defect of prep-bot: please report the lines above\n")
    assert TOKEN not in ended.err


async def test_usage(operator: Operator) -> None:
    assert (await operator("run", "--unknown")).code == 2
    shown = await operator("--version")
    assert shown.code == 0
    assert re.fullmatch(r"prep-bot \d+\.\d+\.\d+\n", shown.out)
