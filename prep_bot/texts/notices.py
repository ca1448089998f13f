"""What the bot tells by itself: the one message that carries a recipient's notices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.announcement import Attachment
from prep_bot.domain.meeting import MeetingState
from prep_bot.domain.month import local_day
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Particulars
from prep_bot.i18n import t, tn
from prep_bot.services.activities import ActivityView
from prep_bot.services.contents import (
    AnnouncementContent,
    CertificateContent,
    Content,
    DeadlineContent,
    MeetingContent,
    MonthContent,
    PersonContent,
    PetitionContent,
    QuorumContent,
)
from prep_bot.services.meetings import MeetingView
from prep_bot.texts import certificates, dates, petitions
from prep_bot.texts.announcements import announcement
from prep_bot.texts.message import Message
from prep_bot.texts.notice_buttons import buttons
from prep_bot.texts.pages import shorten, visible_length
from prep_bot.texts.particulars import agenda, appointment, change, convocation
from prep_bot.texts.words import meeting_name, meeting_state_name, state_mark

_LATE = timedelta(hours=1)
"""How late a message must be to say that the service was interrupted."""

_LONGEST = 3500
"""Characters of a message as read: with the lines that are added when its buttons are tapped, below Telegram's 4096."""


@dataclass(frozen=True)
class _Detail:
    """How much a message tells; the rest is behind its buttons."""

    topics: bool = True
    listed: int = 12
    """Activities or sessions under one heading."""


_DETAILS = (_Detail(), _Detail(topics=False), _Detail(topics=False, listed=4), _Detail(topics=False, listed=0))
"""From the most to the least: the first that fits is taken."""


def delivery(contents: Sequence[Content], *, several: bool = False) -> Message:
    """Return the one message of those notices; `several` tells whether the person must be told of which commission."""
    first = contents[0]
    if isinstance(first, AnnouncementContent):
        return _announcement(first, several=several)
    texts = (_joined(contents, several=several, detail=detail) for detail in _DETAILS)
    text = next((text for text in texts if visible_length(text) <= _LONGEST), None)
    if text is None:
        text = _joined(contents, several=several, detail=_DETAILS[-1])
    # Whether a button must say of which session, or of which petition, it is.
    kinds = (MeetingContent | QuorumContent, PetitionContent)
    named = max(sum(isinstance(c, kind) for c in contents) for kind in kinds) > 1
    rows = dict.fromkeys(row for content in contents for row in buttons(content, named=named))
    return Message(text, tuple(rows))


def _joined(contents: Sequence[Content], *, several: bool, detail: _Detail) -> Markup:
    parts = [_heading(content, several=several) + _words(content, detail) for content in contents]
    # What people cause may have waited for the morning: that is no interruption.
    waited = (PersonContent, PetitionContent)
    if any(content.now - content.due_at >= _LATE for content in contents if not isinstance(content, waited)):
        parts.insert(0, t("<i>El servicio estuvo interrumpido. Esto es lo que sigue vigente:</i>"))
    return Markup("\n\n").join(parts)


def _heading(content: Content, *, several: bool) -> Markup:
    return t("<b>{commission}</b>\n", commission=content.commission.upper()) if several else Markup("")


def _words(content: Content, detail: _Detail) -> Markup:
    match content:
        case MeetingContent():
            return _about_meeting(content, topics=detail.topics)
        case MonthContent():
            return _about_month(content, detail.listed)
        case DeadlineContent():
            return _about_deadline(content, detail.listed)
        case PersonContent():
            return _about_person(content)
        case PetitionContent():
            return _about_petition(content, whole=detail.topics)
        case QuorumContent():
            return _about_quorum(content)
        case CertificateContent():
            return certificates.head(content.issued, content.zone)
        case _:
            raise TypeError(f"{content} has no words")


def _about_meeting(content: MeetingContent, *, topics: bool) -> Markup:
    meeting, zone = content.meeting, content.zone
    match content.kind:
        case NoticeKind.CONVOCATION | NoticeKind.CHANGE if content.particulars is not None:
            return _convened(content, content.particulars, topics=topics)
        case NoticeKind.CALLED_OFF:
            starts_at = content.was.starts_at if content.was else None
            return called_off(
                meeting, starts_at, content.reason, zone, deferred=content.deferred, was_deferred=content.was_off
            )
        case NoticeKind.CHASE:
            return _list(content) if content.missing else _chase(content)
        case NoticeKind.DATE_MISSING:
            return _date_missing(content)
        case NoticeKind.CONVENE_MISSING:
            return _convene_missing(content)
        case _:
            return _reminder(content, topics=topics)


def _convened(content: MeetingContent, session: Particulars, *, topics: bool) -> Markup:
    """Return the convocation; to whoever heard of an earlier one that still stood, what changed since."""
    was, zone = content.was, content.zone
    if was is not None and not content.was_off:
        correction = content.correction
        return change(session, was, content.reason, zone, correction=correction, brief=not topics)
    replaces = was.starts_at if was is not None else None
    return convocation(session, zone, points=topics, personal=content.personal, replaces=replaces)


def called_off(
    meeting: MeetingView,
    starts_at: datetime | None,
    reason: str,
    zone: ZoneInfo,
    *,
    deferred: bool,
    was_deferred: bool = False,
) -> Markup:
    """Return the words that tell that a convened session was cancelled or deferred, and why.

    `starts_at`: for when it was convened; `was_deferred`: and then deferred, before it was cancelled.
    """
    what = (
        t(
            "⏸ <b>Sesión diferida</b>\nLa <b>{name}</b> se celebrará en otra fecha, que se le comunicará.",
            name=meeting_name(meeting),
        )
        if deferred
        else t("✖️ <b>Sesión cancelada</b>\nLa <b>{name}</b> no se celebrará.", name=meeting_name(meeting))
    )
    lines: list[Markup | str] = [what]
    if starts_at is not None:
        when = dates.weekday_and_time(starts_at, zone)
        lines.append(
            t("Se había diferido; estaba convocada para el {when}.", when=when)
            if was_deferred
            else t("Estaba convocada para el {when}.", when=when)
        )
    if reason:
        lines += ["", t("Motivo: {reason}", reason=reason)]
    return _lines(*lines)


def _reminder(content: MeetingContent, *, topics: bool) -> Markup:
    meeting = content.meeting
    left = dates.span((meeting.starts_at or content.now) - _spoken_at(content))
    brief = content.last or not topics
    return _lines(
        t("⏰ <b>Recordatorio</b>: {left}", left=left),
        t("<b>{name}</b>", name=meeting_name(meeting)),
        *appointment(meeting, content.zone),
        *(() if brief or content.particulars is None else agenda(content.particulars)),
        *_still_to_acknowledge(content),
    )


def _spoken_at(content: Content) -> datetime:
    """Return the moment from which time left is counted: a second late, an hour before is still an hour before."""
    return content.due_at if content.now - content.due_at < timedelta(minutes=1) else content.now


def _still_to_acknowledge(content: MeetingContent) -> Iterable[Markup | str]:
    return () if content.acknowledged else ("", t("Aún no acusa recibo de la convocatoria."))


def _chase(content: MeetingContent) -> Markup:
    return _lines(
        t("✍️ Por favor, acuse recibo de la convocatoria a la <b>{name}</b>.", name=meeting_name(content.meeting)),
        *appointment(content.meeting, content.zone),
    )


def _list(content: MeetingContent) -> Markup:
    shown = content.missing[:30]
    lines: list[Markup | str] = [
        t("✍️ <b>Faltan acuses</b>: {name}", name=meeting_name(content.meeting)),
        *(t("• {name}", name=name) for name in shown),
    ]
    if len(content.missing) > len(shown):
        lines.append(tn("y {n} persona más", "y {n} personas más", len(content.missing) - len(shown)))
    return _lines(*lines)


def _date_missing(content: MeetingContent) -> Markup:
    month = dates.month_and_year(content.meeting.month)
    line = t(
        "🗓 <b>Falta fijar fecha</b>: {name}, prevista para {month}.", name=meeting_name(content.meeting), month=month
    )
    if content.expires_at is None or content.expires_at <= content.now:
        return line
    last_day = dates.weekday_and_day(local_day(content.expires_at, content.zone))
    by = t("Para celebrarla en ese mes hay que convocarla a más tardar el {day}.", day=last_day)
    return _lines(line, by)


def _convene_missing(content: MeetingContent) -> Markup:
    meeting = content.meeting
    lines = [t("📣 <b>Falta convocar</b>: {name}", name=meeting_name(meeting)), *appointment(meeting, content.zone)]
    if content.expires_at is not None:
        lines.append(
            t(
                "El término para convocar vence el {when}.",
                when=dates.weekday_and_time(content.expires_at, content.zone),
            )
            if content.expires_at > content.now
            else t("El término para convocar ya venció.")
        )
    return _lines(*lines)


def _about_month(content: MonthContent, listed: int) -> Markup:
    lines: list[Markup | str] = []
    if content.overdue:
        lines += [t("⚠️ <b>Quedó vencido</b>"), *_activities(content.overdue, listed), ""]
    if content.current:
        lines += [
            t("<b>Por hacer en {month}</b>", month=dates.month_and_year(content.month)),
            *_activities(content.current, listed),
            "",
        ]
    if content.meetings:
        lines += [*([] if content.dates_only else [t("<b>Sesiones del mes</b>")]), *_meetings(content, listed)]
    title = (
        t("🗓 <b>Falta fijar fecha</b>")
        if content.dates_only
        else t("📋 <b>Resumen de {month}</b>", month=dates.month_and_year(content.month))
    )
    return _lines(title, *([] if content.dates_only else [""]), *lines).rstrip()


def _activities(activities: Sequence[ActivityView], listed: int) -> Iterator[Markup]:
    yield from (_activity(activity) for activity in activities[:listed])
    if not listed:
        yield tn("{n} actividad", "{n} actividades", len(activities))
    elif len(activities) > listed:
        yield tn("y {n} actividad más", "y {n} actividades más", len(activities) - listed)


def _activity(activity: ActivityView) -> Markup:
    return t("{mark} {n}. {text}", mark=state_mark(activity.state), n=activity.number, text=shorten(activity.text))


def _meetings(content: MonthContent, listed: int) -> Iterator[Markup]:
    yield from (_meeting(meeting, content) for meeting in content.meetings[:listed])
    if not listed:
        yield tn("{n} sesión", "{n} sesiones", len(content.meetings))
    elif len(content.meetings) > listed:
        yield tn("y {n} sesión más", "y {n} sesiones más", len(content.meetings) - listed)


def _meeting(meeting: MeetingView, content: MonthContent) -> Markup:
    if meeting.starts_at is None and meeting.month != content.month:
        planned = dates.month_and_year(meeting.month)
        state = meeting_state_name(meeting.state)
        return t("• {name} ({month}): {when}", name=meeting_name(meeting), month=planned, when=state)
    if meeting.starts_at is None or meeting.state is MeetingState.NO_QUORUM:
        when: Markup | str = meeting_state_name(meeting.state)
    else:
        when = dates.weekday_and_time(meeting.starts_at, content.zone)
    return t("• {name}: {when}", name=meeting_name(meeting), when=when)


def _about_deadline(content: DeadlineContent, listed: int) -> Markup:
    left = (content.deadline - content.today).days
    return _lines(
        t("⏳ <b>Por vencer</b> el {day} ({left})", day=dates.day(content.deadline), left=dates.days_left(left)),
        *_activities(content.activities, listed),
    )


def _about_person(content: PersonContent) -> Markup:
    if content.group:
        return t(
            "⚠️ El bot fue retirado del grupo <b>{title}</b>. Para que vuelva a recibir avisos, agréguelo al grupo y escriba "
            "ahí /vincular.",
            title=content.about,
        )
    if content.kind is NoticeKind.UNREACHABLE:
        return t(
            "⚠️ Ya no es posible escribir a <b>{name}</b> por este medio. Considere avisarle por otro; si vuelve a abrir "
            "este chat, volverá a recibir los avisos.",
            name=content.about,
        )
    return t(
        "🔁 <b>{name}</b> se registró con otra cuenta de Telegram; la anterior ya no tiene acceso. Si usted no envió ese "
        "enlace, revise /integrantes.",
        name=content.about,
    )


def _about_petition(content: PetitionContent, *, whole: bool) -> Markup:
    petition, zone = content.petition, content.zone
    if content.kind is NoticeKind.PETITION_MAJORITY:
        return petitions.majority(petition, zone, whole=whole, convenes=content.may_convene)
    if content.asks:
        return petitions.request(petition, zone, whole=whole)
    return petitions.request_withdrawn(petition, zone)


def _about_quorum(content: QuorumContent) -> Markup:
    expected = content.forecast
    return _lines(
        t("⚠️ <b>El quórum está en riesgo</b>: {name}", name=meeting_name(content.meeting)),
        *appointment(content.meeting, content.zone),
        "",
        tn(
            "De {voting} integrantes con voto, a lo más asistirá {n}; se requieren {required}.",
            "De {voting} integrantes con voto, a lo más asistirán {n}; se requieren {required}.",
            expected.most,
            voting=expected.voting,
            required=expected.required,
        ),
        t("No asistirán: {names}.", names=", ".join(content.absent)),
        *(("", t("¿Qué desea hacer?")) if content.may_convene else ()),
    )


def _announcement(content: AnnouncementContent, *, several: bool) -> Message:
    text = _heading(content, several=several) + announcement(content.text)
    if content.attachment is Attachment.PHOTO:
        return Message(text, photo=content.file_id)
    return Message(text, document=content.file_id)


def _lines(*lines: Markup | str) -> Markup:
    return Markup("\n").join(lines)
