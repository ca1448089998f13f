"""/actividades, /actividad and /avance."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.i18n import t
from prep_bot.services.activities import ActivityHistory, ActivityView, HistoryEntry
from prep_bot.texts import dates
from prep_bot.texts.actions import ChooseState, ShowActivities, ShowActivity, ShowPending
from prep_bot.texts.message import Message
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import state_mark, state_name


def activities(
    commission_id: int, views: Sequence[ActivityView], today: date, month: Month | None = None, page: int = 0
) -> Message:
    """Return the plan by month, or one month of it. `today` is a date in the commission's zone."""
    chosen = [view for view in views if month is None or view.month == month]
    title = (
        t("<b>Actividades del plan</b>")
        if month is None
        else t("<b>Actividades de {month}</b>", month=dates.month_and_year(month))
    )
    if not chosen:
        return Message(title + "\n\n" + t("El plan no tiene actividades en ese mes."))
    sections = [
        Section(
            Markup("") if month else t("<b>{month}</b>", month=dates.month_and_year(of).capitalize()),
            tuple(Item(_line(v, today), v.number, ShowActivity(commission_id, v.number)) for v in group),
        )
        for of, group in groupby(chosen, key=lambda view: view.month)
    ]
    return page_of(title, sections, page, lambda turned: ShowActivities(commission_id, month, turned))


def _line(view: ActivityView, today: date) -> Markup:
    mark = "⚠️" if view.overdue(today) else state_mark(view.state)
    return t("{mark} {n}. {text}", mark=mark, n=view.number, text=shorten(view.text))


def activity(history: ActivityHistory, today: date, zone: ZoneInfo, *, may_record: bool) -> Message:
    """Return one activity, whole, with what was recorded of it."""
    view = history.activity
    lines = [
        t("<b>Actividad {n}</b> · {month}", n=view.number, month=dates.month_and_year(view.month)),
        Markup(""),
    ]
    if history.lead:
        lines.append(t("<i>{lead}</i>", lead=history.lead))
    lines += [t("{text}", text=view.text), Markup(""), _state(view, today)]
    if history.entries:
        lines += [Markup(""), t("<b>Historial</b>"), *(_entry(entry, zone) for entry in history.entries[-10:])]
    rows = [(tap(t("Ver {month}", month=dates.month_name(view.month)), ShowPending(view.month)),)]
    if may_record:
        rows.insert(0, (tap(t("Registrar avance"), ChooseState(view.commission_id, view.number)),))
    return Message(Markup("\n").join(lines), tuple(rows))


def _state(view: ActivityView, today: date) -> Markup:
    state = t("Estado: {mark} <b>{state}</b>", mark=state_mark(view.state), state=state_name(view.state))
    if not view.state.open:
        return state
    return (
        state
        + "\n"
        + t(
            "Plazo: {day} ({left})",
            day=dates.day_and_year(view.deadline),
            left=dates.days_left(view.days_left(today)),
        )
    )


def _entry(entry: HistoryEntry, zone: ZoneInfo) -> Markup:
    line = t(
        "• {when}: {state} ({who})", when=dates.moment(entry.at, zone), state=state_name(entry.state), who=entry.by
    )
    if entry.note:
        line += t(" — «{note}»", note=entry.note)
    return t("<s>{line}</s> deshecho", line=line) if entry.undone else line


def progress(views: Sequence[ActivityView], today: date) -> Message:
    """Return how much of the plan is done, by month and in all, in words."""
    lines = [t("<b>Avance del plan</b>"), Markup(""), _overall(views, today), Markup("")]
    lines += _months(views, today)
    return Message(Markup("\n").join(lines))


def _overall(views: Sequence[ActivityView], today: date) -> Markup:
    counted = [view for view in views if view.state is not ActivityState.NOT_APPLICABLE]
    done = sum(view.state is ActivityState.DONE for view in counted)
    line = t(
        "Se han concluido <b>{done} de {total}</b> actividades ({percent} %).",
        done=done,
        total=len(counted),
        percent=100 * done // len(counted) if counted else 100,
    )
    in_progress = sum(view.state is ActivityState.IN_PROGRESS for view in counted)
    overdue = sum(view.overdue(today) for view in counted)
    remarks = [
        t("En proceso: {n}.", n=in_progress) if in_progress else None,
        t("Vencidas: {n}.", n=overdue) if overdue else None,
        t("No aplican: {n}.", n=len(views) - len(counted)) if len(counted) < len(views) else None,
    ]
    return Markup(" ").join([line, *(remark for remark in remarks if remark)])


def _months(views: Sequence[ActivityView], today: date) -> Iterator[Markup]:
    for month, group in groupby(views, key=lambda view: view.month):
        of_month = list(group)
        counted = [view for view in of_month if view.state is not ActivityState.NOT_APPLICABLE]
        done = sum(view.state is ActivityState.DONE for view in counted)
        overdue = sum(view.overdue(today) for view in counted)
        line = t(
            "{mark} {month}: {done} de {total}",
            mark="✅" if done == len(counted) else "⚠️" if overdue else "▫️",
            month=dates.month_and_year(month).capitalize(),
            done=done,
            total=len(counted),
        )
        yield line + (t(" (vencidas: {n})", n=overdue) if overdue else "")


def ask_number() -> Message:
    """Ask for the number that the command lacks."""
    return Message(t("Escriba el número de la actividad, por ejemplo <code>/actividad 12</code>."))


def no_such_activity(number: int, last: int) -> Message:
    """Say that no activity has that number, and which have."""
    return Message(t("No hay una actividad {number}: el plan tiene de la 1 a la {last}.", number=number, last=last))
