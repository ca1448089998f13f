"""What a handler is given and what it gives back: no Telegram here."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prep_bot.domain.announcement import Attachment
from prep_bot.domain.quiet import after_quiet
from prep_bot.domain.role import Permission
from prep_bot.services.container import Services
from prep_bot.services.identity import Actor, Seat
from prep_bot.texts.actions.action import Action
from prep_bot.texts.message import Choice, Message, Seal, Toast


@dataclass(frozen=True)
class File:
    """A file that somebody sent: Telegram keeps it under `file_id`."""

    file_id: str
    kind: Attachment
    name: str
    size: int
    """Bytes; 0 when Telegram does not tell."""
    media_type: str
    fetch: Callable[[], Awaitable[bytes]]
    """Download it. Raises FileTooBigError."""


class FileTooBigError(Exception):
    """Telegram lets no bot download so large a file: more than 20 MB."""


Download = Callable[[str], Awaitable[bytes]]
"""Fetch the content of the file that Telegram keeps under an id. Raises FileTooBigError."""


async def no_download(file_id: str) -> bytes:
    """Fetch nothing: where there is no Telegram, there are no files."""
    raise LookupError(file_id)


@dataclass(frozen=True)
class Turn:
    """Somebody's turn to speak: who, in which of their seats, and what they said."""

    services: Services
    actor: Actor
    seats: tuple[Seat, ...]
    """Those that hold the permission which the handler was registered with; one, unless it answers for all."""
    argument: str = ""
    """What followed the command; for an awaited answer, the whole text."""
    data: dict[str, Any] = field(default_factory=dict)
    """What a dialogue had settled before this answer."""
    bot: str = ""
    """The bot's user name, for links."""
    chat_id: int = 0
    message_id: int = 0
    """Of a tap: the message in whose place a reply will stand; 0 when it will be a new one."""
    attachment: File | None = None
    """A document or a photo that came with the text."""
    download: Download = no_download
    """For a file that came earlier, by its id."""
    chat_title: str = ""
    in_group: bool = False
    menu: tuple[str, ...] = ()
    """The commands that this person may use here."""

    @property
    def seat(self) -> Seat:
        """The one seat of a handler that answers for one commission."""
        return self.seats[0]

    @property
    def morning(self) -> datetime | None:
        """When the quiet hours of the seat's commission end, if it is quiet now."""
        now, rules = self.services.clock.now(), self.seat.rules
        morning = after_quiet(now, rules.quiet_hours, rules.zone)
        return morning if morning > now else None

    @property
    def number(self) -> int | None:
        """The number in the argument of a command such as `/actividad 12`, if it has one."""
        match = re.search(r"\d{1,9}", self.argument)
        return int(match[0]) if match else None


Reply = Message | Toast | Seal | Choice | None


@dataclass(frozen=True)
class Command:
    """A command and who may use it. Without a permission: whoever is enrolled, former members too."""

    name: str
    permission: Permission | None
    run: Callable[[Turn], Awaitable[Reply]]
    every_seat: bool = False
    """It answers for all the person's commissions together; otherwise they are asked which one."""
    in_private: bool = True
    in_group: bool = False
    """It is answered in the linked group: it shows nothing personal."""
    in_any_group: bool = False
    """Even in a group that is not linked, to whoever holds the permission in any commission."""


@dataclass(frozen=True)
class Tap:
    """A button's action and who may use it."""

    action: type[Action]
    permission: Permission | None
    run: Callable[[Turn, Any], Awaitable[Reply]]
    in_private: bool = True
    in_group: bool = False
    in_any_group: bool = False


@dataclass(frozen=True)
class Answer:
    """What to do with the text that a dialogue awaited, and who may give it."""

    topic: str
    permission: Permission
    run: Callable[[Turn], Awaitable[Reply]]
    optional: bool = False
    """Nothing depends on it: any command ends the wait."""
    acts_at_once: bool = False
    """It does something official without asking again: any command ends the wait, and says so."""
    takes_files: bool = False
    """A document or a photo without a word is an answer too."""


@dataclass(frozen=True)
class FileTaker:
    """What to do with a file that nobody asked for, and who may send one."""

    permission: Permission
    run: Callable[[Turn], Awaitable[Reply]]


@dataclass(frozen=True)
class Family:
    """What one module of handlers registers."""

    commands: tuple[Command, ...] = ()
    taps: tuple[Tap, ...] = ()
    answers: tuple[Answer, ...] = ()
