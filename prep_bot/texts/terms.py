"""The notice term in words, and what speaks against a date: days off, and other sessions of the same people."""

from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.month import local_day
from prep_bot.domain.term import TermCheck, TermUnit
from prep_bot.domain.workday import DayOff
from prep_bot.i18n import t, tn
from prep_bot.services.clashes import Clash, Concerns
from prep_bot.texts import dates
from prep_bot.texts.pages import SHORT, shorten, visible_length
from prep_bot.texts.words import meeting_name

_NAMES = 120
"""Characters of the names of those who have another session."""

_ROOM = 600
"""Characters of what speaks against a date; the rest is counted."""

_COUNTED = 40
"""Characters of the line that counts it."""


def standing(term: TermCheck) -> Markup:
    """Say how much notice there is, and how much there must be."""
    if not term.minimum:
        if term.article:
            return t("No tiene un término mínimo para convocarse ({source}).", source=term.article)
        return t("No tiene un término mínimo para convocarse.")
    facts = {"left": _left(term), "minimum": amount(term, term.minimum), "source": source(term)}
    if term.in_time:
        return t("{left}; el mínimo es de {minimum} ({source}).", **facts)
    return t("⚠️ {left}; el mínimo es de {minimum} ({source}).", **facts)


def on_own_responsibility() -> Markup:
    """Say that too little notice forbids nothing, but wants a reason."""
    return t("Puede convocarla si da el motivo, que quedará en la constancia.")


def source(term: TermCheck) -> Markup | str:
    """Return what sets the notice term: the cited article, or only the configuration."""
    return term.article or t("término configurado por la comisión")


def amount(term: TermCheck, n: int) -> Markup:
    """Return so many of the term's units, such as `72 h` or `3 días hábiles`."""
    match term.unit, term.working:
        case TermUnit.HOURS, False:
            return t("{n} h", n=n)
        case TermUnit.HOURS, True:
            return tn("{n} h hábil", "{n} h hábiles", n)
        case TermUnit.DAYS, False:
            return tn("{n} día", "{n} días", n)
        case _:
            return tn("{n} día hábil", "{n} días hábiles", n)


def _left(term: TermCheck) -> Markup:
    match term.unit, term.working:
        case TermUnit.HOURS, False:
            return tn("Falta {n} h", "Faltan {n} h", term.given)
        case TermUnit.HOURS, True:
            return tn("Falta {n} h hábil", "Faltan {n} h hábiles", term.given)
        case TermUnit.DAYS, False:
            return tn("Falta {n} día", "Faltan {n} días", term.given)
        case _:
            return tn("Falta {n} día hábil", "Faltan {n} días hábiles", term.given)


def concerns(found: Concerns, zone: ZoneInfo, room: int = _ROOM) -> Iterator[Markup]:
    """Say what speaks against a session's date, in `room` characters at most: it warns, and forbids nothing."""
    if found.day_off is not None:
        yield t("⚠️ {day}.", day=_day_off(found.day_off, local_day(found.starts_at, zone)))
    lines = [_clash(clash, zone) for clash in found.clashes]
    sums = accumulate(visible_length(line) + 1 for line in lines)
    shown = sum(characters <= min(room, _ROOM) - _COUNTED for characters in sums)
    yield from lines[:shown]
    if shown < len(lines):
        left = len(lines) - shown
        yield tn("⚠️ Coincide con {n} sesión más.", "⚠️ Coincide con {n} sesiones más.", left)


def _day_off(off: DayOff, day: date) -> Markup:
    weekday = dates.weekday_name(day)
    why = off.holiday or (t("calendario del instituto") if off.own else "")
    if not why:
        return t("Es {weekday}", weekday=weekday)
    if off.weekend:
        return t("Es {weekday} e inhábil: {why}", weekday=weekday, why=why)
    return t("Es inhábil: {why}", why=why)


def _clash(clash: Clash, zone: ZoneInfo) -> Markup:
    when = dates.short_moment(clash.starts_at, zone)
    who = shorten(", ".join(clash.people), _NAMES)
    if clash.meeting is None:
        return tn(
            "⚠️ {who} tiene sesión de {commission} el {when}.",
            "⚠️ {who} tienen sesión de {commission} el {when}.",
            len(clash.people),
            who=who,
            commission=clash.commission,
            when=when,
        )
    return t(
        "⚠️ Coincide con la {name}, el {when} ({who}).", name=meeting_name(clash.meeting, SHORT), when=when, who=who
    )
