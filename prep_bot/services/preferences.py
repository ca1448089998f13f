"""What each person may turn on and off. Convocations and changes are not among it."""

from dataclasses import dataclass

from prep_bot.db.engine import Database
from prep_bot.db.person import Person


@dataclass(frozen=True)
class PreferencesView:
    """A person's choices."""

    hour_reminder: bool
    monthly_summary: bool


class Preferences:
    """Reads and changes preferences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: int) -> PreferencesView:
        """Return a person's choices."""
        async with self._database.read() as session:
            person = await session.get_one(Person, person_id)
        return PreferencesView(person.hour_reminder, person.monthly_summary)

    async def choose(
        self, person_id: int, *, hour_reminder: bool | None = None, monthly_summary: bool | None = None
    ) -> PreferencesView:
        """Change what is given, and return all."""
        async with self._database.write() as session:
            person = await session.get_one(Person, person_id)
            if hour_reminder is not None:
                person.hour_reminder = hour_reminder
            if monthly_summary is not None:
                person.monthly_summary = monthly_summary
            await session.commit()
        return PreferencesView(person.hour_reminder, person.monthly_summary)
