"""What to tell the operator of an error that reached the command line: what to do, in one line, without any secret.

The errors' own words are used only where they are known to hold none: those of the Telegram library may carry the
token, and those of SQLAlchemy what was being written.
"""

import sqlite3

from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from prep_bot.db.migrate import UnknownSchemaError
from prep_bot.documents.convocation_docx import TemplateError
from prep_bot.services.import_conflict import ImportConflictError
from prep_bot.services.rehearsal import ClockMismatchError
from prep_bot.transport import NotSent

_SQLITE = {
    "unable to open": "the database file cannot be opened: let PREP_BOT_DATABASE_URL name a file in a folder that "
    "exists and that this user may write to",
    "readonly": "the database cannot be written to: give this user write permission on the file and on its folder",
    "not a database": "the database file is not one, or is damaged: restore a backup, or name another file in "
    "PREP_BOT_DATABASE_URL",
    "malformed": "the database file is damaged: restore a backup",
    "disk": "the database cannot be written to: the disk is full or fails",
    "locked": "another program keeps the database locked: close it and try again",
    "no such table: heartbeat": "the bot has not run with this database yet: start `prep-bot run`, or check "
    "PREP_BOT_DATABASE_URL",
}
"""What SQLite says, and what to tell the operator."""


def advice(error: Exception) -> str | None:
    """Return what to do about `error`; None when it is a defect of the program."""
    match error:
        case ImportConflictError() | ClockMismatchError() | TemplateError():
            return str(error)
        case UnknownSchemaError():
            return "a newer version of prep-bot wrote this database: install that version, or a newer one"
        case InvalidToken():
            return "the Bot API server refuses the token: copy it again from @BotFather to PREP_BOT_TOKEN"
        case NotSent():
            return f"{error}: check the network and, if it is set, PREP_BOT_API_BASE_URL"
        case NetworkError() if not isinstance(error, BadRequest):
            return f"Telegram gave no answer ({type(error).__name__}): check the network and try again"
        case TelegramError():
            return f"Telegram refused a request ({type(error).__name__}): try again later"
        case ModuleNotFoundError(name="asyncpg"):
            return "PostgreSQL needs its driver: pip install 'prep-bot[postgres]'"
        case ArgumentError():
            return "PREP_BOT_DATABASE_URL names no database: write sqlite+aiosqlite:///FILE, with three slashes"
        case sqlite3.DatabaseError():
            return _of_the_database(str(error))
        case DBAPIError() if not isinstance(error, IntegrityError | DataError):
            return _of_the_database(str(error.orig))
        case OSError():
            reason = error.strerror or type(error).__name__
            return f"the database server was not reached ({reason}): start it, or correct PREP_BOT_DATABASE_URL"
    return None


def _of_the_database(words: str) -> str:
    for known, line in _SQLITE.items():
        if known in words.lower():
            return line
    reason = words.splitlines()[0] if words else "no reason given"
    return f"the database refuses: {reason}; check PREP_BOT_DATABASE_URL and the rights of its user"
