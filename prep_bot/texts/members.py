"""/integrantes and the cards of its people."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from markupsafe import Markup

from prep_bot.domain.role import Role
from prep_bot.i18n import t
from prep_bot.services.members import Member, Reach
from prep_bot.texts import dates
from prep_bot.texts.actions.people import (
    AskEnd,
    ChooseRole,
    EndToday,
    InviteAgain,
    ShowFormerMembers,
    ShowInvitations,
    ShowMember,
    ShowMembers,
)
from prep_bot.texts.message import Button, Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, tap
from prep_bot.texts.words import reach_name, role_name


def members(commission_id: int, people: Sequence[Member], page: int = 0, *, manages: bool) -> Message:
    """Return who is who; for whoever manages people, with a button for each."""
    sections = []
    place = 0
    for role, group in groupby(people, key=lambda member: member.role):
        items = []
        for member in group:
            place += 1
            opens = ShowMember(commission_id, member.membership_id) if manages else None
            items.append(Item(_line(member, place), place, opens))
        sections.append(Section(t("<b>{role}</b>", role=role_name(role)), tuple(items)))
    footer: tuple[tuple[Button, ...], ...] = ()
    if manages:
        footer = (
            (tap(t("Invitar"), ChooseRole(commission_id)), tap(t("Enlaces vigentes"), ShowInvitations(commission_id))),
            (tap(t("Quienes ya no integran"), ShowFormerMembers(commission_id)),),
        )
    return page_of(
        t("<b>Personas integrantes</b>"),
        sections,
        page,
        lambda turned: ShowMembers(commission_id, turned),
        footer=footer,
    )


def _line(member: Member, place: int) -> Markup:
    mark = {Reach.REACHABLE: "🟢", Reach.NOT_ENROLLED: "⚪", Reach.UNREACHABLE: "🔴"}[member.reach]
    return t(
        "{n}. {name}\n     {mark} {reach} · desde el {since}",
        n=place,
        name=member.full_name,
        mark=mark,
        reach=reach_name(member.reach),
        since=dates.day_and_year(member.starts_on),
    )


def former(commission_id: int, people: Sequence[Member], page: int = 0) -> Message:
    """Return the ended memberships."""
    title = t("<b>Quienes ya no integran</b>")
    back = ((tap(t("◂ Integrantes"), ShowMembers(commission_id)),),)
    if not people:
        return Message(title + "\n\n" + t("Nadie ha dejado de ser integrante."), back)
    items = tuple(
        Item(
            t(
                "• {name}, {role}: del {start} al {end}",
                name=member.full_name,
                role=role_name(member.role),
                start=dates.day_and_year(member.starts_on),
                end=dates.day_and_year(member.ends_on or member.starts_on),
            )
        )
        for member in people
    )
    return page_of(
        title, [Section(Markup(""), items)], page, lambda turned: ShowFormerMembers(commission_id, turned), footer=back
    )


def member(commission_id: int, person: Member) -> Message:
    """Return one person's card, with what can be done about their seat."""
    lines = [
        t("<b>{name}</b>", name=person.full_name),
        t("{position}", position=person.position or role_name(person.role)),
        t("Desde el {since} · {reach}", since=dates.day_and_year(person.starts_on), reach=reach_name(person.reach)),
    ]
    link = t("Nuevo enlace (cambió de teléfono)") if person.enrolled_at else t("Enviar enlace de registro")
    rows = [
        (tap(link, InviteAgain(commission_id, person.membership_id)),),
        (
            tap(t("Sustituir"), AskEnd(commission_id, person.membership_id, replace=True)),
            tap(t("Dar de baja"), AskEnd(commission_id, person.membership_id)),
        ),
        (tap(t("◂ Integrantes"), ShowMembers(commission_id)),),
    ]
    if person.role is Role.GUEST:
        del rows[1:2]
        rows.insert(1, (tap(t("Dar de baja"), AskEnd(commission_id, person.membership_id)),))
    return Message(Markup("\n").join(lines), tuple(rows))


def ask_end_date(commission_id: int, person: Member, *, replace: bool) -> Message:
    """Ask from which day somebody no longer has their seat."""
    question = (
        t(
            "¿Hasta qué día fue integrante <b>{name}</b>? Después le preguntaré quién ocupa su lugar.",
            name=person.name,
        )
        if replace
        else t("¿Hasta qué día fue integrante <b>{name}</b>? Dejará de tener acceso de inmediato.", name=person.name)
    )
    hint = t("Toque «Hoy» o escriba la fecha, por ejemplo <code>24/02/2022</code>.")
    rows = (
        (tap(t("Hoy"), EndToday(commission_id, person.membership_id, replace)),),
        (tap(t("◂ No hacer nada"), ShowMember(commission_id, person.membership_id)),),
    )
    return Message(question + "\n" + hint, rows)


def bad_date(start: date) -> Message:
    """Say which dates can end a membership."""
    return Message(
        t(
            "Esa fecha no es posible: debe ser de entre el {start} y hoy. Escríbala como <code>24/02/2022</code>, o "
            "escriba /cancelar para no hacer nada.",
            start=dates.day_and_year(start),
        )
    )


def ended(commission_id: int, person: Member, on: date) -> Message:
    """Say that somebody's membership has ended."""
    return Message(
        t(
            "{name} dejó de ser integrante el {day}. Su historial se conserva.",
            name=person.full_name,
            day=dates.day_and_year(on),
        ),
        ((tap(t("◂ Integrantes"), ShowMembers(commission_id)),),),
        menu_of=person.person_id,
    )


def ask_successor(person: Member, on: date) -> Message:
    """Say that the seat is free, and ask who takes it."""
    return Message(
        t(
            "{name} dejó de ser integrante el {day}.\n\nEscriba el nombre completo de quien ocupa su lugar "
            "({role}), o /cancelar para dejarlo vacante.",
            name=person.full_name,
            day=dates.day_and_year(on),
            role=role_name(person.role),
        ),
        menu_of=person.person_id,
    )


def gone() -> Toast:
    """Say that the person has left meanwhile."""
    return Toast(t("Esa persona ya no es integrante. Consulte /integrantes."))


def not_yourself() -> Toast:
    """Say that nobody can end their own seat from chat: the commission would be left without a secretary."""
    return Toast(
        t("No puede darse de baja a sí misma o a sí mismo: pida que lo haga otra Secretaría o quien opera el bot.")
    )
