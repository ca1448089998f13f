"""What a member's question costs: from Telegram's update to the bot's answer, in the simulated Telegram."""

import asyncio
from datetime import UTC, datetime
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from prep_bot.domain.role import Role
from prep_bot.logging import configure
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.stage import open_stage

QUESTIONS = ("/pendientes", "/actividades", "/calendario", "/proxima", "/avance", "/integrantes", "/ayuda", "hola")
TIMES = 30


async def main() -> None:
    configure("console", "ERROR")
    with TemporaryDirectory() as folder:
        async with open_stage(datetime(2022, 2, 5, 16, tzinfo=UTC), f"sqlite+aiosqlite:///{folder}/db") as stage:
            await stage.services.plans.apply(load(packaged("ieepco-prep-2021-2022")))
            made = await stage.services.invitations.create(1, "Ana", Role.TECHNICAL_SECRETARY, by=None)
            user = stage.telegram.user("Ana")
            await stage.says(user, f"/start {made.code}")
            await stage.taps(user, "Acepto")
            for question in QUESTIONS:
                times = []
                for _ in range(TIMES):
                    begun = perf_counter()
                    await stage.says(user, question)
                    times.append((perf_counter() - begun) * 1000)
                print(f"{question:<14} median {median(times):6.1f} ms   longest {max(times):6.1f} ms")


asyncio.run(main())
