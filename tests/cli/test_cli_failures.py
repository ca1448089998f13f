"""What the operator is told of an error: in one line, what to do."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy.exc import IntegrityError, OperationalError
from telegram.error import BadRequest, InvalidToken, NetworkError, TimedOut

from prep_bot.bootstrap import open_services
from prep_bot.cli.failures import advice
from prep_bot.settings import Settings
from prep_bot.transport import NotSent
from tests.support.operator import Operator


async def told(database_url: str) -> str | None:
    """Return what is told when that database cannot be used."""
    with pytest.raises(Exception) as failure:
        async with open_services(Settings(database_url=database_url)):
            pass
    return advice(failure.value)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.write_bytes(b"These are not the records of a bot. " * 100)
    assert "restore a backup" in str(await told(f"sqlite+aiosqlite:///{path}"))


async def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.touch()
    assert "give this user write permission" in str(await told(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true"))


async def test_a_newer_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    url = f"sqlite+aiosqlite:///{path}"
    async with open_services(Settings(database_url=url)):
        pass
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "a newer version of prep-bot wrote this database" in str(await told(url))


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("sqlite+aiosqlite://bot.sqlite3", "with three slashes"),
        ("postgresql+asyncpg://bot:s3cr3t@127.0.0.1:1/bot", "the database server was not reached ("),
    ],
)
async def test_an_address_of_nothing(url: str, line: str) -> None:
    told_of = str(await told(url))
    assert line in told_of
    assert "s3cr3t" not in told_of


async def test_a_server_that_does_not_know_the_database(postgresql: tuple[str, object]) -> None:
    told_of = str(await told(postgresql[0].format("nothing_here")))
    assert told_of.startswith(
        'the database refuses: database "nothing_here" does not exist; check PREP_BOT_DATABASE_URL'
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("database or disk is full", "the disk is full"),
        ("disk I/O error", "the disk is full or fails"),
        ("database is locked", "another program keeps the database locked"),
        ("database disk image is malformed", "the database file is damaged"),
        ("something new\nDETAIL: a row", "the database refuses: something new; check"),
    ],
)
def test_what_a_database_says(words: str, line: str) -> None:
    told_of = str(advice(OperationalError("INSERT", {"name": "Ana"}, sqlite3.OperationalError(words))))
    assert line in told_of
    assert "Ana" not in told_of
    assert "\n" not in told_of


TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InvalidToken(f"The token `{TOKEN}` was rejected by the server."), "copy it again from @BotFather"),
        (NotSent("Telegram was not reached: ClientConnectorError"), "Telegram was not reached: ClientConnectorError: "),
        (TimedOut(), "Telegram gave no answer (TimedOut): check the network"),
        (NetworkError(f"Unknown error: https://api.telegram.org/bot{TOKEN}/getMe"), "no answer (NetworkError)"),
        (BadRequest(f"no {TOKEN}"), "Telegram refused a request (BadRequest)"),
        (ModuleNotFoundError("No module named 'asyncpg'", name="asyncpg"), "pip install 'prep-bot[postgres]'"),
    ],
)
def test_an_error_that_is_known(error: Exception, line: str) -> None:
    told_of = str(advice(error))
    assert line in told_of
    assert TOKEN not in told_of


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed")),
        ModuleNotFoundError("No module named 'x'", name="x"),
        KeyError("x"),
    ],
)
def test_a_defect_of_the_program_is_not_explained_away(error: Exception) -> None:
    assert advice(error) is None


async def test_a_template_of_ones_own_with_an_error(operator: Operator) -> None:
    template = Document()
    template.add_paragraph("{{ secretaria }}")
    template.save(str(operator.folder / "convocatoria.docx"))
    (await operator("status", templates=str(operator.folder))).refused("'secretaria' is undefined; it can fill in: ")
