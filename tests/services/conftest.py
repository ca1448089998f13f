"""The services over a real database of either kind, and a clock that the test steps."""

import pytest

from prep_bot.db.engine import Database
from prep_bot.services import container
from prep_bot.services.container import Services
from prep_bot.simulation.clock import ManualClock
from tests.support.small_plan import NOW


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def services(database: Database, clock: ManualClock) -> Services:
    return container.build(database, clock)
