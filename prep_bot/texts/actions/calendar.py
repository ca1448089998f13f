"""Buttons of the calendar: showing a session, dating, moving, deferring, cancelling and closing it."""

from dataclasses import dataclass

from prep_bot.domain.meeting import Modality
from prep_bot.domain.month import Month
from prep_bot.texts.actions.action import Action


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
    """Note that a session was held: a remark is asked next; before it, unless `sure`, if its roll has no quorum."""

    tag = "mh"
    commission: int
    meeting: int
    sure: bool = False
