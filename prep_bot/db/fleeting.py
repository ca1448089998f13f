"""SQLite for a world that is thrown away: one process, one thread, and nothing that must survive it."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")


class FleetingConnection(aiosqlite.Connection):
    """Does what it is asked where it is asked, without a turn of the driver's thread.

    Those turns are two thirds of what a statement costs. A running bot needs them, since the disk must not stop its
    loop; a simulation has nothing else to do meanwhile. It relies on what is a rule of this program anyway: a
    transaction waits for nothing but the database.
    """

    async def _connect(self) -> aiosqlite.Connection:
        # Here too: else which of several waits longer for its thread would decide the order of what they do.
        if self._connection is None:
            self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return fn(*args, **kwargs)


def connect(database: str, **options: Any) -> FleetingConnection:
    """Return a connection to that file, as the driver's `connect` does."""

    def connector() -> sqlite3.Connection:
        # Used by the loop's thread, closed by the driver's: never by both at once.
        opened: sqlite3.Connection = sqlite3.connect(database, **{**options, "check_same_thread": False})
        return opened

    return FleetingConnection(connector, iter_chunk_size=64)
