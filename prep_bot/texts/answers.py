"""«Asistiré», «A distancia», «No asistiré»: what is said of an answer, and what is asked after a «no»."""

from markupsafe import Markup

from prep_bot.domain.answer import Answer, offered
from prep_bot.i18n import t
from prep_bot.services.answers import REASON_LIMIT, SUBSTITUTE_LIMIT, Given, Substitution
from prep_bot.texts.actions.answers import GiveAnswer, SkipDetail
from prep_bot.texts.message import Choice, Message, Toast
from prep_bot.texts.pages import tap
from prep_bot.texts.words import meeting_name

_NAME = 100
"""Characters of a session's name in a toast, which holds no more than 200."""


def given(done: Given, convocation_id: int) -> Choice:
    """Mark the answer on its button; after a «no», ask why."""
    among = tuple(GiveAnswer(convocation_id, answer).encode() for answer in offered(done.meeting.modality))
    chosen = GiveAnswer(convocation_id, done.answer).encode()
    reply = _ask_reason(done, convocation_id) if done.answer is Answer.ABSENT else _noted(done)
    return Choice(reply, chosen, tuple(action for action in among if action != chosen))


def _noted(done: Given) -> Toast:
    name = meeting_name(done.meeting, _NAME)
    if done.answer is Answer.REMOTE:
        return Toast(
            t("Anotado: usted asistirá a distancia a la {name}. Puede cambiarlo hasta que comience.", name=name)
        )
    return Toast(t("Anotado: usted asistirá a la {name}. Puede cambiarlo hasta que comience.", name=name))


def _ask_reason(done: Given, convocation_id: int) -> Message:
    lines = [
        t(
            "Anotado: usted no asistirá a la <b>{name}</b>. Puede cambiarlo hasta que comience.",
            name=meeting_name(done.meeting),
        ),
        "",
        t("Si desea indicar el motivo, escríbalo; lo verá la Secretaría Técnica. Si no, toque el botón."),
    ]
    return Message(Markup("\n").join(lines), ((tap(t("Omitir motivo"), SkipDetail(convocation_id)),),))


def reason_too_long(length: int) -> Message:
    """Say how long a reason may be."""
    return Message(
        t(
            "El motivo tiene {length} caracteres y el máximo es de {limit}. Envíelo más breve, por favor; su respuesta ya "
            "quedó anotada.",
            length=length,
            limit=REASON_LIMIT,
        )
    )


def ask_substitute(name: str, convocation_id: int) -> Message:
    """Ask who comes instead to the session of that name."""
    return Message(
        t("¿Quién asistirá en su lugar a la <b>{name}</b>? Escriba su nombre completo, o toque el botón.", name=name),
        ((tap(t("Nadie en mi lugar"), SkipDetail(convocation_id)),),),
    )


def bad_substitute() -> Message:
    """Say how to write the name of who comes instead."""
    return Message(
        t(
            "Escriba el nombre completo de una persona, en {limit} caracteres como máximo; o toque «Nadie en mi lugar».",
            limit=SUBSTITUTE_LIMIT,
        )
    )


def substituted(done: Substitution) -> Message:
    """Confirm who comes instead, and say whether they are told."""
    noted = t(
        "✔️ Anotado: en su lugar asistirá <b>{name}</b> a la {meeting}.",
        name=done.name,
        meeting=meeting_name(done.meeting),
    )
    if done.told:
        return Message(noted + "\n" + t("Esa persona ya recibe la convocatoria por este medio."))
    return Message(
        noted
        + "\n"
        + t("⚠️ Esa persona no recibe avisos por este medio: por favor, avísele y compártale los documentos.")
    )


def settled() -> Message:
    """Say that nothing else is needed."""
    return Message(t("✔️ De acuerdo: su respuesta quedó anotada. Puede cambiarla hasta que comience la sesión."))


def nothing_to_skip() -> Toast:
    """Say that the question was answered or left before."""
    return Toast(t("Ya no hace falta: su respuesta está anotada."))


def begun() -> Toast:
    """Say that answers come too late once the session has begun."""
    return Toast(t("La sesión ya comenzó: su respuesta queda como estaba. La asistencia se toma en la lista."))


def not_in_force() -> Toast:
    """Say that the convocation wants no answer any more."""
    return Toast(t("Esta convocatoria ya no está vigente: la sesión cambió o se canceló. Consulte /proxima."))


def not_offered() -> Toast:
    """Say that the session is not attended so."""
    return Toast(t("Esta sesión no se celebra en esa modalidad. Consulte /proxima."))


def changed_mind() -> Toast:
    """Say that a reason or a substitute goes with a «no» only."""
    return Toast(t("Eso se anota solo cuando usted no asistirá, y su respuesta ya es otra."))
