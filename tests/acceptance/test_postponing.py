"""Having a reminder again later: only when that helps, once, and never of a session that is no longer so."""

from datetime import datetime, timedelta

import pytest

from prep_bot.domain.role import Role
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage
from tests.support.convening import STARTS, called_off, convened, moved
from tests.support.conversation import buttons, flashes
from tests.support.reading import Enrol

HOUR, AFTERNOON, TOMORROW = "En 1 hora", "Esta tarde", "Mañana 9:00"
DAY_BEFORE = STARTS - timedelta(hours=24)
CANNOT = "Ya no es posible posponerlo"


@pytest.fixture
async def secretary(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.TECHNICAL_SECRETARY, "Ana López")


@pytest.fixture
async def member(stage: Stage, enrol: Enrol) -> SimulatedUser:
    return await enrol(Role.MEMBER, "Nayma Enríquez")


@pytest.fixture
async def reminder(stage: Stage, secretary: SimulatedUser, member: SimulatedUser) -> SimulatedMessage:
    """The member's reminder of the day before, acknowledged; it is the 23rd, 11:00."""
    await convened(stage, secretary)
    await stage.taps(member, "Acusar recibo")
    await stage.advance(DAY_BEFORE)
    return stage.telegram.last(member)


def reminders_since(stage: Stage, member: SimulatedUser, reminder: SimulatedMessage) -> list[datetime]:
    """Return when each later reminder came, to the minute: messages go one after another."""
    later = (m for m in stage.telegram.messages(member) if m.id > reminder.id and "Recordatorio" in m.text)
    return [message.at.replace(second=0, microsecond=0) for message in later]


def choices(message: SimulatedMessage) -> list[str]:
    return [label for label in buttons(message) if label in {HOUR, AFTERNOON, TOMORROW}]


async def test_only_what_is_before_the_start_is_offered(
    stage: Stage, member: SimulatedUser, reminder: SimulatedMessage
) -> None:
    assert choices(reminder) == [HOUR, AFTERNOON, TOMORROW]
    await stage.advance(STARTS - timedelta(hours=1))
    assert choices(stage.telegram.last(member)) == []


@pytest.mark.parametrize(
    ("label", "at"),
    [
        (HOUR, DAY_BEFORE + timedelta(hours=1)),
        (AFTERNOON, DAY_BEFORE + timedelta(hours=6)),
        (TOMORROW, STARTS - timedelta(hours=2)),
    ],
)
async def test_it_comes_again_then_and_once(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, reminder: SimulatedMessage, label: str, at: datetime
) -> None:
    for _ in range(2):
        stage.telegram.taps(member, reminder, label)
    await stage.settle()
    assert flashes(stage)[-1] == f"Se lo recordaré el {at.day} de febrero, {at:%H:%M} h."
    before = len(stage.telegram.messages(secretary))
    await stage.advance(STARTS - timedelta(hours=1, minutes=1))
    assert reminders_since(stage, member, reminder) == [at]
    assert len(stage.telegram.messages(secretary)) == before


async def test_a_later_wish_takes_the_place_of_the_first(
    stage: Stage, member: SimulatedUser, reminder: SimulatedMessage
) -> None:
    await stage.taps(member, HOUR, reminder)
    await stage.advance(DAY_BEFORE + timedelta(minutes=1))
    await stage.taps(member, HOUR, reminder)
    await stage.taps(member, AFTERNOON, reminder)
    await stage.taps(member, HOUR, reminder)
    await stage.advance(DAY_BEFORE + timedelta(hours=12))
    assert reminders_since(stage, member, reminder) == [DAY_BEFORE + timedelta(hours=1, minutes=1)]


async def test_what_comes_again_can_be_postponed_again(
    stage: Stage, member: SimulatedUser, reminder: SimulatedMessage
) -> None:
    await stage.taps(member, AFTERNOON, reminder)
    await stage.advance(DAY_BEFORE + timedelta(hours=6))
    again = stage.telegram.last(member)
    assert choices(again) == [HOUR, TOMORROW]
    await stage.taps(member, TOMORROW, again)
    await stage.advance(STARTS - timedelta(hours=2))
    assert reminders_since(stage, member, reminder)[-1] == STARTS - timedelta(hours=2)


@pytest.mark.parametrize("left", [timedelta(hours=1), timedelta(minutes=59), timedelta(0)], ids=str)
async def test_never_at_the_start_or_past_it(
    stage: Stage, member: SimulatedUser, reminder: SimulatedMessage, left: timedelta
) -> None:
    await stage.advance(STARTS - left)
    for label in (HOUR, AFTERNOON, TOMORROW):
        await stage.taps(member, label, reminder)
        assert flashes(stage)[-1].startswith(CANNOT)


@pytest.mark.parametrize("how", ["moved", "cancelled", "deferred"])
async def test_what_was_postponed_goes_with_the_date(
    stage: Stage, member: SimulatedUser, secretary: SimulatedUser, reminder: SimulatedMessage, how: str
) -> None:
    await stage.taps(member, HOUR, reminder)
    if how == "moved":
        await moved(stage, secretary, to=STARTS + timedelta(days=7))
    else:
        await called_off(stage, secretary, defer=how == "deferred")
        await stage.taps(member, AFTERNOON, reminder)
        assert flashes(stage)[-1].startswith(CANNOT)
    await stage.advance(STARTS)
    assert reminders_since(stage, member, reminder) == []


async def test_it_is_for_whoever_asked_only(
    stage: Stage, enrol: Enrol, member: SimulatedUser, secretary: SimulatedUser, reminder: SimulatedMessage
) -> None:
    other = await enrol(Role.MEMBER, "Zaira Hipólito")
    await stage.taps(member, HOUR, reminder)
    before = len(stage.telegram.messages(other))
    await stage.advance(DAY_BEFORE + timedelta(hours=2))
    assert len(stage.telegram.messages(other)) == before
