"""`prep-bot health`: for a container's health check."""

from datetime import UTC, datetime, timedelta

from prep_bot.services.container import Services
from prep_bot.services.vitals import STALE, Part
from tests.support.operator import Operator


async def test_before_while_and_after_it_runs(operator: Operator) -> None:
    (await operator("health")).refused("there is no database yet")
    assert not operator.database.exists()
    operator.database.touch()
    (await operator("health")).refused("the bot has not run with this database yet")
    operator.database.unlink()

    bot = await operator.run()
    alive = await operator("health")
    assert (alive.code, alive.out, alive.err) == (0, "polling and scheduler are alive\n", "")
    await bot.stop()


async def test_what_is_stuck_is_named(operator: Operator, services: Services) -> None:
    now = datetime.now(UTC)
    await services.vitals.beat({Part.SCHEDULER: now, Part.POLLING: now - STALE - timedelta(seconds=1)})
    (await operator("health")).refused("no sign of life from polling: ")
