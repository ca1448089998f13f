"""/pendientes."""

from collections.abc import Iterator

from markupsafe import Markup

from prep_bot.domain.activity import ActivityState
from prep_bot.i18n import t, tn
from prep_bot.services.activities import ActivityView
from prep_bot.services.pending import PendingPart, PendingView
from prep_bot.texts import dates
from prep_bot.texts.actions import ShowActivity, ShowPending
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import state_mark, state_name


def pending(view: PendingView, page: int = 0) -> Message:
    """Return what is pending, with a button for each activity and for the months beside."""
    sections = [section for part in view.parts for section in _part(view, part)]
    return page_of(_title(view), sections, page, lambda turned: ShowPending(view.month, turned), footer=_months(view))


def _title(view: PendingView) -> Markup:
    if view.month is None:
        return t("<b>Pendientes de todo el plan</b>")
    return t("<b>Pendientes de {month}</b>", month=dates.month_and_year(view.month))


def _part(view: PendingView, part: PendingPart) -> Iterator[Section]:
    if len(view.parts) > 1:
        yield Section(t("<b>{commission}</b>", commission=part.commission.upper()))
    if part.overdue:
        yield Section(t("⚠️ <b>Quedó vencido</b>"), tuple(_overdue(part, a) for a in part.overdue))
    if part.current:
        yield Section(_heading(view, part), tuple(_current(view, part, a) for a in part.current))
    if part.undated:
        yield Section(
            t("🗓 <b>Sesiones sin fecha</b>"),
            tuple(Item(t("• {name} ({month})", name=m.name, month=dates.month_name(m.month))) for m in part.undated),
        )
    if not (part.overdue or part.current or part.undated):
        yield Section(t("No hay nada pendiente. ✔️"))
    if part.finished:
        yield Section(
            tn("✅ {n} actividad ya no requiere nada.", "✅ {n} actividades ya no requieren nada.", part.finished)
        )


def _heading(view: PendingView, part: PendingPart) -> Markup:
    deadlines = {activity.deadline for activity in part.current}
    if len(deadlines) > 1 or view.month is None:
        return t("<b>Por hacer</b>")
    (deadline,) = deadlines
    return t(
        "<b>Por hacer</b>: hasta el {day} ({left})",
        day=dates.day(deadline),
        left=dates.days_left(part.current[0].days_left(part.today)),
    )


def _overdue(part: PendingPart, activity: ActivityView) -> Item:
    days = -activity.days_left(part.today)
    line = t(
        "{n}. {text} <i>{late}</i>",
        n=activity.number,
        text=shorten(activity.text),
        late=tn("(hace {n} día)", "(hace {n} días)", days),
    )
    return Item(line, activity.number, ShowActivity(part.commission_id, activity.number))


def _current(view: PendingView, part: PendingPart, activity: ActivityView) -> Item:
    remarks = []
    if activity.state is not ActivityState.PENDING:
        remarks.append(state_name(activity.state))
    if view.month is None:
        remarks.append(dates.days_left(activity.days_left(part.today)))
    line = t("{mark} {n}. {text}", mark=state_mark(activity.state), n=activity.number, text=shorten(activity.text))
    if remarks:
        line += t(" <i>({remarks})</i>", remarks=Markup(", ").join(remarks))
    return Item(line, activity.number, ShowActivity(part.commission_id, activity.number))


def _months(view: PendingView) -> tuple[tuple[Button, ...], ...]:
    if view.month is None or view.first is None or view.last is None:
        return ()
    row = []
    if view.month > view.first:
        before = min(view.month + -1, view.last)
        row.append(tap(t("◀ {month}", month=dates.month_name(before)), ShowPending(before)))
    if view.month < view.last:
        after = max(view.month + 1, view.first)
        row.append(tap(t("{month} ▶", month=dates.month_name(after)), ShowPending(after)))
    return (tuple(row),) if row else ()


def unknown_month(text: str) -> Message:
    """Say that `text` names no month, and how to name one."""
    return Message(
        t(
            "No reconozco «{text}» como un mes. Escriba, por ejemplo, <code>febrero</code>, <code>feb</code> o "
            "<code>2022-02</code>.",
            text=shorten(text),
        )
    )
