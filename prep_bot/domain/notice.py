"""Notices and deliveries: their kinds and their states."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """Why somebody is told something."""

    UNREACHABLE = "unreachable"
    """To the secretary: a person can no longer be reached."""
    RELINKED = "relinked"
    """To the secretary: a person now uses another Telegram account."""


class NoticeState(StrEnum):
    """What became of a notice."""

    QUEUED = "queued"
    SENT = "sent"
    """Telegram accepted it: never that it was read."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """It may have been sent, and is not sent again."""
    EXPIRED = "expired"
    """It would no longer have helped."""


class DeliveryState(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
