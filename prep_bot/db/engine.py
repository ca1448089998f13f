"""The engine, and the two ways into the database: to read, and to write.

Both databases promise the same. Transactions that write take turns, from their beginning: otherwise two that read and
then write lose one update without any error. One that reads sees a single moment, and neither waits nor is waited for.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Executable, MetaData, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import SQLModel

from prep_bot.db import fleeting as fleeting_sqlite

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

_WRITES = "prep_bot_writes"
_TURN = 0x70726570  # any number, the same in every process


def create_engine(url: str, *, fleeting: bool = False) -> AsyncEngine:
    """Return an engine for `sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`; nothing is opened yet.

    `fleeting` is for a SQLite file that a simulation throws away: it waits neither for a thread nor for the disk.
    Its errors go to the log, so they tell the statement and never what was in it.
    """
    if url.startswith("sqlite"):
        # All that a simulation opens stays open: closing waits for the driver's thread, and would mix up the order.
        options = {"connect_args": {"async_creator_fn": fleeting_sqlite.connect}, "pool_size": 50} if fleeting else {}
        engine = create_async_engine(url, hide_parameters=True, **options)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        if fleeting:
            event.listen(engine.sync_engine, "connect", _trust_the_disk)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    else:
        engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine.sync_engine, "begin", _begin_postgresql)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver must not begin transactions of its own: _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _trust_the_disk(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    # The lock ends with the transaction; whoever has it then sees what the one before committed.
    if _writes(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _writes(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(_WRITES, False))


class _Session(Session):
    """Keeps at hand what it has read, as long as its one transaction lasts: asking for it again asks no database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: list[object] = []


@event.listens_for(_Session, "loaded_as_persistent")
def _keep(session: _Session, instance: object) -> None:
    session.kept.append(instance)


async def rows_changed(session: AsyncSession, statement: Executable) -> int:
    """Run an update or a delete; return how many rows it changed: so a service learns that it came too late."""
    result = await session.execute(statement)
    return cast("CursorResult[Any]", result).rowcount


class Database:
    """What services are given: an engine, and a session for one transaction at a time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.changes = 0
        """How many times this process has had the database open to change it."""

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose transaction is rolled back at the end."""
        async with AsyncSession(self.engine, expire_on_commit=False, sync_session_class=_Session) as session:
            yield session

    @asynccontextmanager
    async def write(self, *, quietly: bool = False) -> AsyncIterator[AsyncSession]:
        """Give a session that may change things: what is not committed by the service is rolled back.

        `quietly` is for what no message depends on, such as dialogues and the outbox's own books: then nobody need
        look again.
        """
        try:
            async with self.writer() as connection:
                session = AsyncSession(connection, expire_on_commit=False, sync_session_class=_Session)
                try:
                    yield session
                finally:
                    # Not by `async with`: that gives way, and whoever writes next would find this transaction open.
                    await session.close()
        finally:
            # Only now: whoever looked before the commit must look again.
            self.changes += not quietly

    @asynccontextmanager
    async def writer(self) -> AsyncIterator[AsyncConnection]:
        """Give the connection beneath such a session: the migrations need no more."""
        options: dict[str, Any] = {_WRITES: True}
        async with self.engine.connect() as connection:
            yield await connection.execution_options(**options)

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
