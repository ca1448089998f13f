"""What the acceptance tests share: a message as its reader sees it, all that is stored, and other commissions."""

import re
import sqlite3
from contextlib import closing

from prep_bot.plans.document import PersonEntry, PlanDocument
from prep_bot.plans.file import load, packaged
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedChat
from prep_bot.simulation.stage import Stage

_CODE = re.compile(r"(?<=\?start=)[\w-]{22}")


def code_in(message: SimulatedMessage) -> str:
    """Return the code of the invitation that the message carries."""
    (code,) = _CODE.findall(message.text)
    return str(code)


def shown(message: SimulatedMessage) -> str:
    """Return the message as it is read, its picture, words and buttons: for golden files, so without any code."""
    picture = ["(imagen)"] if message.file else []
    rows = [" ".join(f"[{label}]" for label in row) for row in message.buttons]
    return "\n".join([*picture, _CODE.sub("<código>", message.html), *rows])


def buttons(message: SimulatedMessage) -> list[str]:
    """Return the labels of all its buttons."""
    return [label for row in message.buttons for label in row]


def sent_to(stage: Stage, chat: SimulatedChat) -> list[str]:
    """Return the texts of the bot's messages that stand in a chat, the oldest first."""
    return [message.text for message in stage.telegram.messages(chat) if message.user_id is None]


def flashes(stage: Stage) -> list[str]:
    """Return what the bot answered to each tap so far, as it flashed up; an empty text for none."""
    return [entry.params.get("text", "") for entry in stage.telegram.log if entry.method == "answerCallbackQuery"]


def stored(database_url: str) -> str:
    """Return all that the SQLite database holds, as text."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite+aiosqlite:///"))) as database:
        return "\n".join(database.iterdump())


def another_plan(key: str, short_name: str, people: tuple[PersonEntry, ...] = ()) -> PlanDocument:
    """Return the plan of another commission: the shipped one's activities and sessions, other people."""
    plan = load(packaged("ieepco-prep-2021-2022"))
    commission = plan.commission.model_copy(update={"key": key, "short_name": short_name, "name": short_name})
    return plan.model_copy(update={"commission": commission, "people": people})
