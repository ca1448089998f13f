"""Which files are taken for annexes, and what they are called."""

from enum import StrEnum

from prep_bot.domain.name import clean

SIZE_LIMIT = 20 * 1024 * 1024
"""Bytes: Telegram lets no bot download more."""

NAME_LIMIT = 100
"""Characters of a file's name; of a longer one the end, with its type, is kept."""

MOST_ANNEXES = 60
"""Annexes of one session, each with any number of versions."""

_TEXTS = frozenset({"pdf", "doc", "docx", "odt", "rtf", "txt", "md"})
_SHEETS = frozenset({"xls", "xlsx", "ods", "csv", "xml", "json"})
_SLIDES = frozenset({"ppt", "pptx", "odp"})
_PICTURES = frozenset({"png", "jpg", "jpeg", "webp", "tif", "tiff", "heic"})
TYPES = _TEXTS | _SHEETS | _SLIDES | _PICTURES | {"zip", "ics"}
"""What an office exchanges, by the ending of the name."""

_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
"""How files that can be run begin, whatever they are called."""


class Refusal(StrEnum):
    """Why a file is not taken."""

    TOO_BIG = "too_big"
    EMPTY = "empty"
    TYPE = "type"
    """Of no type that an office exchanges."""
    PROGRAM = "program"
    """It can be run."""


def refused(name: str, size: int) -> Refusal | None:
    """Return why a file of that name and size (bytes; 0: not known yet) is not taken, before it is downloaded."""
    if size > SIZE_LIMIT:
        return Refusal.TOO_BIG
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return None if ending in TYPES else Refusal.TYPE


def refused_content(content: bytes) -> Refusal | None:
    """Return why a file with that content is not taken."""
    if not content:
        return Refusal.EMPTY
    if len(content) > SIZE_LIMIT:
        return Refusal.TOO_BIG
    return Refusal.PROGRAM if content.startswith(_PROGRAMS) else None


def file_name(name: str) -> str:
    """Return the name under which a file is kept: one line, no folders, not too long."""
    plain = clean(name.replace("\\", "/").rpartition("/")[2])
    return plain if len(plain) <= NAME_LIMIT else f"{plain[: NAME_LIMIT // 2]}…{plain[-NAME_LIMIT // 2 + 1 :]}"
