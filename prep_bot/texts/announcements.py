"""/aviso."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.announcement import CAPTION_LIMIT, TEXT_LIMIT, Attachment, Audience
from prep_bot.domain.notice import NoticeState
from prep_bot.domain.role import Role
from prep_bot.i18n import t, tn
from prep_bot.services.announcements import WITHDRAWN, Draft, Receipt, Recipients
from prep_bot.texts import dates
from prep_bot.texts.actions.announcements import (
    CancelAnnouncement,
    ChooseAudience,
    SendAnnouncement,
    ShowAnnouncement,
    ShowDeliveries,
)
from prep_bot.texts.message import Button, Message, Toast
from prep_bot.texts.pages import shorten, tap
from prep_bot.texts.reasons import reason_name
from prep_bot.texts.words import role_name

_NAMED = 15
"""Recipients that a report names, one a line."""

_NAMES = 600
"""Characters of the names in a preview: with the longest text, within a message."""


def announcement(text: str) -> Markup:
    """Return an announcement as it arrives."""
    return t("📌 <b>Aviso de la Secretaría Técnica</b>\n\n{text}", text=text)


def ask_text() -> Message:
    """Ask for the announcement's text."""
    return Message(
        t(
            "Escriba el texto del aviso. Si lleva un archivo o una foto, envíelo aquí con el texto como comentario. "
            "Antes de enviarlo verá la vista previa. Para dejarlo, escriba /cancelar."
        )
    )


def text_missing() -> Message:
    """Ask for the text that goes with a file."""
    return Message(t("Recibí el archivo. Ahora escriba el texto del aviso, o /cancelar."))


def too_long(length: int, *, attached: bool) -> Message:
    """Say how long the text may be."""
    if attached:
        return Message(
            t(
                "El texto tiene {length} caracteres y el máximo con un archivo o una foto es de {limit}. Ya tengo el "
                "archivo: escriba un texto más breve, o /cancelar.",
                length=length,
                limit=CAPTION_LIMIT,
            )
        )
    return Message(
        t(
            "El aviso tiene {length} caracteres y el máximo es de {limit}. Escríbalo más breve, envíe un archivo con un "
            "texto corto como comentario, o escriba /cancelar.",
            length=length,
            limit=TEXT_LIMIT,
        )
    )


def choose_audience(commission_id: int, audiences: Sequence[Audience | Role]) -> Message:
    """Ask to whom it goes."""
    return Message(t("¿A quién se envía el aviso?"), _choices(commission_id, audiences))


def _choices(commission_id: int, audiences: Sequence[Audience | Role]) -> tuple[tuple[Button, ...], ...]:
    return tuple((tap(audience_name(audience), ChooseAudience(commission_id, audience)),) for audience in audiences)


def audience_name(audience: Audience | Role) -> str:
    """Return the name of an audience."""
    if isinstance(audience, Role):
        return role_name(audience)
    return {
        Audience.EVERYONE: t("A todas las personas"),
        Audience.UNACKNOWLEDGED: t("A quienes no han acusado recibo"),
    }[audience]


def preview(
    commission_id: int,
    draft: Draft,
    audience: Audience | Role,
    recipients: Recipients,
    morning: datetime | None,
    zone: ZoneInfo,
) -> Message:
    """Return the announcement as it will arrive, and to whom it goes; `morning`: when quiet hours end, if it is quiet."""
    lines: list[Markup | str] = [
        t("<b>Vista previa</b> · {audience}", audience=audience_name(audience)),
        "",
        t("<blockquote>{text}</blockquote>", text=announcement(draft.text)),
    ]
    if draft.attachment is not None:
        lines.append(_attached(draft.attachment, draft.file_name))
    lines.append("")
    if recipients.reached:
        lines.append(tn("Lo recibirá {n} persona.", "Lo recibirán {n} personas.", len(recipients.reached)))
        if recipients.group:
            lines.append(t("También se publicará en el grupo vinculado."))
    else:
        lines.append(t("Se publicará en el grupo vinculado."))
    lines += _not_reached(recipients)
    choices = [tap(t("Enviar"), SendAnnouncement(commission_id))]
    if morning is not None:
        lines += ["", t("🌙 Es horario de descanso: puede enviarse ahora o en la mañana.")]
        send = SendAnnouncement(commission_id, at_night=True)
        later = tap(t("A las {time}", time=dates.clock(morning.astimezone(zone))), replace(send, in_the_morning=True))
        choices = [tap(t("Enviar ahora"), send), later]
    return Message(Markup("\n").join(lines) + "\n\n" + t("Para no enviarlo, escriba /cancelar."), (tuple(choices),))


def _attached(kind: Attachment, name: str) -> Markup:
    if kind is Attachment.PHOTO:
        return t("📎 Con una foto")
    return t("📎 Con el archivo «{name}»", name=shorten(name)) if name else t("📎 Con un archivo")


def _not_reached(recipients: Recipients) -> Iterator[Markup]:
    if recipients.not_reached:
        names = shorten(", ".join(person.name for person in recipients.not_reached), _NAMES)
        yield tn(
            "⚠️ A {n} persona no le llegará, por falta de registro o de contacto: {names}",
            "⚠️ A {n} personas no les llegará, por falta de registro o de contacto: {names}",
            len(recipients.not_reached),
            names=names,
        )


def nobody(
    commission_id: int, audience: Audience | Role, recipients: Recipients, audiences: Sequence[Audience | Role]
) -> Message:
    """Say that nobody of that audience can be reached, and ask for another; the text is kept."""
    empty = t("<b>{audience}</b>: no hay nadie a quien enviarlo. No se envió nada.", audience=audience_name(audience))
    lines = [empty, *_not_reached(recipients), "", t("El texto se conserva. ¿A quién se envía el aviso?")]
    return Message(Markup("\n").join(lines), _choices(commission_id, audiences))


def no_such_draft() -> Toast:
    """Say that what the button would send is no longer what is prepared."""
    return Toast(
        t(
            "Ese aviso ya se envió, se canceló, venció o cambió. Use la vista previa más reciente o escriba /aviso para "
            "hacer otro."
        )
    )


def no_such_announcement() -> Toast:
    """Say that there is no such announcement."""
    return Toast(t("No encuentro ese aviso."))


def cancelled(text: str) -> Message:
    """Say that an announcement will not be sent, and give its text back."""
    return Message(
        t("✖️ <b>Aviso cancelado</b>: no se envió a nadie. Decía:")
        + "\n"
        + t("<blockquote>{text}</blockquote>", text=text)
    )


def on_its_way() -> Toast:
    """Say that it is too late to cancel an announcement."""
    return Toast(t("Ese aviso ya salió o ya estaba cancelado. Actualice el informe para ver qué fue de él."))


def report(
    commission_id: int, announcement_id: int, receipts: Sequence[Receipt], now: datetime, zone: ZoneInfo
) -> Message:
    """Return what became of an announcement: what Telegram accepted, what waits, what could not be sent and why."""
    if all(receipt.reason == WITHDRAWN for receipt in receipts):
        return Message(t("<b>Informe del aviso</b>") + "\n" + t("✖️ Se canceló antes de enviarse: no llegó a nadie."))
    refresh = tap(t("Actualizar informe"), ShowAnnouncement(commission_id, announcement_id))
    later = max(receipt.due_at for receipt in receipts)
    if later > now:
        lines: list[Markup | str] = [
            t("<b>Informe del aviso</b>"),
            t("⏳ Saldrá el {when}.", when=dates.weekday_and_time(later, zone)),
            t("Por enviar: {n}", n=len(receipts)),
        ]
        cancel = tap(t("Cancelar el aviso"), CancelAnnouncement(commission_id, announcement_id))
        back = tap(t("◂ Envíos"), ShowDeliveries(commission_id))
        return Message(Markup("\n").join(lines), ((refresh,), (cancel,), (back,)))
    sent = [receipt for receipt in receipts if receipt.state is NoticeState.SENT]
    waiting = sum(receipt.state is NoticeState.QUEUED for receipt in receipts)
    failed = [r for r in receipts if r.state not in {NoticeState.SENT, NoticeState.QUEUED}]
    lines = [
        t("<b>Informe del aviso</b>"),
        t("📨 Aceptados por Telegram: {n} de {total}", n=len(sent), total=len(receipts)),
    ]
    last = max((receipt.at for receipt in sent if receipt.at), default=None)
    if last is not None:
        lines.append(t("El último, el {when}.", when=dates.short_moment(last, zone)))
    if waiting:
        lines.append(t("⏳ Por enviar: {n}", n=waiting))
    lines += [
        t("⚠️ {name}: {why}", name=r.name or t("Grupo vinculado"), why=reason_name(r.state, r.reason))
        for r in failed[:_NAMED]
    ]
    if len(failed) > _NAMED:
        lines.append(tn("y {n} más", "y {n} más", len(failed) - _NAMED))
    return Message(Markup("\n").join(lines), ((refresh,),))
