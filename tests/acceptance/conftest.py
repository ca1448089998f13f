"""The real application, in a simulated Telegram, with the shipped plan."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from prep_bot.domain.role import Role
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage, open_stage

ZONE = ZoneInfo("America/Mexico_City")

Enrol = Callable[..., Awaitable[SimulatedUser]]


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}"


@pytest.fixture
def start() -> datetime:
    """Override it to begin at another moment."""
    return datetime(2022, 2, 5, 10, tzinfo=ZONE)


@pytest.fixture
async def stage(start: datetime, database_url: str) -> AsyncIterator[Stage]:
    """Nobody is enrolled yet; the plan was imported just now."""
    async with open_stage(start, database_url) as opened:
        await opened.services.plans.apply(load(packaged("ieepco-prep-2021-2022")))
        yield opened


@pytest.fixture
def enrol(stage: Stage) -> Enrol:
    """Enrol somebody by an invitation, as they would: open the link, accept the privacy notice."""

    async def enrol_as(
        role: Role,
        name: str,
        meeting_numbers: tuple[int, ...] = (),
        *,
        commission_id: int = 1,
        user: SimulatedUser | None = None,
    ) -> SimulatedUser:
        made = await stage.services.invitations.create(
            commission_id, name, role, by=None, meeting_numbers=meeting_numbers
        )
        user = user or stage.telegram.user(name)
        await stage.says(user, f"/start {made.code}")
        await stage.taps(user, "Acepto")
        return user

    return enrol_as
