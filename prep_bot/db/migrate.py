"""Bring the tables up to date, in one transaction: two processes that start together migrate once."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from prep_bot.db.engine import Database


class UnknownSchemaError(Exception):
    """The database was written by a newer version of the program."""


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for `connection`: no alembic.ini is needed."""
    config = Config()
    config.set_main_option("script_location", "prep_bot:db/migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database) -> None:
    """Apply the missing migrations: all of them, or none.

    Raises UnknownSchemaError when the database is newer than the program.
    """
    async with database.writer() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    on_sqlite = connection.dialect.name == "sqlite"
    # Begun here, or else Alembic commits each migration by itself on SQLite, and two processes mix theirs.
    with _foreign_keys_off(connection) if on_sqlite else nullcontext(), connection.begin():
        try:
            command.upgrade(alembic_config(connection), "head")
        except CommandError as error:
            raise UnknownSchemaError(str(error)) from error
        if on_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the migration would leave rows without their parent")


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    # Batch mode copies tables and drops the old ones, which with foreign keys on deletes child rows. The pragma
    # is a silent no-op inside a transaction, so it goes to the driver before one begins.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("PRAGMA foreign_keys")
    if cursor.fetchone() != (0,):
        raise RuntimeError("SQLite kept its foreign keys on: the migration would delete rows")
    try:
        yield
    finally:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()
