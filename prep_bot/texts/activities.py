"""/actividades, /actividad and /avance."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.i18n import t, tn
from prep_bot.services.activities import ActivityHistory, ActivityView, HistoryEntry
from prep_bot.texts import dates
from prep_bot.texts.actions.plan import ChooseState, ShowActivities, ShowActivity, ShowPending, ShowProgress
from prep_bot.texts.message import Message
from prep_bot.texts.pages import WHOLE, Item, Section, page_of, shorten, tap
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
            tuple(Item(line(v, late(v, today)), v.number, ShowActivity(commission_id, v.number)) for v in group),
        )
        for of, group in _by_month(chosen)
    ]
    return page_of(title, sections, page, lambda turned: ShowActivities(commission_id, month, turned))


_EXPLAINED = frozenset({ActivityState.IN_PROGRESS, ActivityState.NOT_APPLICABLE})
"""The states whose sign alone does not say enough."""


def line(view: ActivityView, remark: Markup | None = None) -> Markup:
    """Return an activity in one line of a list: its state, its number, its text cut, and a remark."""
    text = t("{mark} {n}. {text}", mark=state_mark(view.state), n=view.number, text=shorten(view.text))
    state = state_name(view.state) if view.state in _EXPLAINED else None
    remarks = Markup(", ").join(words for words in (state, remark) if words)
    return text + t(" <i>({remarks})</i>", remarks=remarks) if remarks else text


def late(view: ActivityView, today: date) -> Markup | None:
    """Return the remark that an activity is overdue, if it is."""
    return t("vencida") if view.overdue(today) else None


def activity(history: ActivityHistory, today: date, zone: ZoneInfo, page: int = 0, *, may_record: bool) -> Message:
    """Return one activity, whole, with what was recorded of it, the newest first."""
    view = history.activity
    head = [t("<b>Actividad {n}</b> · {month}", n=view.number, month=dates.month_and_year(view.month)), Markup("")]
    if history.lead:
        head.append(t("<i>{lead}</i>", lead=history.lead))
    head += [t("{text}", text=view.text), Markup(""), _state(view, today)]
    entries = tuple(Item(_entry(entry, zone)) for entry in reversed(history.entries))
    month = tap(
        t("Plan de {month}", month=dates.month_name(view.month)), ShowActivities(view.commission_id, view.month)
    )
    record = tap(t("Registrar avance"), ChooseState(view.commission_id, view.number))
    back = (tap(t("◂ Pendientes"), ShowPending()), month)
    return page_of(
        Markup("\n").join(head),
        [Section(t("<b>Historial</b>"), entries)] if entries else [],
        page,
        lambda turned: ShowActivity(view.commission_id, view.number, turned),
        footer=((record,), back) if may_record else (back,),
        limit=WHOLE,
    )


def _state(view: ActivityView, today: date) -> Markup:
    state = t("Estado: {mark} <b>{state}</b>", mark=state_mark(view.state), state=state_name(view.state))
    if not view.state.open:
        return state
    deadline = t(
        "Plazo: {day} ({left})",
        day=dates.day_and_year(view.deadline),
        left=dates.days_left(view.days_left(today)),
    )
    return state + "\n" + deadline


def _entry(entry: HistoryEntry, zone: ZoneInfo) -> Markup:
    text = t(
        "• {when}: {state} ({who})", when=dates.moment(entry.at, zone), state=state_name(entry.state), who=entry.by
    )
    if entry.note:
        text += t(" — «{note}»", note=entry.note)
    return t("<s>{entry}</s> (deshecho)", entry=text) if entry.undone else text


def progress(commission_id: int, views: Sequence[ActivityView], today: date, page: int = 0) -> Message:
    """Return how much of the plan is done, by month and in all, in words."""
    title = t("<b>Avance del plan</b>") + "\n\n" + _overall(views, today)
    months = tuple(Item(_month(month, tuple(group), today)) for month, group in _by_month(views))
    sections = [Section(t("<b>Por mes</b>"), months)]
    return page_of(title, sections, page, lambda turned: ShowProgress(commission_id, turned))


def _by_month(views: Sequence[ActivityView]) -> Iterator[tuple[Month, Iterator[ActivityView]]]:
    return groupby(sorted(views, key=lambda view: view.month), key=lambda view: view.month)


def _overall(views: Sequence[ActivityView], today: date) -> Markup:
    counted, done, overdue = _count(views, today)
    if not counted:
        return t("Ninguna actividad del plan aplica.")
    in_progress = sum(view.state is ActivityState.IN_PROGRESS for view in views)
    remarks = [
        tn(
            "Se ha concluido <b>{n} de {total}</b> actividades ({percent} %).",
            "Se han concluido <b>{n} de {total}</b> actividades ({percent} %).",
            done,
            total=counted,
            percent=100 * done // counted,
        ),
        t("En proceso: {n}.", n=in_progress) if in_progress else None,
        t("De las que faltan, vencidas: {n}.", n=overdue) if overdue else None,
        t("No aplican: {n}.", n=len(views) - counted) if counted < len(views) else None,
    ]
    return Markup(" ").join(remark for remark in remarks if remark)


def _month(month: Month, views: Sequence[ActivityView], today: date) -> Markup:
    counted, done, overdue = _count(views, today)
    name = dates.month_and_year(month).capitalize()
    if not counted:
        return t("➖ {month}: ninguna aplica", month=name)
    mark = state_mark(ActivityState.DONE if done == counted else ActivityState.PENDING)
    text = t("{mark} {month}: {done} de {total}", mark=mark, month=name, done=done, total=counted)
    return text + tn(" <i>({n} vencida)</i>", " <i>({n} vencidas)</i>", overdue) if overdue else text


def _count(views: Sequence[ActivityView], today: date) -> tuple[int, int, int]:
    """Return how many activities count at all, how many of them are done, and how many overdue."""
    counted = [view for view in views if view.state is not ActivityState.NOT_APPLICABLE]
    done = sum(view.state is ActivityState.DONE for view in counted)
    return len(counted), done, sum(view.overdue(today) for view in counted)


def no_such_activity(number: int, last: int) -> Message:
    """Say that no activity has that number, and which have."""
    return Message(t("No hay una actividad {number}: el plan tiene de la 1 a la {last}.", number=number, last=last))
