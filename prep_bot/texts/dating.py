"""The question of a session's date: it is asked, what was understood is said in full, and nothing is guessed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.draft import Draft, Purpose
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import Month, local_day
from prep_bot.domain.spoken_date import Impossible, Reason, write_date
from prep_bot.i18n import t
from prep_bot.services.clashes import Concerns
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates, terms
from prep_bot.texts.actions.calendar import AskDateAgain, PickDate
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import shorten, tap
from prep_bot.texts.words import call_name, meeting_name

_THURSDAY = 3


def ask_date(
    draft: Draft, meeting: MeetingView | None, concerns: Concerns | None, now: datetime, zone: ZoneInfo
) -> Message:
    """Ask the date; or what is missing of it; or whether what was understood is right, and what speaks against it."""
    head = _head(draft, meeting)
    if draft.choices:
        return _echo(draft, meeting, concerns, now, zone)
    if draft.given.days or draft.given.times:
        return Message(Markup("\n").join([head, "", *_missing(draft)]))
    lines: list[Markup | str] = [head]
    if draft.kept is not None:
        lines.append(t("Ahora: {when}", when=dates.weekday_and_time(draft.kept, zone)))
    elif meeting is not None and meeting.starts_at is not None:
        lines.append(t("No hubo quórum el {when}.", when=dates.weekday_and_time(meeting.starts_at, zone)))
    elif meeting is not None:
        lines.append(t("Prevista para {month}.", month=dates.month_and_year(meeting.month)))
    lines += ["", _write_it(meeting, now, zone), t("Para dejarlo: /cancelar.")]
    keep: tuple[tuple[Button, ...], ...] = ()
    if draft.kept is not None and draft.kept > now:
        label = t("Conservar: {when}", when=dates.weekday_and_time(draft.kept, zone))
        keep = ((tap(label, PickDate(draft.commission, 0, draft.stamp)),),)
    return Message(Markup("\n").join(lines), keep)


def _head(draft: Draft, meeting: MeetingView | None) -> Markup:
    if meeting is None:
        return t("<b>Nueva sesión extraordinaria</b>")
    name = {"n": meeting.number, "name": meeting_name(meeting)}
    if draft.purpose is Purpose.MOVE:
        return t("<b>Mover la sesión {n}: {name}</b>", **name)
    if meeting.state is MeetingState.NO_QUORUM:
        call = call_name(meeting.call + 1).capitalize()
        return t("<b>{call}: sesión {n}, {name}</b>", call=call, **name)
    return t("<b>Fijar fecha: sesión {n}, {name}</b>", **name)


def _write_it(meeting: MeetingView | None, now: datetime, zone: ZoneInfo) -> Markup:
    first, second = examples(meeting.month if meeting else None, now, zone)
    return t(
        "Escriba la fecha y la hora, por ejemplo <code>{first}</code> o <code>{second}</code>.",
        first=first,
        second=second,
    )


def examples(month: Month | None, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Return two ways to write a date, of that month if some of it is left; they can be sent as they are."""
    today = local_day(now, zone)
    day = today + timedelta(days=7)
    if month is not None and day < month.last - timedelta(days=7):
        day = max(day, month.first + timedelta(days=7))
    day += timedelta(days=(_THURSDAY - day.weekday()) % 7)
    return write_date(datetime.combine(day, time(11), zone), zone), f"{day:%d/%m/%Y} 17:00"


def _echo(
    draft: Draft, meeting: MeetingView | None, concerns: Concerns | None, now: datetime, zone: ZoneInfo
) -> Message:
    head = _head(draft, meeting)
    again = tap(t("Corregir"), AskDateAgain(draft.commission, draft.stamp))
    if len(draft.choices) > 1:
        text = Markup("\n").join([head, "", t("Eso puede entenderse de más de una forma. ¿Cuál es la fecha?")])
        return Message(text, (*_choices(draft, zone), (again,)))
    (at,) = draft.choices
    lines = [
        head,
        "",
        t("Entendí: <b>{when}</b> ({left}).", when=_when(at, zone), left=dates.span(at - now)),
    ]
    if concerns is not None:
        lines += terms.concerns(concerns, zone)
    if meeting is not None and meeting.call == 1 and Month.of(local_day(at, zone)) != meeting.month:
        lines.append(t("⚠️ Estaba prevista para {month}.", month=dates.month_and_year(meeting.month)))
    yes = tap(t("Sí, es correcta"), PickDate(draft.commission, 0, draft.stamp))
    return Message(Markup("\n").join([*lines, t("¿Es correcta?")]), ((yes, again),))


def _choices(draft: Draft, zone: ZoneInfo) -> Iterator[tuple[Button, ...]]:
    for place, at in enumerate(draft.choices):
        yield (tap(_when(at, zone).capitalize(), PickDate(draft.commission, place, draft.stamp)),)


def _when(at: datetime, zone: ZoneInfo) -> Markup:
    """Return the moment in full; where clocks show that hour twice, with which of the two it is."""
    local, words = at.astimezone(zone), dates.weekday_and_time(at, zone)
    if local.replace(fold=1 - local.fold).utcoffset() == local.utcoffset():
        return words
    return t("{when} (horario de verano)", when=words) if local.dst() else t("{when} (horario de invierno)", when=words)


def _missing(draft: Draft) -> Iterator[Markup]:
    if draft.given.days:
        yield t("Entendí el día: <b>{days}</b>.", days=_or([dates.weekday_and_day(day) for day in draft.given.days]))
        yield t("¿A qué hora? Por ejemplo <code>11:00</code> o <code>5 pm</code>.")
    else:
        yield t("Entendí la hora: <b>{times}</b>.", times=_or([_clock(at) for at in draft.given.times]))
        yield t("¿Qué día? Por ejemplo <code>24 de febrero</code>.")


def _clock(since_midnight: timedelta) -> Markup:
    hours, minutes = divmod(int(since_midnight.total_seconds()) // 60, 60)
    return t("{time} h", time=f"{hours:02}:{minutes:02}")


def _or(choices: Sequence[Markup]) -> Markup:
    return t(" o ").join(choices)


def impossible(
    draft: Draft, text: str, reading: Impossible, meeting: MeetingView | None, now: datetime, zone: ZoneInfo
) -> Message:
    """Say why what was written cannot be the date, and what to do; what may have been meant is offered as buttons."""
    lines: list[Markup | str] = [_why(shorten(text), reading)]
    if reading.choices:
        return Message(Markup("\n").join([*lines, t("¿Cuál quiso decir?")]), tuple(_choices(draft, zone)))
    lines.append(_write_it(meeting, now, zone))
    return Message(Markup("\n").join(lines))


def _why(text: str, reading: Impossible) -> Markup:
    match reading.reason:
        case Reason.NO_SUCH_DAY:
            return t("«{text}»: ese día no existe en el calendario.", text=text)
        case Reason.NO_SUCH_TIME:
            return t(
                "«{text}»: esa hora no existe. Si ese día cambia el horario, los relojes se saltan una hora.", text=text
            )
        case Reason.WEEKDAY_MISMATCH:
            days = _or([dates.weekday_and_day(day) for day in reading.days])
            return t("«{text}»: el día de la semana no corresponde a la fecha. Puede ser {days}.", text=text, days=days)
        case Reason.PAST | Reason.FUTURE if reading.days:
            year = reading.days[0].year
            return t(
                "«{text}»: este año esa fecha ya pasó. Si es de {year}, escriba también el año.", text=text, year=year
            )
        case Reason.PAST | Reason.FUTURE:
            return t("«{text}»: esa fecha ya pasó.", text=text)
        case Reason.TOO_FAR:
            return t("«{text}»: falta más de año y medio para esa fecha. Revise el año.", text=text)
        case Reason.NOT_UNDERSTOOD:
            return t("No reconozco una fecha en «{text}».", text=text)
