"""/vincular, and what the bot says of the linked group."""

from collections.abc import Sequence

from prep_bot.i18n import t
from prep_bot.texts.actions.people import LinkGroup
from prep_bot.texts.message import Message
from prep_bot.texts.pages import tap


def linked(commission: str, replaced: str | None) -> Message:
    """Say in the group that it is linked, and whose place it took, by its title."""
    text = t(
        "Este grupo quedó vinculado con <b>{commission}</b>. Aquí responderé preguntas sobre el plan y las sesiones; lo "
        "personal se atiende en privado. Escriba /ayuda para ver qué puede preguntarme.",
        commission=commission,
    )
    if replaced is not None:
        text += "\n\n" + t(
            "Sustituye al grupo <b>{group}</b>, donde ya no se publicarán convocatorias ni avisos.", group=replaced
        )
    return Message(text)


def taken() -> Message:
    """Say that the group belongs to another commission."""
    return Message(t("Este grupo ya está vinculado con otro programa de trabajo: no se cambió nada."))


def choose(seats: Sequence[tuple[int, str]]) -> Message:
    """Ask with which commission the group is to be linked."""
    rows = tuple((tap(name, LinkGroup(commission_id)),) for commission_id, name in seats)
    return Message(t("¿Con cuál comisión se vincula este grupo?"), rows)
