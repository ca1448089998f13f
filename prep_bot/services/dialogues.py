"""What the bot is waiting for each person to write. Kept in the database: a restart forgets nothing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from prep_bot.clock import Clock
from prep_bot.db.dialogue import Dialogue
from prep_bot.db.engine import Database, rows_changed

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Waiting:
    """An answer that is awaited: `topic` names the question, `data` what was settled before it."""

    topic: str
    data: dict[str, Any]
    expired: bool


class Dialogues:
    """Begins, finds and ends dialogues; a person has at most one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, person_id: int, topic: str, /, **data: Any) -> None:
        """Wait for that person's next text, instead of whatever was awaited before."""
        async with self._database.write(quietly=True) as session:
            await session.merge(
                Dialogue(person_id=person_id, topic=topic, data=data, expires_at=self._clock.now() + LIFETIME)
            )
            await session.commit()

    async def awaited(self, person_id: int) -> Waiting | None:
        """Return what is awaited of that person, if anything."""
        async with self._database.read() as session:
            dialogue = await session.get(Dialogue, person_id)
        if dialogue is None:
            return None
        return Waiting(dialogue.topic, dialogue.data, expired=dialogue.expires_at <= self._clock.now())

    async def end(self, person_id: int) -> bool:
        """Stop waiting. Return whether anything was awaited."""
        async with self._database.write(quietly=True) as session:
            ended = await rows_changed(session, delete(Dialogue).where(col(Dialogue.person_id) == person_id))
            await session.commit()
        return ended > 0
