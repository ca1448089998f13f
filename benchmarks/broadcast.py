"""What a broadcast costs: an announcement to 200 people, from the outbox to the simulated Telegram and back."""

import asyncio
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from time import perf_counter

from prep_bot.domain.announcement import Audience
from prep_bot.domain.role import Role
from prep_bot.logging import configure
from prep_bot.plans.file import load, packaged
from prep_bot.services.announcements import Draft
from prep_bot.simulation.stage import open_stage

PEOPLE = 200
TOPIC = "benchmark"


async def main() -> None:
    configure("console", "ERROR")
    with TemporaryDirectory() as folder:
        async with open_stage(datetime(2022, 2, 5, 16, tzinfo=UTC), f"sqlite+aiosqlite:///{folder}/db") as stage:
            services = stage.services
            await services.plans.apply(load(packaged("ieepco-prep-2021-2022")))
            for number in range(PEOPLE + 1):
                role = Role.PARTY_REPRESENTATIVE if number else Role.TECHNICAL_SECRETARY
                made = await services.invitations.create(1, f"Persona {number}", role, by=None)
                user = stage.telegram.user(f"Persona {number}")
                user.started = True
                await services.invitations.accept(made.code, user.id)
                if number == 0:
                    secretary = user
            actor = await services.identity.of(secretary.id)
            assert actor is not None
            (seat,) = actor.seats
            await services.dialogues.begin(actor.person_id, TOPIC, commission=seat.commission_id)
            await services.announcements.publish(seat, TOPIC, Draft("Mañana no hay sesión."), Audience.EVERYONE)
            before, begun = stage.clock.now(), perf_counter()
            await stage.settle()
            spent = perf_counter() - begun
            sent = sum(entry.method == "sendMessage" and entry.accepted for entry in stage.telegram.log)
            refused = sum(not entry.accepted for entry in stage.telegram.log)
            paced = (stage.clock.now() - before).total_seconds()
            print(f"{sent} messages: {spent / sent * 1000:.1f} ms each, {refused} refused, {paced:.1f} s by the pace")


asyncio.run(main())
