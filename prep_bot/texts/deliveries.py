"""/envios."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.i18n import t
from prep_bot.services.announcements import Waiting
from prep_bot.services.deliveries import Account, NoticeRecord
from prep_bot.texts import dates
from prep_bot.texts.actions.announcements import RetryDelivery, ShowAnnouncement, ShowDeliveries
from prep_bot.texts.message import Message, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap
from prep_bot.texts.reasons import reason_name

_RETRIES = 5
"""Buttons to send again, at most."""

_LABEL = 25
"""Characters of an announcement on its button."""


def account(commission_id: int, view: Account, zone: ZoneInfo, page: int = 0) -> Message:
    """Return what was sent, failed and is waiting."""
    title = t(
        "<b>Envíos de los últimos 30 días</b>\n📨 Aceptados por Telegram: {sent}\n⏳ Por enviar: {waiting}\n"
        "⚠️ No se pudo: {failed}\n⌛ Ya no era oportuno: {late}",
        sent=view.counts.get(NoticeState.SENT, 0),
        waiting=view.counts.get(NoticeState.QUEUED, 0),
        failed=view.counts.get(NoticeState.FAILED, 0) + view.counts.get(NoticeState.UNCERTAIN, 0),
        late=view.counts.get(NoticeState.EXPIRED, 0),
    )
    waiting = tuple(_waiting(commission_id, announcement, zone) for announcement in view.waiting)
    items = tuple(Item(_line(notice, zone)) for notice in view.notices)
    parts = ((t("<b>Avisos por salir</b>"), waiting), (t("<b>Por revisar</b>"), items))
    sections = [Section(heading, lines) for heading, lines in parts if lines]
    # Whatever else the same message carries goes with it.
    retriable = {n.delivery_id: n for n in reversed(view.notices) if n.may_retry and n.delivery_id is not None}
    footer = tuple(
        (tap(_retry_label(notice), RetryDelivery(commission_id, delivery_id)),)
        for delivery_id, notice in list(reversed(retriable.items()))[:_RETRIES]
    )
    return page_of(title, sections, page, lambda turned: ShowDeliveries(commission_id, turned), footer=footer)


def _waiting(commission_id: int, announcement: Waiting, zone: ZoneInfo) -> Item:
    text = " ".join(announcement.text.split())
    line = t("• {when}: {text}", when=dates.short_moment(announcement.due_at, zone), text=shorten(text))
    label = t("Ver o cancelar: {text}", text=shorten(text, _LABEL))
    return Item(line, buttons=(tap(label, ShowAnnouncement(commission_id, announcement.announcement_id)),))


def _retry_label(notice: NoticeRecord) -> Markup:
    return t("Reintentar: {name}, {what}", name=notice.recipient or t("grupo"), what=kind_name(notice.kind))


def _line(notice: NoticeRecord, zone: ZoneInfo) -> Markup:
    what = kind_name(notice.kind)
    about = notice.meeting or (dates.month_name(notice.month) if notice.month else "")
    if about:
        what = t("{what} ({about})", what=what, about=about)
    return t(
        "• {when}, {name}: {what}: {why}",
        when=dates.short_moment(notice.due_at, zone),
        name=notice.recipient or t("grupo"),
        what=what,
        why=reason_name(notice.state, notice.reason),
    )


def kind_name(kind: NoticeKind) -> str:
    """Return what a notice is, in words."""
    return {
        NoticeKind.CONVOCATION: t("convocatoria"),
        NoticeKind.CHANGE: t("cambio"),
        NoticeKind.CALLED_OFF: t("cancelación o diferimiento"),
        NoticeKind.REMINDER: t("recordatorio"),
        NoticeKind.POSTPONED: t("recordatorio pospuesto"),
        NoticeKind.CHASE: t("solicitud de acuse"),
        NoticeKind.CONVENE_MISSING: t("falta convocar"),
        NoticeKind.DATE_MISSING: t("falta fijar fecha"),
        NoticeKind.DEADLINE: t("plazo por vencer"),
        NoticeKind.MONTHLY: t("resumen mensual"),
        NoticeKind.QUORUM_RISK: t("quórum en riesgo"),
        NoticeKind.PETITION: t("solicitud de sesión"),
        NoticeKind.PETITION_MAJORITY: t("solicitud con mayoría"),
        NoticeKind.CERTIFICATE: t("constancia expedida"),
        NoticeKind.ANNOUNCEMENT: t("aviso"),
        NoticeKind.UNREACHABLE: t("aviso de contacto perdido"),
        NoticeKind.RELINKED: t("aviso de cambio de cuenta"),
    }[kind]


def retried() -> Toast:
    """Say that it is being sent again."""
    return Toast(t("Se enviará de nuevo enseguida."))


def too_late() -> Toast:
    """Say that it cannot be sent again."""
    return Toast(t("Ya no se puede reenviar: se envió, dejó de ser oportuno o no se le puede escribir a esa persona."))
