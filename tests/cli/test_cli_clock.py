"""Rehearsals from the command line: every command lives in the stamped time of its database, or refuses."""

import re
from datetime import datetime, timedelta

import pytest

from prep_bot.services.container import Services
from tests.support.operator import PLAN, Operator, WatchedTelegram

START = "2022-02-05T10:00:00-06:00"
REHEARSAL = ("--clock-start", START, "--clock-rate", "600")


async def test_every_command_goes_on_from_the_first_ones_time(operator: Operator, telegram: WatchedTelegram) -> None:
    assert (await operator("import", PLAN, *REHEARSAL)).code == 0
    began = datetime.fromisoformat(START)
    clock = {"clock_start": START, "clock_rate": "600"}  # in the environment it means the same
    invited = await operator("invite", "--role", "technical_unit", "--name", "Ana Luz", **clock)
    until = re.search(r"until (\d{4}-\d\d-\d\d \d\d:\d\d)", invited.out)
    assert until is not None
    lasts = datetime.strptime(f"{until[1]} -0600", "%Y-%m-%d %H:%M %z") - began
    assert timedelta(days=7) < lasts < timedelta(days=14)

    bot = await operator.run(*REHEARSAL)
    (code,) = re.findall(r"\?start=([\w-]{22})\n", invited.out)
    ana = telegram.user("Ana")
    await telegram.answer(ana, f"/start {code}")
    assert "Listo, Ana Luz" in (await telegram.tapped(ana, "Acepto")).text
    assert "ebrero de 2022" in (await telegram.answer(ana, "/pendientes")).text
    assert (await bot.stop()).code == 0

    listed = await operator("invitations", *REHEARSAL)
    assert (listed.code, listed.out) == (0, "No invitation is waiting to be used.\n")
    another_pace = await operator("revoke", "1", "--clock-start", START)
    another_pace.refused("open it with --clock-start 2022-02-05T16:00:00+00:00 --clock-rate 600")
    (await operator("run")).refused("this database is a rehearsal's")


async def test_a_database_in_real_time_is_not_rehearsed_with(operator: Operator, services: Services) -> None:
    (await operator("run", *REHEARSAL)).refused("this database lives in real time")


@pytest.mark.parametrize(
    ("arguments", "settings", "advice"),
    [
        (("--clock-start", "2022-02-05T10:00:00"), {}, "write an instant with its offset from UTC"),
        (("--clock-rate", "60"), {}, "PREP_BOT_CLOCK_RATE needs PREP_BOT_CLOCK_START"),
        (("--clock-start", START, "--clock-rate", "-1"), {}, "PREP_BOT_CLOCK_RATE"),
        (REHEARSAL, {"api_base_url": "https://api.telegram.org/bot"}, "never runs against Telegram's own server"),
        (REHEARSAL, {"api_base_url": ""}, "never runs against Telegram's own server"),
    ],
)
async def test_a_clock_that_is_refused(
    operator: Operator, arguments: tuple[str, ...], settings: dict[str, str], advice: str
) -> None:
    (await operator("run", *arguments, **settings)).refused(advice)


@pytest.mark.parametrize(
    "command", [("import", PLAN), ("invite", "--role", "guest", "--name", "Ana"), ("invitations",), ("revoke", "1")]
)
async def test_every_command_refuses_it(operator: Operator, command: tuple[str, ...]) -> None:
    (await operator(*command, *REHEARSAL, api_base_url="")).refused("never runs against Telegram's own server")
    assert not operator.database.exists()
