"""/invitar."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.role import Role
from prep_bot.i18n import t
from prep_bot.services.invitations import NAME_LIMIT, NewInvitation, OpenInvitation
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import dates
from prep_bot.texts.actions.people import (
    ChooseRole,
    InviteAs,
    InviteGuestTo,
    RevokeInvitation,
    ShowInvitations,
    ShowMembers,
)
from prep_bot.texts.message import Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.words import role_name


def choose_role(commission_id: int) -> Message:
    """Ask in which role somebody is to be invited."""
    rows = tuple((tap(role_name(role), InviteAs(commission_id, role)),) for role in Role)
    return Message(t("<b>Invitar a una persona</b>\n¿Con qué carácter participará?"), rows)


def choose_meeting(commission_id: int, meetings: Sequence[MeetingView]) -> Message:
    """Ask to which session a guest is invited."""
    if not meetings:
        return Message(t("No hay sesiones por celebrarse a las cuales invitar."))
    rows = tuple((tap(f"{m.number}. {m.name}", InviteGuestTo(commission_id, m.number)),) for m in meetings)
    text = t("¿A qué sesión se invita? La persona invitada solo verá esa sesión.")
    return Message(text, (*rows, (tap(t("◂ Otro carácter"), ChooseRole(commission_id)),)))


def ask_name(role: Role) -> Message:
    """Ask whom to invite."""
    return Message(
        t("Escriba el nombre completo de la persona ({role}), o /cancelar.", role=role_name(role)),
    )


def bad_name() -> Message:
    """Say what a name must be."""
    return Message(t("Escriba un nombre con letras, de {limit} caracteres como máximo, o /cancelar.", limit=NAME_LIMIT))


def other_role(name: str, role: Role) -> Message:
    """Say that the person already has another role."""
    return Message(
        t(
            "{name} ya participa con el carácter de {role}. Si cambió de carácter, primero dé de baja el anterior en "
            "/integrantes; si es otra persona con el mismo nombre, escríbalo con algo que la distinga.",
            name=name,
            role=role_name(role),
        )
    )


def several_people() -> Message:
    """Say that the name is ambiguous."""
    return Message(t("Hay más de una persona con ese nombre: elíjala en /integrantes."))


def invitation(commission_id: int, made: NewInvitation, link: str, qr: bytes, zone: ZoneInfo) -> Message:
    """Return the link and its code as a picture, ready to be handed on."""
    text = t(
        "<b>Invitación para {name}</b> ({role})\n{link}\n\nEnvíe este enlace solo a esa persona, o muéstrele el "
        "código. Sirve una sola vez y vence el {expires}.",
        name=made.name,
        role=role_name(made.role),
        link=link,
        expires=dates.moment(made.expires_at, zone),
    )
    if made.relinks:
        text += "\n\n" + t(
            "⚠️ Esta persona ya estaba registrada: al aceptar, la cuenta de Telegram anterior dejará de tener acceso."
        )
    buttons = ((tap(t("Enlaces vigentes"), ShowInvitations(commission_id)),),)
    return Message(text, buttons, photo=qr)


def open_invitations(commission_id: int, invitations: Sequence[OpenInvitation], page: int, zone: ZoneInfo) -> Message:
    """Return a page of the invitations that can still be used, each with a button that revokes it."""
    back = (tap(t("◂ Integrantes"), ShowMembers(commission_id)),)
    if not invitations:
        return Message(t("No hay invitaciones por aceptar."), (back,))
    items = tuple(
        Item(
            t(
                "{n}. {name} ({role}), vence el {expires}",
                n=n,
                name=invitation.name,
                role=role_name(invitation.role),
                expires=dates.moment(invitation.expires_at, zone),
            ),
            buttons=(
                tap(
                    t("Revocar {n}. {name}", n=n, name=shorten(invitation.name, 30)),
                    RevokeInvitation(commission_id, invitation.id),
                ),
            ),
        )
        for n, invitation in enumerate(invitations, start=1)
    )
    return page_of(
        t("<b>Invitaciones por aceptar</b>"),
        [Section(Markup(""), items)],
        page,
        lambda other: ShowInvitations(commission_id, other),
        footer=(back,),
    )


def revoked_too_late() -> Toast:
    """Say that the invitation was used, revoked or expired meanwhile."""
    return Toast(t("Esa invitación ya no estaba vigente."))
