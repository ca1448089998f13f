"""/convocar: the list, and the preview of what each person will receive."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.draft import Draft
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.rules import Rules
from prep_bot.domain.term import TermCheck, check
from prep_bot.i18n import t, tn
from prep_bot.services.clashes import Concerns
from prep_bot.services.convocations import Preview
from prep_bot.services.meetings import MeetingView
from prep_bot.services.roster import Listed
from prep_bot.texts import dates, terms
from prep_bot.texts.actions.calendar import ConfirmChange, DateMeeting, ShowMeeting
from prep_bot.texts.actions.convening import Convene, PreviewConvocation, ShowBoard, TellChanges
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.message import Message
from prep_bot.texts.pages import room_left, tap
from prep_bot.texts.particulars import convocation
from prep_bot.texts.reasons import unreachability_name
from prep_bot.texts.words import call_name, meeting_name, role_name

_NAMED = 300
"""Characters of a list of names within a sentence."""

_CHOICES = 40
"""Sessions to choose from."""


def choose(commission_id: int, meetings: Sequence[MeetingView], zone: ZoneInfo) -> Message:
    """Ask which dated session is to be convened."""
    if not meetings:
        return Message(
            t("No hay sesiones con fecha por convocar. Primero fije la fecha con /fijar."),
            ((tap(t("Fijar fecha"), RunCommand(commission_id, "fijar")),),),
        )
    rows = tuple((tap(choice(m, zone), PreviewConvocation(commission_id, m.id)),) for m in meetings[:_CHOICES])
    return Message(t("¿A qué sesión se convoca?"), rows)


def choice(meeting: MeetingView, zone: ZoneInfo) -> Markup:
    """Return the label of a session to choose."""
    when = dates.short_moment(meeting.starts_at, zone) if meeting.starts_at else ""
    return t("{n}. {name} · {when}", n=meeting.number, name=meeting_name(meeting, 40), when=when)


def not_to_convene(meeting: MeetingView, convocation_id: int | None, *, untold: bool) -> Message:
    """Say why that session cannot be convened, with what can be done instead."""
    commission_id, name = meeting.commission_id, meeting_name(meeting)
    see = (tap(t("Ver sesión"), ShowMeeting(commission_id, meeting.number)),)
    if meeting.state is MeetingState.CONVENED and convocation_id is not None:
        follow = (tap(t("Ver acuses"), ShowBoard(commission_id, convocation_id)),)
        if untold:
            tell = (tap(t("Comunicar los cambios"), TellChanges(commission_id, meeting.id)),)
            words = t("La {name} ya está convocada, pero <b>hay cambios sin comunicar</b>.", name=name)
            return Message(words, (tell, follow, see))
        return Message(t("La {name} ya está convocada.", name=name), (follow, see))
    if meeting.state.ended:
        return Message(t("La {name} ya se celebró o se canceló: no puede convocarse.", name=name), (see,))
    if meeting.state is MeetingState.IN_SESSION:
        return Message(t("La {name} ya está en curso.", name=name), (see,))
    if meeting.state is MeetingState.NO_QUORUM:
        call = call_name(meeting.call + 1)
        again = (tap(call.capitalize(), DateMeeting(commission_id, meeting.id)),)
        return Message(t("La {name} no tuvo quórum: fije la fecha de la {call}.", name=name, call=call), (again, see))
    rows = ((tap(t("Fijar fecha"), DateMeeting(commission_id, meeting.id)),), see)
    if meeting.state is MeetingState.SCHEDULED:
        return Message(t("La hora de la {name} ya llegó: para convocarla, fije otra fecha.", name=name), rows)
    return Message(t("La {name} aún no tiene fecha: primero fíjela.", name=name), rows)


def preview(
    shown: Preview,
    concerns: Concerns,
    seen: int,
    now: datetime,
    rules: Rules,
    *,
    grouped: bool,
    morning: datetime | None,
) -> Message:
    """Return exactly what each person will receive and who they are; `morning` is when quiet hours end, if it is quiet."""
    meeting, zone = shown.meeting, rules.zone
    lines: list[Markup | str] = [
        t("<b>Vista previa</b>. Esto recibirá cada persona:"),
        "",
        t("<blockquote>{text}</blockquote>", text=convocation(shown.particulars, zone, replaces=shown.replaces)),
        "",
        *_recipients(shown, grouped=grouped),
        "",
        *_standing(meeting, now, rules),
    ]
    convene = Convene(meeting.commission_id, meeting.id, seen, at_night=morning is not None)
    choices = [tap(t("Convocar ahora"), convene)]
    if morning is not None:
        clock = dates.clock(morning.astimezone(zone))
        lines += _in_the_morning(meeting, now, morning, rules)
        choices.append(tap(t("A las {time}", time=clock), replace(convene, in_the_morning=True)))
    lines += terms.concerns(concerns, zone, room_left(lines))
    back = tap(t("Corregir fecha o lugar"), DateMeeting(meeting.commission_id, meeting.id))
    return Message(Markup("\n").join(lines), (tuple(choices), (back,)))


def _standing(meeting: MeetingView, now: datetime, rules: Rules) -> Iterator[Markup]:
    """Say how the notice term stands: it warns, and forbids nothing."""
    term = _term(meeting, now, rules)
    yield terms.standing(term)
    if not term.in_time:
        yield terms.on_own_responsibility()


def _recipients(shown: Preview, *, grouped: bool) -> Iterator[Markup]:
    if shown.reached:
        who = _roles(shown.reached)
        yield tn("Lo recibirá {n} persona: {who}.", "Lo recibirán {n} personas: {who}.", len(shown.reached), who=who)
    else:
        yield t("⚠️ Nadie puede recibirlo todavía por este medio.")
    if grouped:
        yield t("También se publicará en el grupo vinculado.")
    if shown.not_enrolled:
        yield t("⚪ Aún no se registran: {names}.", names=_names([person.name for person in shown.not_enrolled]))
    if shown.unreachable:
        reasons = [f"{p.name} ({unreachability_name(p.unreachable_reason)})" for p in shown.unreachable]
        yield t("⚠️ No se les puede escribir: {names}.", names=_names(reasons))
    if shown.not_enrolled or shown.unreachable:
        yield t("Podrá anotar que se les notificó por otro medio.")


def _roles(people: Sequence[Listed]) -> str:
    counts = Counter(role_name(person.role) for person in people)
    return ", ".join(role if count == 1 else f"{role} ({count})" for role, count in counts.items())


def _names(names: Sequence[str]) -> Markup:
    """Return the first names of a list, at least one, and how many more there are."""
    shown = max(1, sum(characters <= _NAMED for characters in accumulate(len(name) + 2 for name in names)))
    listed = ", ".join(names[:shown])
    if shown == len(names):
        return Markup.escape(listed)
    return tn("{names} y {n} persona más", "{names} y {n} personas más", len(names) - shown, names=listed)


def _term(meeting: MeetingView, at: datetime, rules: Rules) -> TermCheck:
    return check(rules, meeting.kind, meeting.call, meeting.starts_at or at, at)


def _in_the_morning(meeting: MeetingView, now: datetime, morning: datetime, rules: Rules) -> Iterator[Markup]:
    """Offer to wait for the morning, and warn if that is what makes it too late."""
    yield t("🌙 Es horario de descanso: puede enviarse ahora o en la mañana.")
    then = _term(meeting, morning, rules)
    if _term(meeting, now, rules).in_time and not then.in_time:
        clock = dates.clock(morning.astimezone(rules.zone))
        yield t("⚠️ A las {time} ya solo faltarán {left}.", time=clock, left=terms.amount(then, then.given))


def ask_term_reason(meeting: MeetingView, term: TermCheck) -> Message:
    """Ask why a session is convened with less notice than the term."""
    lines = [
        *_late(meeting),
        "",
        terms.standing(term),
        t("Para continuar, escriba el motivo: quedará registrado y se mostrará en la constancia de notificación."),
        t("Para dejarlo: /cancelar."),
    ]
    return Message(Markup("\n").join(lines))


def confirm_late(draft: Draft, meeting: MeetingView, term: TermCheck, zone: ZoneInfo) -> Message:
    """Show what will be recorded if a session is convened with less notice than the term."""
    lines: list[Markup | str] = [*_late(meeting)]
    if meeting.starts_at is not None:
        lines.append(t("🗓 {when}", when=dates.weekday_and_time(meeting.starts_at, zone).capitalize()))
    lines += ["", terms.standing(term), t("Motivo: {reason}", reason=draft.reason or ""), ""]
    lines.append(t("¿Confirma? Para no hacer nada: /cancelar."))
    confirm = tap(t("Sí, convocar"), ConfirmChange(draft.commission, draft.stamp))
    return Message(Markup("\n").join(lines), ((confirm,),))


def _late(meeting: MeetingView) -> tuple[Markup, ...]:
    return (
        t("<b>Convocar con menos anticipación</b>"),
        t("Sesión {n}: {name}", n=meeting.number, name=meeting_name(meeting)),
    )


def changed(meeting: MeetingView | None) -> Message:
    """Say that somebody else was quicker, or that the session's hour has come."""
    rows = ((tap(t("Ver sesión"), ShowMeeting(meeting.commission_id, meeting.number)),),) if meeting else ()
    return Message(t("Esta sesión ya fue convocada o cambió mientras tanto: no se hizo nada."), rows)
