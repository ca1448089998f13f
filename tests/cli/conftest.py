"""`prep-bot` as a process of its own, and a simulated Telegram behind a port for it to meet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from prep_bot.bootstrap import open_services
from prep_bot.plans.file import load, packaged
from prep_bot.services.container import Services
from prep_bot.settings import Settings
from prep_bot.simulation.server import RunningServer, serve
from tests.support.operator import PLAN, TOKEN, Operator, WatchedTelegram


@pytest.fixture
async def telegram() -> WatchedTelegram:
    return WatchedTelegram()


@pytest.fixture
async def server(telegram: WatchedTelegram) -> AsyncIterator[RunningServer]:
    running = await serve(telegram)
    yield running
    await running.close()


@pytest.fixture
async def operator(tmp_path: Path, server: RunningServer) -> AsyncIterator[Operator]:
    """With a token of that Telegram, and an empty folder."""
    somebody = Operator(tmp_path, token=TOKEN, api_base_url=server.base_url)
    yield somebody
    await somebody.leave()


@pytest.fixture
async def services(operator: Operator) -> AsyncIterator[Services]:
    """The services over the operator's database, by the operator's clock; the plan was imported just now."""
    opened_as = Settings.model_validate(
        {**operator.settings, "database_url": f"sqlite+aiosqlite:///{operator.database}"}
    )
    async with open_services(opened_as) as opened:
        await opened.plans.apply(load(packaged(PLAN)))
        yield opened
