"""What the operator sets: environment variables with the prefix PREP_BOT_, or a `.env` file in the working folder."""

from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import DirectoryPath, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PREP_BOT_"


class SettingsError(Exception):
    """The settings cannot be used: one line for the operator that says what to do, without any secret."""


class Settings(BaseSettings):
    """The settings, each checked by itself and against the others; `load` makes them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    token: SecretStr | None = None
    """From BotFather. Only the commands that talk to Telegram need it."""
    database_url: str = Field(default="sqlite+aiosqlite:///prep-bot.sqlite3", repr=False)
    """Not for the log: it may carry a password."""
    api_base_url: str = "https://api.telegram.org/bot"
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    locales: DirectoryPath | None = None
    """A folder of catalogues whose wording goes before the bot's own."""
    templates: DirectoryPath | None = None
    """A folder of templates that go before the bot's own: `convocatoria.docx`."""
    clock_start: datetime | None = None
    """The instant, in UTC, at which a rehearsal begins; none outside of rehearsals."""
    clock_rate: float = Field(default=1, gt=0, allow_inf_nan=False)
    """How many times as fast as the machine's the clock of a rehearsal runs."""

    @property
    def rehearsal(self) -> bool:
        """Whether the bot lives at another moment than the machine."""
        return self.clock_start is not None

    @field_validator("database_url")
    @classmethod
    def _database_that_is_supported(cls, url: str) -> str:
        scheme, _, _ = url.partition("://")
        if scheme == "sqlite+aiosqlite":
            return url
        if scheme == "postgresql+asyncpg":
            try:
                _ = urlsplit(url).port
            except ValueError:
                raise ValueError("write special characters of its password as %-codes, such as %23 for #") from None
            return url
        if scheme.startswith("sqlite"):
            raise ValueError("write sqlite+aiosqlite:///FILE instead of sqlite:///FILE")
        if scheme.startswith("postgres"):
            raise ValueError("begin it with postgresql+asyncpg:// and leave the rest as it is")
        raise ValueError("use sqlite+aiosqlite:///FILE or postgresql+asyncpg://USER:PASSWORD@HOST/NAME")

    @field_validator("api_base_url")
    @classmethod
    def _address_as_the_library_wants_it(cls, url: str) -> str:
        if not url.endswith("/bot") or not url.startswith(("http://", "https://")) or not _host(url):
            raise ValueError("it must begin with https:// or http:// and end in /bot")
        return url

    @field_validator("clock_start", mode="before")
    @classmethod
    def _instant(cls, value: object) -> datetime | None:
        """Read ISO 8601 only: pydantic itself would take 20220301 for seconds since 1970."""
        if value is None:
            return None
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise ValueError("write an instant with its offset from UTC, such as 2021-11-11T09:00:00-06:00")
        return instant.astimezone(UTC)

    @model_validator(mode="after")
    def _rehearsal_away_from_telegram(self) -> "Settings":
        if not self.rehearsal and self.clock_rate != 1:
            raise ValueError(f"{PREFIX}CLOCK_RATE needs {PREFIX}CLOCK_START too: the instant at which to begin")
        if self.rehearsal and f".{_host(self.api_base_url)}".endswith(".telegram.org"):
            raise ValueError(
                f"a rehearsal never runs against Telegram's own server: point {PREFIX}API_BASE_URL to another one, "
                f"or remove {PREFIX}CLOCK_START"
            )
        return self


def load(**overrides: Any) -> Settings:
    """Return the settings of the environment and of `.env`; an override that is not None goes before them.

    Raises SettingsError.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = "; ".join(_problem(*each["loc"], message=each["msg"]) for each in error.errors())
    except (OSError, UnicodeDecodeError) as error:
        problems = f".env cannot be read ({type(error).__name__}): make it a readable file in UTF-8"
    # Raised out of the handlers: the other errors carry what was given, the token too.
    raise SettingsError(problems)


def _host(url: str) -> str:
    """Return the host of `url`, in small letters; an empty string when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _problem(*location: int | str, message: str) -> str:
    sentence = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(location[0]).upper()}: {sentence}" if location else sentence
