"""Bring the tables up to date, under a lock: two processes that start together migrate once."""

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from prep_bot.db.engine import Database

_ADVISORY_LOCK = 0x70726570  # any number, the same in every process


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
    """Apply the missing migrations in one transaction.

    Raises UnknownSchemaError when the database is newer than the program.
    """
    async with database.engine.connect() as plain:
        connection = await plain.execution_options(prep_bot_writes=True)
        await connection.run_sync(_upgrade)
        await connection.commit()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        _upgrade_sqlite(connection)
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    _run(connection)


def _upgrade_sqlite(connection: Connection) -> None:
    # Batch mode copies tables and drops the old ones, which with foreign keys on deletes child rows. The pragma
    # is a silent no-op inside a transaction, so it goes to the driver before one begins.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute("PRAGMA foreign_keys")
    if cursor.fetchone() != (0,):
        raise RuntimeError("SQLite kept its foreign keys on: the migration would delete rows")
    try:
        _run(connection)
        broken = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
        if broken:
            raise RuntimeError(f"the migration left {len(broken)} rows without their parent")
        connection.commit()
    finally:
        connection.rollback()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()


def _run(connection: Connection) -> None:
    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise UnknownSchemaError(str(error)) from error
