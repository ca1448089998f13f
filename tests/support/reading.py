"""How people read lists and record progress in the acceptance tests, and plans of other shapes than the shipped one."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from prep_bot.plans.document import ActivityEntry, PlanDocument, SessionEntry
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.stage import Stage

Enrol = Callable[..., Awaitable[SimulatedUser]]

SCREEN = 900
"""Characters that a list may have, by the requirements."""

_NUMBERED = re.compile(r"^\W*(\d+)\. ", re.MULTILINE)


def shipped() -> PlanDocument:
    """Return the commission's real plan."""
    return load(packaged("ieepco-prep-2021-2022"))


def changed(plan: PlanDocument, **sections: object) -> PlanDocument:
    """Return the plan with other sections, validated."""
    return PlanDocument.model_validate({**plan.model_dump(), **sections})


def with_activities(*entries: dict[str, Any]) -> PlanDocument:
    """Return the shipped plan with these activities instead; each needs a month and a text, its key is its place."""
    activities = [ActivityEntry(key=f"a-{place}", **entry) for place, entry in enumerate(entries, start=1)]
    busy = {activity.month for activity in activities}
    plan = shipped()
    months = [month.model_dump() for month in plan.months if month.month in busy]
    return changed(plan, activities=[activity.model_dump() for activity in activities], months=months)


def with_session(number: int, **values: object) -> PlanDocument:
    """Return the shipped plan with other values in the session of that number."""
    sessions: list[dict[str, object]] = [session.model_dump() for session in shipped().sessions]
    sessions[number - 1] = SessionEntry.model_validate({**sessions[number - 1], **values}).model_dump()
    return changed(shipped(), sessions=sessions)


def numbers(text: str) -> list[int]:
    """Return the numbers at the heads of the lines of a list, in its order."""
    return [int(number) for number in _NUMBERED.findall(text)]


def number_buttons(message: SimulatedMessage) -> list[int]:
    """Return the numbers on its buttons."""
    return [int(label) for row in message.buttons for label in row if label.isdigit()]


async def all_pages(stage: Stage, user: SimulatedUser, first: SimulatedMessage) -> list[SimulatedMessage]:
    """Turn a list's pages with «Ver más» to the last; return them as they were shown, all in one message."""
    pages = [first]
    while any("Ver más ▸" in row for row in pages[-1].buttons):
        pages.append(await stage.taps(user, "Ver más ▸", pages[-1]))
        assert pages[-1].id == first.id
    return pages


def listed(pages: Sequence[SimulatedMessage]) -> list[int]:
    """Return the numbers of all the pages of a list, each of which fits a screen and opens what it lists."""
    for page in pages:
        assert len(page.text) < SCREEN
        assert number_buttons(page) == numbers(page.text)
    return [number for page in pages for number in numbers(page.text)]


async def record(stage: Stage, user: SimulatedUser, number: int, state: str, note: str = "") -> SimulatedMessage:
    """Let somebody record the state of an activity, perhaps with a note; return the bot's confirmation."""
    asked = await stage.says(user, f"/registrar {number}")
    confirmed = await stage.taps(user, state, asked)
    return await stage.says(user, note) if note else confirmed
