"""What a button asks for: encoded to callback data and decoded from it, here only.

The data is `<version><tag>:<field>:<field>…`, at most 64 bytes. Whatever does not decode is a button of an older
version of the program, or a forgery: both get the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_type_hints

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.domain.role import Role

VERSION = "1"
LIMIT = 64
"""Bytes of callback data, by Telegram's rule."""

ALL_COMMISSIONS = 0
"""In the field `commission`: every commission of the person."""


class StaleActionError(Exception):
    """The data is of no action that this version of the program knows."""


@dataclass(frozen=True)
class Action:
    """Something that a button asks for. The fields of a subclass are its parameters, in order."""

    tag: ClassVar[str]

    def encode(self) -> str:
        """Return the callback data. Raises ValueError when it does not fit."""
        values = (_written(getattr(self, field.name)) for field in fields(self))
        data = ":".join((VERSION + self.tag, *values))
        if len(data.encode()) > LIMIT:
            raise ValueError(f"the callback data of {type(self).__name__} has more than {LIMIT} bytes")
        return data

    @classmethod
    def read(cls, values: list[str]) -> Self:
        """Return the action with those written values. Raises ValueError when they are not its own."""
        readers = _readers(cls)
        if len(values) != len(readers):
            raise ValueError(f"{cls.__name__} has {len(readers)} fields")
        return cls(*(read(value) for read, value in zip(readers, values, strict=True)))


def decode(data: str) -> Action:
    """Return the action that callback data asks for. Raises StaleActionError."""
    tag, *values = data.split(":")
    for kind in Action.__subclasses__():
        if tag == VERSION + kind.tag:
            try:
                return kind.read(values)
            except ValueError:
                break
    raise StaleActionError


def _written(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _readers(kind: type[Action]) -> list[Callable[[str], Any]]:
    hints = get_type_hints(kind)
    return [_reader(hints[field.name]) for field in fields(kind)]


def _reader(hint: Any) -> Callable[[str], Any]:
    if isinstance(hint, UnionType):
        (inner,) = (choice for choice in get_args(hint) if choice is not type(None))
        read = _reader(inner)
        return lambda text: read(text) if text else None
    if hint is Month:
        return Month.parse
    if hint is bool:
        return lambda text: bool(int(text))
    if hint in (int, str) or issubclass(hint, StrEnum):
        return hint  # type: ignore[no-any-return]
    raise TypeError(f"callback data cannot carry {hint}")


@dataclass(frozen=True)
class AcceptPrivacy(Action):
    """«Acepto»: enrol with this invitation."""

    tag = "ok"
    code: str


@dataclass(frozen=True)
class ShowPending(Action):
    """What is pending in a month; without one, in the whole plan."""

    tag = "pe"
    month: Month | None
    page: int = 0


@dataclass(frozen=True)
class ShowActivities(Action):
    """The activities of a commission's month, or of all its months."""

    tag = "as"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ShowActivity(Action):
    """One activity, whole."""

    tag = "ac"
    commission: int
    number: int


@dataclass(frozen=True)
class ShowCalendar(Action):
    """All sessions of a commission."""

    tag = "ca"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowMeeting(Action):
    """One session, whole."""

    tag = "se"
    commission: int
    number: int


@dataclass(frozen=True)
class ChooseActivity(Action):
    """Record progress: pick an activity."""

    tag = "re"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ChooseState(Action):
    """Record progress: pick the state of that activity."""

    tag = "rs"
    commission: int
    number: int


@dataclass(frozen=True)
class RecordProgress(Action):
    """Record progress: this state."""

    tag = "rp"
    commission: int
    number: int
    state: ActivityState


@dataclass(frozen=True)
class UndoProgress(Action):
    """Take back what was recorded."""

    tag = "ru"
    commission: int
    entry: int


@dataclass(frozen=True)
class ShowMembers(Action):
    """Who is who."""

    tag = "in"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowMember(Action):
    """One person's seat, for whoever manages them."""

    tag = "im"
    commission: int
    membership: int


@dataclass(frozen=True)
class ShowFormerMembers(Action):
    """Ended memberships."""

    tag = "if"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class InviteAs(Action):
    """Invite somebody in that role: their name is asked next."""

    tag = "iv"
    commission: int
    role: Role


@dataclass(frozen=True)
class InviteGuestTo(Action):
    """Invite a guest to that session: their name is asked next."""

    tag = "ig"
    commission: int
    meeting: int


@dataclass(frozen=True)
class ChooseRole(Action):
    """Invite somebody: pick the role."""

    tag = "ir"
    commission: int


@dataclass(frozen=True)
class ShowInvitations(Action):
    """Invitations that can still be used."""

    tag = "io"
    commission: int


@dataclass(frozen=True)
class RevokeInvitation(Action):
    """Make an invitation worthless."""

    tag = "ix"
    commission: int
    invitation: int


@dataclass(frozen=True)
class InviteAgain(Action):
    """A new link for somebody who is known: they never enrolled, or lost their phone."""

    tag = "ia"
    commission: int
    membership: int


@dataclass(frozen=True)
class AskEnd(Action):
    """End somebody's membership: ask the date."""

    tag = "ie"
    commission: int
    membership: int
    replace: bool = False


@dataclass(frozen=True)
class EndToday(Action):
    """End somebody's membership today."""

    tag = "it"
    commission: int
    membership: int
    replace: bool = False


@dataclass(frozen=True)
class LinkGroup(Action):
    """Make the group in which the button stands the commission's."""

    tag = "vi"
    commission: int


@dataclass(frozen=True)
class ShowMyData(Action):
    """What is stored about me."""

    tag = "md"


@dataclass(frozen=True)
class AskDeleteContact(Action):
    """Delete my contact data: ask first."""

    tag = "dq"


@dataclass(frozen=True)
class DeleteContact(Action):
    """Delete my contact data."""

    tag = "dd"


@dataclass(frozen=True)
class RunCommand(Action):
    """Run a command: one that was guessed from what a person wrote, or in the commission that they picked."""

    tag = "cm"
    commission: int
    name: str
    argument: str = ""

    @classmethod
    def fitting(cls, commission: int, name: str, argument: str) -> Self:
        """Return the action with `argument`, or without it when it does not fit in a button."""
        whole = cls(commission, name, argument)
        try:
            return whole if decode(whole.encode()) == whole else cls(commission, name)
        except (ValueError, StaleActionError):
            return cls(commission, name)
