"""The Spanish words for the domain's values."""

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.agenda import StandardPoint
from prep_bot.domain.answer import Answer
from prep_bot.domain.attendance import Attendance
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.particulars import Particulars
from prep_bot.domain.role import Role
from prep_bot.i18n import t
from prep_bot.services.meetings import MeetingView
from prep_bot.services.members import Reach
from prep_bot.texts.pages import shorten


def language_name(code: str) -> str:
    """Return the name of a language in itself, such as `español (México)`."""
    try:
        return Locale.parse(code).display_name or code
    except UnknownLocaleError:
        return code


def role_name(role: Role) -> str:
    """Return the name of a role, inclusive as the institution writes."""
    return {
        Role.PRESIDENCY: t("Presidencia"),
        Role.MEMBER: t("Consejería integrante"),
        Role.TECHNICAL_SECRETARY: t("Secretaría Técnica"),
        Role.PARTY_REPRESENTATIVE: t("Representación de partido"),
        Role.TECHNICAL_UNIT: t("Instancia interna"),
        Role.GUEST: t("Persona invitada"),
    }[role]


def state_name(state: ActivityState) -> str:
    """Return the name of an activity's state."""
    return {
        ActivityState.PENDING: t("pendiente"),
        ActivityState.IN_PROGRESS: t("en proceso"),
        ActivityState.DONE: t("concluida"),
        ActivityState.NOT_APPLICABLE: t("no aplica"),
    }[state]


def state_mark(state: ActivityState) -> str:
    """Return the sign of an activity's state at the head of a line."""
    return {
        ActivityState.PENDING: "▫️",
        ActivityState.IN_PROGRESS: "🔸",
        ActivityState.DONE: "✅",
        ActivityState.NOT_APPLICABLE: "➖",
    }[state]


def call_name(call: int) -> str:
    """Return which convening of a session it is."""
    named = {1: t("primera convocatoria"), 2: t("segunda convocatoria"), 3: t("tercera convocatoria")}
    return str(named.get(call) or t("convocatoria {n}", n=call))


def meeting_name(meeting: MeetingView | Particulars, limit: int | None = None) -> str:
    """Return the name of a session, cut near `limit` characters; from the second call on, with its call."""
    name = shorten(meeting.name, limit) if limit else meeting.name
    return name if meeting.call == 1 else f"{name}, {call_name(meeting.call)}"


def meeting_state_name(state: MeetingState) -> str:
    """Return the name of a session's state."""
    return {
        MeetingState.UNSCHEDULED: t("fecha por definir"),
        MeetingState.SCHEDULED: t("fijada, por convocar"),
        MeetingState.CONVENED: t("convocada"),
        MeetingState.IN_SESSION: t("en curso"),
        MeetingState.NO_QUORUM: t("sin quórum"),
        MeetingState.HELD: t("celebrada"),
        MeetingState.DEFERRED: t("diferida, fecha por definir"),
        MeetingState.CANCELLED: t("cancelada"),
    }[state]


def meeting_state_mark(state: MeetingState) -> str:
    """Return the sign of a session's state at the head of a line."""
    return {
        MeetingState.UNSCHEDULED: "▫️",
        MeetingState.SCHEDULED: "🗓",
        MeetingState.CONVENED: "📣",
        MeetingState.IN_SESSION: "🔔",
        MeetingState.NO_QUORUM: "🚫",
        MeetingState.HELD: "✅",
        MeetingState.DEFERRED: "⏸",
        MeetingState.CANCELLED: "✖️",
    }[state]


def modality_name(modality: Modality) -> str:
    """Return the name of a modality."""
    return {
        Modality.IN_PERSON: t("presencial"),
        Modality.REMOTE: t("a distancia"),
        Modality.MIXED: t("mixta"),
    }[modality]


def standard_point_name(point: StandardPoint) -> str:
    """Return the words of a usual point of the agenda."""
    return {
        StandardPoint.QUORUM: t("Lista de asistencia y declaración de quórum."),
        StandardPoint.AGENDA: t("Lectura y, en su caso, aprobación del orden del día."),
        StandardPoint.MINUTES: t("Lectura y, en su caso, aprobación de la minuta de la sesión anterior."),
        StandardPoint.AGREEMENTS: t("Seguimiento de acuerdos."),
        StandardPoint.PROGRESS: t("Informe de avance."),
        StandardPoint.DRAFTS: t("Proyectos de acuerdo: análisis y, en su caso, aprobación."),
        StandardPoint.OTHER: t("Asuntos generales."),
        StandardPoint.CLOSING: t("Clausura de la sesión."),
    }[point]


def file_size(size: int) -> Markup:
    """Return a size in bytes as people read it: `120 KB`."""
    if size < 1024 * 1024:
        return t("{n} KB", n=max(1, round(size / 1024)))
    return t("{n} MB", n=f"{size / 1024 / 1024:.1f}")


def reach_name(reach: Reach) -> str:
    """Return whether the bot can write to somebody."""
    return {
        Reach.REACHABLE: t("recibe avisos"),
        Reach.NOT_ENROLLED: t("aún no se registra"),
        Reach.UNREACHABLE: t("no se le puede escribir"),
    }[reach]


def answer_label(answer: Answer) -> str:
    """Return an answer to a convocation as the person who gives it says it, on its button."""
    return {
        Answer.IN_PERSON: t("Asistiré"),
        Answer.REMOTE: t("A distancia"),
        Answer.ABSENT: t("No asistiré"),
    }[answer]


def answer_name(answer: Answer) -> str:
    """Return an answer to a convocation as it is said of a person."""
    return {
        Answer.IN_PERSON: t("asistirá"),
        Answer.REMOTE: t("asistirá a distancia"),
        Answer.ABSENT: t("no asistirá"),
    }[answer]


def attendance_name(attendance: Attendance) -> str:
    """Return how a person attended, as it is said of a person."""
    return {
        Attendance.PRESENT: t("presente"),
        Attendance.REMOTE: t("a distancia"),
        Attendance.ABSENT: t("ausente"),
        Attendance.JUSTIFIED: t("justificada"),
    }[attendance]
