"""Buttons of convening: the preview, the board, the papers, what changes afterwards, and the constancia."""

from dataclasses import dataclass

from prep_bot.texts.actions.action import Action


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
class CallItUrgent(Action):
    """«Es urgente», or not: of the extraordinary session that the dialogue is about to add."""

    tag = "ur"
    commission: int
    urgent: bool
    stamp: int


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
