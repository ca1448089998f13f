"""Announcements: what may be attached, to whom they go, and how long they may be."""

from enum import StrEnum

TEXT_LIMIT = 3000
"""Characters of an announcement without a file."""
CAPTION_LIMIT = 900
"""Characters of one with a file, by Telegram's limit of 1024 for captions, less our heading."""


def length_of(text: str) -> int:
    """Return how many characters Telegram counts in `text`: most emojis are two."""
    return len(text.encode("utf-16-le")) // 2


class Attachment(StrEnum):
    """What kind of file goes with an announcement."""

    DOCUMENT = "document"
    PHOTO = "photo"


class Audience(StrEnum):
    """To whom an announcement goes, besides the roles."""

    EVERYONE = "everyone"
    UNACKNOWLEDGED = "unacknowledged"
    """Whoever has not acknowledged a convocation in force."""
