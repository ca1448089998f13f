"""The signs of life of a bot in another process. A health check neither creates nor changes its database."""

from pathlib import Path

from sqlalchemy.engine import make_url

from prep_bot.cli.common import CommandError
from prep_bot.clock import SystemClock
from prep_bot.db.engine import Database, create_engine
from prep_bot.services.vitals import Part, Vitals


async def stuck_parts(database_url: str) -> tuple[Part, ...]:
    """Return the parts of the running program that show no life. Raises CommandError when there is no database."""
    database = _existing(database_url)
    try:
        return await Vitals(database).stuck(SystemClock().now())
    finally:
        await database.dispose()


def _existing(database_url: str) -> Database:
    url = make_url(database_url)
    # SQLite would make a new file of a missing one.
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise CommandError("there is no database yet: start `prep-bot run`, or check PREP_BOT_DATABASE_URL")
    return Database(create_engine(database_url))
