"""/pendientes."""

from collections.abc import Iterator

from markupsafe import Markup

from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import Month
from prep_bot.i18n import t, tn
from prep_bot.services.activities import ActivityView
from prep_bot.services.convocations import ToAcknowledge
from prep_bot.services.meetings import MeetingView
from prep_bot.services.pending import PendingPart, PendingView
from prep_bot.texts import dates
from prep_bot.texts.actions.answers import Acknowledge
from prep_bot.texts.actions.plan import ShowActivity, ShowPending
from prep_bot.texts.activities import line
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import SHORT, Item, Section, page_of, shorten, tap
from prep_bot.texts.words import meeting_name, meeting_state_name

_ACKNOWLEDGED_HERE = 10
"""Convocations with a button, far beyond what a person has at once."""


def pending(view: PendingView, page: int = 0) -> Message:
    """Return what is pending, with a button for each activity and for the months beside."""
    shown = None if view.now else view.month
    return page_of(
        _title(view),
        [section for part in view.parts for section in _part(view, part)],
        page,
        lambda turned: ShowPending(shown, turned, everything=view.month is None),
        footer=(*_acknowledge(view), *_months(view)),
    )


def _title(view: PendingView) -> Markup:
    if view.month is None:
        return t("<b>Pendientes de todo el plan</b>")
    if view.now:
        return t("<b>Pendientes al {day}</b>", day=dates.day_and_year(view.parts[0].today))
    return t("<b>Pendientes de {month}</b>", month=dates.month_and_year(view.month))


def _part(view: PendingView, part: PendingPart) -> Iterator[Section]:
    above = t("<b>{commission}</b>", commission=part.commission.upper()) if len(view.parts) > 1 else Markup("")
    if part.overdue:
        yield Section(t("⚠️ <b>Con plazo vencido</b>"), tuple(_overdue(part, a) for a in part.overdue), above)
    if part.current:
        yield _current(part, above)
    if part.to_acknowledge:
        yield Section(
            t("✍️ <b>Convocatorias por acusar</b>"), tuple(_convened(part, c) for c in part.to_acknowledge), above
        )
    if part.undated:
        yield Section(
            t("🗓 <b>Sesiones sin fecha</b>"),
            tuple(_undated(m) for m in part.undated),
            above,
        )
    if not (part.overdue or part.current or part.to_acknowledge or part.undated):
        outside = view.month is not None and not view.now and not part.finished
        nothing = t("El plan no tiene actividades en ese mes.") if outside else t("No hay nada pendiente.")
        yield Section(nothing, above=above)
    if part.finished:
        finished = tn(
            "✅ {n} actividad ya está concluida o no aplica.",
            "✅ {n} actividades ya están concluidas o no aplican.",
            part.finished,
        )
        yield Section(finished, above=above)


def _convened(part: PendingPart, wanted: ToAcknowledge) -> Item:
    name = meeting_name(wanted.meeting, SHORT)
    if wanted.meeting.starts_at is None:
        return Item(t("• {name}", name=name))
    return Item(t("• {name}: {when}", name=name, when=dates.short_moment(wanted.meeting.starts_at, part.zone)))


def _undated(meeting: MeetingView) -> Item:
    if meeting.state is MeetingState.NO_QUORUM:
        return Item(t("• {name} ({state})", name=meeting_name(meeting), state=meeting_state_name(meeting.state)))
    return Item(t("• {name} ({month})", name=meeting_name(meeting), month=dates.month_name(meeting.month)))


def _overdue(part: PendingPart, activity: ActivityView) -> Item:
    return _item(part, activity, tn("hace {n} día", "hace {n} días", -activity.days_left(part.today)))


def _current(part: PendingPart, above: Markup) -> Section:
    """Say the days left once when they are those of all, or else with each."""
    if len({activity.deadline for activity in part.current}) > 1:
        items = (_item(part, a, dates.days_left(a.days_left(part.today))) for a in part.current)
        return Section(t("<b>Por hacer</b>"), tuple(items), above)
    first = part.current[0]
    heading = t(
        "<b>Por hacer</b> hasta el {day} ({left})",
        day=dates.day(first.deadline),
        left=dates.days_left(first.days_left(part.today)),
    )
    return Section(heading, tuple(_item(part, a) for a in part.current), above)


def _item(part: PendingPart, activity: ActivityView, remark: Markup | None = None) -> Item:
    return Item(line(activity, remark), activity.number, ShowActivity(part.commission_id, activity.number))


def _acknowledge(view: PendingView) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each convocation to acknowledge; it says which, since its line may be on another page."""
    wanted = [convened for part in view.parts for convened in part.to_acknowledge][:_ACKNOWLEDGED_HERE]
    label = t("Acusar recibo")
    return tuple(
        (
            tap(
                t("{label}: {name}", label=label, name=meeting_name(c.meeting, SHORT)),
                Acknowledge(c.convocation_id),
            ),
        )
        for c in wanted
    )


def _months(view: PendingView) -> tuple[tuple[Button, ...], ...]:
    if view.month is None or view.first is None or view.last is None:
        return ()
    row = []
    if view.month > view.first:
        before = min(view.month + -1, view.last)
        row.append(tap(t("◀ {month}", month=dates.month_name(before)), _of(view, before)))
    if view.month < view.last:
        after = max(view.month + 1, view.first)
        row.append(tap(t("{month} ▶", month=dates.month_name(after)), _of(view, after)))
    return (tuple(row),) if row else ()


def _of(view: PendingView, month: Month) -> ShowPending:
    """Turning back to the present month shows again what is pending now."""
    return ShowPending(None if month == view.present else month)


def unknown_month(text: str) -> Message:
    """Say that `text` names no month, and how to name one."""
    return Message(
        t(
            "No reconozco «{text}» como un mes. Escriba, por ejemplo, <code>febrero</code>, <code>feb</code> o "
            "<code>2022-02</code>.",
            text=shorten(text),
        )
    )
