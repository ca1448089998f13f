"""What the operator may set, and the one line that says what to do about the rest."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from prep_bot.settings import SettingsError, load

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"
START = "2021-11-11T09:00:00-06:00"
ELSEWHERE = "http://localhost:8081/bot"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no setting in the environment."""
    for name in os.environ:
        if name.upper().startswith("PREP_BOT_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refusal(**overrides: Any) -> str:
    with pytest.raises(SettingsError) as caught:
        load(**overrides)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.token is None
    assert settings.database_url == "sqlite+aiosqlite:///prep-bot.sqlite3"
    assert settings.api_base_url == "https://api.telegram.org/bot"
    assert (settings.log_format, settings.log_level) == ("console", "INFO")
    assert settings.locales is None
    assert settings.templates is None
    assert (settings.clock_start, settings.clock_rate) == (None, 1)
    assert not settings.rehearsal


def test_the_environment_goes_before_the_file_and_a_command_before_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text(
        f"PREP_BOT_TOKEN={TOKEN}\nPREP_BOT_LOG_FORMAT=json\nPREP_BOT_LOG_LEVEL=ERROR\nCOMPOSE_PROFILES=postgres\n"
    )
    monkeypatch.setenv("PREP_BOT_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("PREP_BOT_API_BASE_URL", ELSEWHERE)
    settings = load(api_base_url="http://other:1/bot", log_level=None)
    assert settings.token is not None
    assert settings.token.get_secret_value() == TOKEN
    assert settings.log_format == "json"
    assert settings.log_level == "DEBUG"
    assert settings.api_base_url == "http://other:1/bot"


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_BOT_TOKEN", "")
    monkeypatch.setenv("PREP_BOT_DATABASE_URL", "")
    assert load().token is None
    assert load().database_url.startswith("sqlite")


def test_the_representation_shows_no_secret() -> None:
    shown = repr(load(token=TOKEN, database_url="postgresql+asyncpg://clerk:open-sesame@db/prep_bot"))
    assert TOKEN not in shown
    assert "open-sesame" not in shown


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:////data/x.sqlite3", "sqlite+aiosqlite://", "postgresql+asyncpg://clerk@db/prep_bot"]
)
def test_a_supported_database(url: str) -> None:
    assert load(database_url=url).database_url == url


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("sqlite:///prep-bot.sqlite3", "write sqlite+aiosqlite:///FILE"),
        ("postgresql://clerk:open-sesame@db/x", "begin it with postgresql+asyncpg://"),
        ("postgres://clerk:open-sesame@db/x", "begin it with postgresql+asyncpg://"),
        ("postgresql+psycopg://clerk:open-sesame@db/x", "begin it with postgresql+asyncpg://"),
        ("mysql://clerk:open-sesame@db/x", "use sqlite+aiosqlite:///FILE or postgresql+asyncpg://"),
        ("prep-bot.sqlite3", "use sqlite+aiosqlite:///FILE or postgresql+asyncpg://"),
    ],
)
def test_another_database_is_refused_with_the_form_to_use(url: str, advice: str) -> None:
    message = refusal(database_url=url)
    assert message.startswith("PREP_BOT_DATABASE_URL: ")
    assert advice in message
    assert "open-sesame" not in message


@pytest.mark.parametrize(
    "url", ["http://localhost:8081", "http://localhost:8081/bot/", "ftp://x/bot", "http:///bot", "https://[x/bot"]
)
def test_an_address_of_another_form_is_refused(url: str) -> None:
    assert refusal(api_base_url=url) == (
        "PREP_BOT_API_BASE_URL: it must begin with https:// or http:// and end in /bot"
    )


def test_a_rehearsal() -> None:
    settings = load(clock_start=START, clock_rate="60", api_base_url=ELSEWHERE)
    assert settings.rehearsal
    assert settings.clock_start == datetime(2021, 11, 11, 15, tzinfo=UTC)
    assert settings.clock_start.tzinfo is UTC
    assert settings.clock_rate == 60


@pytest.mark.parametrize("start", ["2021-11-11T09:00:00", "2021-11-11", "20211111", "1636642800", "mañana"])
def test_a_rehearsal_begins_at_an_instant_with_its_offset(start: str) -> None:
    assert refusal(clock_start=start, api_base_url=ELSEWHERE) == (
        "PREP_BOT_CLOCK_START: write an instant with its offset from UTC, such as 2021-11-11T09:00:00-06:00"
    )


@pytest.mark.parametrize("rate", ["0", "-1", "inf", "nan", "fast"])
def test_the_clock_runs_forward(rate: str) -> None:
    assert refusal(clock_start=START, clock_rate=rate, api_base_url=ELSEWHERE).startswith("PREP_BOT_CLOCK_RATE: ")


def test_a_rate_without_a_start_is_refused() -> None:
    assert "needs PREP_BOT_CLOCK_START" in refusal(clock_rate=2, api_base_url=ELSEWHERE)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.telegram.org/bot",
        "https://API.Telegram.org:443/bot",
        "https://api.telegram.org./bot",
        "https://clerk@telegram.org/bot",
    ],
)
def test_a_rehearsal_against_telegram_itself_is_refused(url: str) -> None:
    assert "point PREP_BOT_API_BASE_URL to another one" in refusal(clock_start=START, api_base_url=url)


def test_a_rehearsal_against_a_server_of_a_similar_name() -> None:
    assert load(clock_start=START, api_base_url="https://nottelegram.org/bot").rehearsal


@pytest.mark.parametrize("name", ["locales", "templates"])
def test_a_folder(folder: Path, name: str) -> None:
    assert getattr(load(**{name: folder}), name) == folder
    assert refusal(**{name: folder / "none"}) == f"PREP_BOT_{name.upper()}: Path does not point to a directory"


def test_all_problems_in_one_line_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREP_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("PREP_BOT_DATABASE_URL", "mysql://clerk:open-sesame@db/x")
    monkeypatch.setenv("PREP_BOT_LOG_FORMAT", "xml")
    monkeypatch.setenv("PREP_BOT_LOG_LEVEL", "loud")
    message = refusal()
    assert [each.split(":")[0] for each in message.split("; ")] == [
        "PREP_BOT_DATABASE_URL",
        "PREP_BOT_LOG_FORMAT",
        "PREP_BOT_LOG_LEVEL",
    ]
    assert "'console' or 'json'" in message
    assert TOKEN not in message
    assert "open-sesame" not in message


def test_a_file_that_is_not_text(folder: Path) -> None:
    (folder / ".env").write_bytes("# contraseña".encode("latin-1"))
    assert refusal() == ".env cannot be read (UnicodeDecodeError): make it a readable file in UTF-8"
