"""/ayuda, /start, /cancelar, and the menus: what each command is for."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from markupsafe import Markup

from prep_bot.domain.role import Role
from prep_bot.i18n import t
from prep_bot.texts.actions.action import ALL_COMMISSIONS
from prep_bot.texts.actions.general import RunCommand, ShowHelp
from prep_bot.texts.message import Message, Toast
from prep_bot.texts.pages import Item, Section, link, page_of, tap
from prep_bot.texts.words import role_name


def summary(command: str) -> str:
    """Return in a few words what a command is for, as in Telegram's menu."""
    return {
        "pendientes": t("Qué está pendiente ahora"),
        "proxima": t("La próxima sesión"),
        "calendario": t("Todas las sesiones"),
        "sesion": t("Una sesión, completa"),
        "orden": t("El orden del día y sus anexos"),
        "actividades": t("Las actividades del plan, por mes"),
        "actividad": t("Una actividad, completa"),
        "avance": t("Cuánto del plan se ha concluido"),
        "registrar": t("Registrar el avance de una actividad"),
        "fijar": t("Fijar la fecha de una sesión"),
        "extraordinaria": t("Agregar una sesión extraordinaria"),
        "convocar": t("Convocar a una sesión"),
        "solicitar": t("Solicitar una sesión extraordinaria"),
        "solicitudes": t("Las solicitudes de sesión extraordinaria"),
        "tablero": t("Quién acusó recibo y quién asistirá"),
        "constancia": t("La constancia de notificación de una sesión"),
        "documento": t("La convocatoria, para firmarla"),
        "asistencia": t("Pasar lista y declarar el quórum"),
        "asistencias": t("La asistencia a las sesiones celebradas"),
        "aviso": t("Enviar un aviso"),
        "envios": t("Qué se envió y qué falta"),
        "ajustes": t("Qué avisos recibe usted"),
        "integrantes": t("Quién es quién"),
        "invitar": t("Invitar a una persona"),
        "vincular": t("Vincular este grupo"),
        "ayuda": t("Qué puede preguntarme"),
        "privacidad": t("Aviso de privacidad"),
        "misdatos": t("Qué se guarda de usted"),
        "cancelar": t("Dejar lo que se estaba haciendo"),
        "start": t("Empezar"),
    }[command]


_EXAMPLES = {
    "pendientes": "/pendientes febrero",
    "calendario": "/calendario marzo",
    "sesion": "/sesion 3",
    "orden": "/orden 3",
    "actividades": "/actividades marzo",
    "actividad": "/actividad 12",
    "registrar": "/registrar 12",
    "constancia": "/constancia 5",
    "documento": "/documento 5",
    "fijar": "/fijar 5 24 de febrero 11:00",
}
"""Of the commands that take something after them; each other one is its own example."""


def help_for(roles: Sequence[Role], commands: Collection[str], page: int = 0) -> Message:
    """Return the commands that a person may use, one example each."""
    title = t("<b>¿En qué puedo ayudarle?</b>")
    if roles:
        title += "\n" + t("Su carácter: {roles}.", roles=", ".join(role_name(role) for role in roles))
    title += "\n" + t("Puede escribirme con o sin la diagonal.")
    return _listing(title, commands, page)


def group_help(commands: Collection[str], page: int = 0) -> Message:
    """Return what can be asked in the linked group."""
    return _listing(t("<b>En este grupo puede preguntarme</b>"), commands, page)


def _listing(title: Markup, commands: Collection[str], page: int) -> Message:
    items = tuple(Item(_line(command)) for command in commands)
    return page_of(title, [Section(Markup(""), items)], page, ShowHelp)


def _line(command: str) -> Markup:
    line = t("/{command} · {summary}", command=command, summary=summary(command))
    example = _EXAMPLES.get(command)
    return line + t(" (ejemplo: <code>{example}</code>)", example=example) if example else line


def greeting(name: str, *, reads_plan: bool, former: bool) -> Message:
    """Greet somebody who is enrolled already."""
    if former:
        return Message(
            t(
                "{name}, usted ya no es integrante. Puede consultar /misdatos y /privacidad.",
                name=name,
            )
        )
    first = "pendientes" if reads_plan else "calendario"
    return Message(
        t("Buen día, {name}. Pregúnteme lo que necesite: /ayuda muestra todo lo que sé responder.", name=name),
        ((tap(summary(first), RunCommand(ALL_COMMISSIONS, first)),),),
    )


def nothing_to_cancel(*, convenes: bool) -> Message:
    """Say that no dialogue was in course; to whoever may cancel sessions, how that is done."""
    text = t("No había nada en curso que cancelar.")
    if convenes:
        text += " " + t("Para cancelar una sesión, ábrala con <code>/sesion</code> y su número.")
    return Message(text)


def cancelled() -> Message:
    """Say that the dialogue was left."""
    return Message(t("De acuerdo: lo dejamos aquí. No se guardó nada más."))


def expired() -> Message:
    """Say that what was being asked has expired."""
    return Message(
        t(
            "Pasó más de media hora desde mi pregunta, así que no tomé en cuenta su respuesta. Si gusta, empiece de nuevo."
        )
    )


def question_left(answer: Message) -> Message:
    """Say above the answer to a command that the question which was open is no longer."""
    words = t("<i>Dejé la pregunta que le hacía: si aún la necesita, empiece de nuevo.</i>")
    return replace(answer, text=f"{words}\n\n{answer.text}")


def only_text() -> Message:
    """Say that a picture, a sticker or the like cannot be read."""
    return Message(
        t("Solo puedo leer mensajes de texto. Escriba /ayuda para ver lo que puede preguntarme."),
        ((tap(summary("ayuda"), RunCommand(ALL_COMMISSIONS, "ayuda")),),),
    )


def answer_first() -> Message:
    """Say that a file was not kept, because something else is being asked."""
    return Message(
        t("No guardé el archivo: primero conteste lo que le pregunté, o escriba /cancelar, y después envíelo de nuevo.")
    )


def no_file(*, lists_members: bool) -> Message:
    """Say that the file was not kept, and who adds annexes."""
    text = t(
        "No guardé ese archivo: los anexos de las sesiones los agrega la Secretaría Técnica. Si es para una sesión, "
        "hágaselo llegar por el medio que acostumbren."
    )
    who = ((tap(summary("integrantes"), RunCommand(ALL_COMMISSIONS, "integrantes")),),)
    return Message(text, who if lists_members else ())


def not_understood(nearest: str | None, argument: str = "") -> Message:
    """Say that the text was not understood, with the nearest command as a button if one is near."""
    if nearest is None:
        return Message(
            t("No entendí su mensaje. Escriba /ayuda para ver lo que puede preguntarme."),
            ((tap(summary("ayuda"), RunCommand(ALL_COMMISSIONS, "ayuda")),),),
        )
    offered = RunCommand.fitting(ALL_COMMISSIONS, nearest, argument)
    written = f"/{offered.name} {offered.argument}".strip()
    return Message(t("¿Quiso decir {command}?", command=written), ((tap(written, offered),),))


def not_allowed(command: str) -> Message:
    """Say that the person's role does not include a command."""
    return Message(t("/{command} no corresponde a su carácter. Consulte /ayuda.", command=command))


def in_private(command: str, bot: str) -> Message:
    """Say that a command is answered in private only."""
    text = t("/{command} se atiende en privado, para no mostrar aquí datos personales.", command=command)
    return Message(text, ((link(t("Abrir el chat privado"), f"https://t.me/{bot}"),),))


def only_in_group(command: str) -> Message:
    """Say that a command is for the group."""
    return Message(
        t(
            "/{command} se escribe en el grupo que desea vincular. Agregue este bot al grupo y escríbalo ahí.",
            command=command,
        )
    )


def choose_commission(command: str, argument: str, seats: Sequence[tuple[int, str]]) -> Message:
    """Ask in which of a person's commissions a command is meant."""
    rows = tuple((tap(name, RunCommand.fitting(commission_id, command, argument)),) for commission_id, name in seats)
    return Message(t("¿De cuál comisión?"), rows)


def trouble() -> Toast:
    """Say that something failed on our side."""
    return Toast(
        t(
            "Tuvimos un problema y quizá no se completó lo que pidió. Verifíquelo o inténtelo de nuevo en unos minutos, por favor."
        )
    )


def stale() -> Toast:
    """Say that a button belongs to an older message."""
    return Toast(t("Este botón ya no sirve. Escriba de nuevo lo que necesita; /ayuda muestra las opciones."))


def not_yours() -> Toast:
    """Say that a button is not for this person, or no longer."""
    return Toast(t("Esta opción no corresponde a su carácter."))
