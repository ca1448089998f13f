"""What a button asks for: encoded to callback data and decoded from it, here only.

The data is `<version><tag>:<field>:<field>…`, at most 64 bytes. Whatever does not decode is a button of an older
version of the program, or a forgery: both get the same answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from types import UnionType
from typing import Any, ClassVar, Self, get_args, get_type_hints

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.agenda import StandardPoint
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import Modality
from prep_bot.domain.month import Month
from prep_bot.domain.postponing import Later
from prep_bot.domain.role import Role

VERSION = "1"
LIMIT = 64
"""Bytes of callback data, by Telegram's rule."""

ALL_COMMISSIONS = 0
"""In the field `commission`: every commission of the person."""


_NUMBER = re.compile(r"[0-9]{1,9}")
_READERS: "dict[type[Action], list[Callable[[str], Any]]]" = {}


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


def _readers(kind: "type[Action]") -> list[Callable[[str], Any]]:
    """Return how each field is read: found out once, however often such a button is tapped."""
    if kind not in _READERS:
        hints = get_type_hints(kind)
        _READERS[kind] = [_reader(hints[field.name]) for field in fields(kind)]
    return _READERS[kind]


def _reader(hint: Any) -> Callable[[str], Any]:
    if isinstance(hint, UnionType):
        (inner,) = (choice for choice in get_args(hint) if choice is not type(None))
        read = _reader(inner)
        return lambda text: read(text) if text else None
    if hint is Month:
        return Month.parse
    if hint is bool:
        return lambda text: bool(_number(text))
    if hint is int:
        return _number
    if hint is str or issubclass(hint, StrEnum):
        return hint  # type: ignore[no-any-return]
    raise TypeError(f"callback data cannot carry {hint}")


def _number(text: str) -> int:
    """Read a number as `encode` writes it: what a forger writes instead must not reach the database."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a number of callback data")
    return int(text)


@dataclass(frozen=True)
class AcceptPrivacy(Action):
    """«Acepto»: enrol with this invitation."""

    tag = "ok"
    code: str


@dataclass(frozen=True)
class ShowPending(Action):
    """What is pending now, in that month only, or (`everything`) in the whole plan."""

    tag = "pe"
    month: Month | None = None
    page: int = 0
    everything: bool = False


@dataclass(frozen=True)
class ShowActivities(Action):
    """The activities of a commission's month, or of all its months."""

    tag = "as"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ShowActivity(Action):
    """One activity, whole; another page has older parts of its history."""

    tag = "ac"
    commission: int
    number: int
    page: int = 0


@dataclass(frozen=True)
class ShowProgress(Action):
    """How much of a commission's plan is done."""

    tag = "av"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowCalendar(Action):
    """The sessions of a commission's month, or of all its months."""

    tag = "ca"
    commission: int
    month: Month | None = None
    page: int = 0


@dataclass(frozen=True)
class ShowMeeting(Action):
    """One session, whole; another page has more of its topics."""

    tag = "se"
    commission: int
    number: int
    page: int = 0


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
    """Record progress: this state, on top of the entry that was the last one when the choice was offered."""

    tag = "rp"
    commission: int
    number: int
    state: ActivityState
    after: int
    """The id of that entry; 0 when there was none."""


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
    page: int = 0


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
class ShowHelp(Action):
    """What this person may ask."""

    tag = "ay"
    page: int = 0


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


@dataclass(frozen=True)
class DateMeeting(Action):
    """Fix the date of a session that is not convened: the date is asked next."""

    tag = "fi"
    commission: int
    meeting: int


@dataclass(frozen=True)
class PickDate(Action):
    """«Sí, esa fecha»: one of the dates that the dialogue offered, counted from 0.

    Here and below, `stamp` names the draft for which the button was made.
    """

    tag = "fd"
    commission: int
    choice: int
    stamp: int


@dataclass(frozen=True)
class AskDateAgain(Action):
    """No: ask the date again."""

    tag = "fa"
    commission: int
    stamp: int


@dataclass(frozen=True)
class PickModality(Action):
    """How people attend."""

    tag = "fm"
    commission: int
    modality: Modality
    stamp: int


@dataclass(frozen=True)
class KeepPlace(Action):
    """The place or link that was offered, because an earlier session had it."""

    tag = "fk"
    commission: int
    stamp: int


@dataclass(frozen=True)
class ConfirmChange(Action):
    """Do what the dialogue has prepared: move, defer, cancel, close, or add the extraordinary session."""

    tag = "fc"
    commission: int
    stamp: int


@dataclass(frozen=True)
class MoveMeeting(Action):
    """Move a session that is dated or convened."""

    tag = "mv"
    commission: int
    meeting: int


@dataclass(frozen=True)
class DeferMeeting(Action):
    """Defer a session until it gets another date: the reason is asked next."""

    tag = "mf"
    commission: int
    meeting: int


@dataclass(frozen=True)
class CancelMeeting(Action):
    """Cancel a session: the reason is asked next."""

    tag = "mx"
    commission: int
    meeting: int


@dataclass(frozen=True)
class CloseMeeting(Action):
    """Note that a session was held: a remark is asked next."""

    tag = "mh"
    commission: int
    meeting: int


@dataclass(frozen=True)
class PreviewConvocation(Action):
    """Show what each person would receive if the session were convened."""

    tag = "co"
    commission: int
    meeting: int


@dataclass(frozen=True)
class Convene(Action):
    """Convene the session, as it was shown, now or at the end of the quiet hours."""

    tag = "cn"
    commission: int
    meeting: int
    seen: int
    """Names the session's state and its agenda as they were shown."""
    in_the_morning: bool = False
    at_night: bool = False
    """It was quiet when this was offered, and so was the morning."""


@dataclass(frozen=True)
class ShowBoard(Action):
    """Who has acknowledged a convocation."""

    tag = "bo"
    commission: int
    convocation: int


@dataclass(frozen=True)
class ChooseTold(Action):
    """Somebody was notified by other means: whom?"""

    tag = "ot"
    commission: int
    convocation: int


@dataclass(frozen=True)
class RecordTold(Action):
    """That person was: how and when is asked next."""

    tag = "or"
    commission: int
    convocation: int
    person: int


@dataclass(frozen=True)
class Acknowledge(Action):
    """«Acusar recibo»."""

    tag = "ak"
    convocation: int


@dataclass(frozen=True)
class Postpone(Action):
    """Have a reminder again later."""

    tag = "pp"
    meeting: int
    later: Later


@dataclass(frozen=True)
class ChooseAudience(Action):
    """To whom the announcement goes: an Audience, or a Role."""

    tag = "ai"
    commission: int
    audience: str


@dataclass(frozen=True)
class SendAnnouncement(Action):
    """Broadcast the announcement that the dialogue has prepared."""

    tag = "ae"
    commission: int


@dataclass(frozen=True)
class ShowAnnouncement(Action):
    """What became of an announcement."""

    tag = "ar"
    commission: int
    announcement: int


@dataclass(frozen=True)
class ShowDeliveries(Action):
    """What was sent, failed and is waiting."""

    tag = "en"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class RetryDelivery(Action):
    """Send again what failed."""

    tag = "er"
    commission: int
    delivery: int


class Preference(StrEnum):
    """What a person may turn on and off."""

    HOUR_REMINDER = "hour"
    MONTHLY_SUMMARY = "month"


@dataclass(frozen=True)
class TogglePreference(Action):
    """Turn it on or off."""

    tag = "aj"
    preference: Preference
    wanted: bool


@dataclass(frozen=True)
class ShowPetitions(Action):
    """The petitions of an extraordinary session that wait for signatures, or for the session."""

    tag = "sl"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class ShowPetition(Action):
    """One petition, whole."""

    tag = "sv"
    commission: int
    petition: int


@dataclass(frozen=True)
class PresentPetition(Action):
    """Present the petition that the dialogue has prepared; `stamp` names its words."""

    tag = "sp"
    commission: int
    stamp: int


@dataclass(frozen=True)
class SignPetition(Action):
    """«Firmar»."""

    tag = "sf"
    commission: int
    petition: int


@dataclass(frozen=True)
class UnsignPetition(Action):
    """Take back one's signature."""

    tag = "sq"
    commission: int
    petition: int


@dataclass(frozen=True)
class WithdrawPetition(Action):
    """Withdraw one's petition."""

    tag = "sx"
    commission: int
    petition: int


@dataclass(frozen=True)
class PreparePetitioned(Action):
    """Prepare the extraordinary session that a majority asked for: its date is asked next."""

    tag = "sd"
    commission: int
    petition: int


@dataclass(frozen=True)
class CallItUrgent(Action):
    """«Es urgente», or not: of the extraordinary session that the dialogue is about to add."""

    tag = "ur"
    commission: int
    urgent: bool
    stamp: int


@dataclass(frozen=True)
class GiveAnswer(Action):
    """«Asistiré», «A distancia» or «No asistiré»."""

    tag = "at"
    convocation: int
    answer: Answer


@dataclass(frozen=True)
class SkipDetail(Action):
    """«Omitir»: give no reason for not attending, or name nobody instead."""

    tag = "ao"
    convocation: int


@dataclass(frozen=True)
class ChangeModality(Action):
    """Let a convened session be attended otherwise, on the same date."""

    tag = "qm"
    commission: int
    meeting: int


@dataclass(frozen=True)
class KeepMeeting(Action):
    """«Mantener»: leave the session as it is, though a quorum is no longer to be expected."""

    tag = "qk"
    commission: int
    convocation: int
    risk: int
    """Which alert of that convocation it answers, counted from 1."""


@dataclass(frozen=True)
class SendDocument(Action):
    """«Documento (Word)»: the document of a convocation, for Word."""

    tag = "dw"
    commission: int
    convocation: int


@dataclass(frozen=True)
class AskSigned(Action):
    """«Subir la firmada»: the signed document is awaited next."""

    tag = "df"
    commission: int
    convocation: int


@dataclass(frozen=True)
class SendConvocation(Action):
    """«Convocatoria (PDF)»: the signed one, or what is made of the same data."""

    tag = "dp"
    commission: int
    convocation: int


@dataclass(frozen=True)
class SendCalendar(Action):
    """«Agregar a mi calendario»: the session as its newest convocation leaves it."""

    tag = "dk"
    commission: int
    convocation: int


@dataclass(frozen=True)
class ShowAgenda(Action):
    """The agenda of a session, with its annexes."""

    tag = "oa"
    commission: int
    number: int
    page: int = 0


@dataclass(frozen=True)
class DrawUpAgenda(Action):
    """Begin the agenda with the usual points and the plan's topics."""

    tag = "od"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskPoints(Action):
    """Add points: the usual ones and unfinished ones are offered, others are written next."""

    tag = "on"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AddStandardPoint(Action):
    """Add that usual point where it belongs."""

    tag = "os"
    commission: int
    meeting: int
    standard: StandardPoint


@dataclass(frozen=True)
class CarryPoint(Action):
    """Take up a point that an earlier session left unfinished."""

    tag = "oc"
    commission: int
    meeting: int
    point: int


@dataclass(frozen=True)
class ShowPoint(Action):
    """One point, with what can be done about it."""

    tag = "op"
    commission: int
    point: int


@dataclass(frozen=True)
class EditPoint(Action):
    """Give a point other words: they are asked next."""

    tag = "oe"
    commission: int
    point: int


@dataclass(frozen=True)
class MovePoint(Action):
    """Move a point one place up or down; `place` is its number as it was shown."""

    tag = "om"
    commission: int
    point: int
    place: int
    up: bool


@dataclass(frozen=True)
class RemovePoint(Action):
    """Take a point off the agenda."""

    tag = "ox"
    commission: int
    point: int


@dataclass(frozen=True)
class RestorePoint(Action):
    """Put back a point that was taken off."""

    tag = "oz"
    commission: int
    point: int


@dataclass(frozen=True)
class ShowUnfinished(Action):
    """Which points did a session that was held leave unfinished?"""

    tag = "ou"
    commission: int
    meeting: int
    page: int = 0


@dataclass(frozen=True)
class MarkUnfinished(Action):
    """That one, or no longer."""

    tag = "og"
    commission: int
    point: int
    wanted: bool
    page: int = 0


@dataclass(frozen=True)
class AskAnnex(Action):
    """Add an annex to a point (0: to the session), or the next version of `series`: the file is sent next."""

    tag = "na"
    commission: int
    meeting: int
    point: int
    series: int = 0


@dataclass(frozen=True)
class ShowAnnex(Action):
    """An annex with all its versions."""

    tag = "nx"
    commission: int
    meeting: int
    series: int


@dataclass(frozen=True)
class OpenAnnex(Action):
    """Send that version of an annex to whoever asks."""

    tag = "no"
    commission: int
    meeting: int
    series: int
    version: int


@dataclass(frozen=True)
class WithdrawAnnex(Action):
    """Withdraw an annex, of which that version is the newest."""

    tag = "nw"
    commission: int
    meeting: int
    series: int
    version: int


@dataclass(frozen=True)
class ChooseFileMeeting(Action):
    """The file that was sent belongs to that session. Here and below, `stamp` names the file."""

    tag = "nm"
    commission: int
    meeting: int
    stamp: int


@dataclass(frozen=True)
class ChooseFilePoint(Action):
    """It belongs to that point; 0: to the session."""

    tag = "np"
    commission: int
    point: int
    stamp: int


@dataclass(frozen=True)
class ReplaceAnnex(Action):
    """It replaces that annex; 0: it is a new one."""

    tag = "nr"
    commission: int
    series: int
    stamp: int


@dataclass(frozen=True)
class TellChanges(Action):
    """Tell what changed in the agenda or the annexes since the session was convened."""

    tag = "vt"
    commission: int
    meeting: int


@dataclass(frozen=True)
class PickNature(Action):
    """The change is only a correction, or the session is convened anew. `stamp` names the draft."""

    tag = "vn"
    commission: int
    correction: bool
    stamp: int


@dataclass(frozen=True)
class ShowRoll(Action):
    """The roll of a session, on which a tap upon a person records `pen`; without one, it corrects their hour."""

    tag = "ls"
    commission: int
    meeting: int
    pen: Attendance | None
    page: int = 0


@dataclass(frozen=True)
class MarkAttendance(Action):
    """Record how somebody attends."""

    tag = "lm"
    commission: int
    meeting: int
    person: int
    attendance: Attendance
    page: int = 0


@dataclass(frozen=True)
class MarkRest(Action):
    """Record everybody as absent who is not recorded yet."""

    tag = "lr"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskArrival(Action):
    """Correct when somebody arrived: the hour is asked next."""

    tag = "lh"
    commission: int
    meeting: int
    person: int


@dataclass(frozen=True)
class DeclareQuorum(Action):
    """«Declarar quórum»: the session begins."""

    tag = "lq"
    commission: int
    meeting: int


@dataclass(frozen=True)
class AskNoQuorum(Action):
    """«No hay quórum»: ask first."""

    tag = "ln"
    commission: int
    meeting: int


@dataclass(frozen=True)
class DeclareNoQuorum(Action):
    """Too few came: the convocation ends."""

    tag = "lx"
    commission: int
    meeting: int


@dataclass(frozen=True)
class ShowAttendances(Action):
    """Who attended how often."""

    tag = "lp"
    commission: int
    page: int = 0


@dataclass(frozen=True)
class IssueCertificate(Action):
    """«Constancia de notificación»: issue that of a convocation, or give the newest if nothing happened since."""

    tag = "ct"
    commission: int
    convocation: int


@dataclass(frozen=True)
class SendCertificate(Action):
    """A constancia that was issued, as PDF or as data."""

    tag = "cd"
    commission: int
    certificate: int
    """The number of the log's entry that issued it."""
    data: bool = False
