"""/registrar."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.month import Month
from prep_bot.i18n import t
from prep_bot.services.activities import ActivityView
from prep_bot.services.progress import NOTE_LIMIT, Recorded
from prep_bot.texts import dates
from prep_bot.texts.actions.plan import ChooseActivity, ChooseState, RecordProgress, ShowActivity, UndoProgress
from prep_bot.texts.activities import late, line
from prep_bot.texts.message import Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import state_mark, state_name


def choose_activity(
    commission_id: int, views: Sequence[ActivityView], today: date, month: Month | None, page: int = 0
) -> Message:
    """Ask which activity: those of `month`, with what is overdue from before; without a month, all of them."""
    listed = [v for v in views if month is None or v.month == month or v.overdue(today)]
    title = t("<b>Registrar avance</b>") + "\n" + t("Toque el número de la actividad.")
    items = tuple(Item(line(v, late(v, today)), v.number, ChooseState(commission_id, v.number)) for v in listed)
    footer = () if month is None else ((tap(t("Ver todas"), ChooseActivity(commission_id)),),)
    if not items and month is not None:
        items = (Item(t("No hay actividades en {month}.", month=dates.month_and_year(month))),)
    sections = [Section(Markup(""), items)]
    return page_of(title, sections, page, lambda turned: ChooseActivity(commission_id, month, turned), footer=footer)


def choose_state(view: ActivityView, *, overtaken: bool = False) -> Message:
    """Ask in which state the activity is now; `overtaken`: again, because another entry was made meanwhile."""
    text = t(
        "<b>Actividad {n}</b>\n{text}\n\nHasta ahora: {mark} <b>{state}</b>. ¿En qué estado se encuentra?",
        n=view.number,
        text=view.text,
        mark=state_mark(view.state),
        state=state_name(view.state),
    )
    if overtaken:
        text = (
            t("Su elección no se registró: el estado de esta actividad cambió mientras usted elegía.") + "\n\n" + text
        )
    choices = [
        tap(
            f"{state_mark(state)} {state_name(state).capitalize()}",
            RecordProgress(view.commission_id, view.number, state, view.last_entry),
        )
        for state in ActivityState
    ]
    back = tap(t("◂ Elegir otra"), ChooseActivity(view.commission_id, view.month))
    return Message(text, (tuple(choices[:2]), tuple(choices[2:]), (back,)))


def recorded(commission_id: int, entry: Recorded) -> Message:
    """Confirm what was recorded, and offer to add a note or to take it back."""
    lines = t(
        "✔️ Registrado. Actividad {n}: <b>{state}</b>.\n<i>{text}</i>",
        n=entry.number,
        state=state_name(entry.state),
        text=shorten(entry.text),
    )
    if entry.note:
        lines += "\n" + t("Nota: «{note}»", note=entry.note)
    else:
        lines += "\n\n" + t("Si desea agregar una nota, escríbala ahora; si no, no hace falta nada más.")
    undo = tap(t("Deshacer"), UndoProgress(commission_id, entry.entry_id))
    see = tap(t("Ver actividad"), ShowActivity(commission_id, entry.number))
    return Message(lines, ((undo, see),))


def undone(view: ActivityView) -> Message:
    """Say that the last entry was taken back, and how the activity stands again."""
    text = t(
        "Deshecho. Actividad {n}, de nuevo: <b>{state}</b>.\n<i>{text}</i>",
        n=view.number,
        state=state_name(view.state),
        text=shorten(view.text),
    )
    return Message(text, ((tap(t("Ver actividad"), ShowActivity(view.commission_id, view.number)),),))


def too_late() -> Toast:
    """Say that there is nothing left to take back."""
    return Toast(t("Ya no se puede deshacer: ese registro ya no es el último. Consulte el historial de la actividad."))


def note_too_late() -> Message:
    """Say that the note came after the entry had changed."""
    return Message(
        t("La nota no se agregó: ese registro se deshizo o ya tiene una. Si gusta, haga uno nuevo con /registrar.")
    )


def note_too_long(length: int) -> Message:
    """Say how long a note may be."""
    return Message(
        t(
            "La nota tiene {length} caracteres y el máximo es de {limit}. Envíela más breve, por favor; el avance ya "
            "quedó registrado.",
            length=length,
            limit=NOTE_LIMIT,
        )
    )


def no_such_activity() -> Toast:
    """Say that the activity left the plan."""
    return Toast(t("Esa actividad ya no está en el plan. Use /registrar para ver las vigentes."))
