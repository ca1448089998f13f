"""/solicitar and /solicitudes: petitions of an extraordinary session, and what their notices say."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from prep_bot.domain.petition import LIMITS, Part, PetitionState, Proposal
from prep_bot.i18n import t, tn
from prep_bot.services.petitions import PetitionView, Proposed
from prep_bot.services.roster import Listed
from prep_bot.texts import dates
from prep_bot.texts.actions.calendar import ShowMeeting
from prep_bot.texts.actions.petitions import (
    PreparePetitioned,
    PresentPetition,
    ShowPetition,
    ShowPetitions,
    SignPetition,
    UnsignPetition,
    WithdrawPetition,
)
from prep_bot.texts.message import Button, Message, Seal, Toast
from prep_bot.texts.pages import Item, Section, page_of, shorten, tap

_NAMED = 300
"""Characters of a list of names within a sentence."""

_SIGNED = 20
"""Signatures that are listed one a line."""

_TOPIC = 80
"""Characters of a topic where it only names the petition."""

_LABEL = 30
"""The same on a button."""


def ask(part: Part) -> Message:
    """Ask for the topic, or for the reason."""
    if part is Part.TOPIC:
        return Message(
            t(
                "<b>Solicitud de sesión extraordinaria</b>\n\n¿Qué tema debe tratarse? Escríbalo como debe leerse en la "
                "convocatoria, o /cancelar para dejarlo."
            )
        )
    return Message(t("¿Por qué motivo se solicita la sesión? Escríbalo en pocas líneas, o /cancelar para dejarlo."))


def too_long(part: Part, length: int) -> Message:
    """Say how long the topic or the reason may be."""
    return Message(
        t(
            "Son {length} caracteres y el máximo es de {limit}. Envíelo más breve, o /cancelar para dejarlo.",
            length=length,
            limit=LIMITS[part],
        )
    )


def preview(proposal: Proposal, days: int) -> Message:
    """Show the petition as it will be presented; it can be signed for that number of days."""
    lines = [
        t("<b>Vista previa</b> · Solicitud de sesión extraordinaria"),
        "",
        *_asked_for(proposal.topic, proposal.reason),
        "",
        t(
            "Su firma contará como la primera. Al presentarla se pedirá la firma de las demás personas con voto; con la "
            "mayoría pasará a la Secretaría Técnica."
        ),
        tn("Podrá firmarse durante {n} día.", "Podrá firmarse durante {n} días.", days),
        "",
        t("Para escribirla de nuevo: /solicitar. Para no presentarla: /cancelar."),
    ]
    button = tap(t("Firmar y presentar"), PresentPetition(proposal.commission, proposal.stamp))
    return Message(Markup("\n").join(lines), ((button,),))


def _asked_for(topic: str, reason: str) -> Iterator[Markup]:
    yield t("<b>Tema</b>: {topic}", topic=topic)
    if reason:
        yield t("<b>Motivo</b>: {reason}", reason=reason)


def presented(done: Proposed, now: datetime, sends_at: datetime, buttons: Message, zone: ZoneInfo) -> Message:
    """Say that it was presented and who is asked to sign, above the petition as it stands (`buttons`)."""
    lines = [t("✔️ Su solicitud quedó presentada el {when}.", when=dates.moment(done.petition.made_at, zone))]
    if done.petition.state is PetitionState.OPEN:
        lines += _told(done, now, sends_at, zone)
    return Message(Markup("\n").join(lines) + "\n\n" + buttons.text, buttons.buttons)


def _told(done: Proposed, now: datetime, sends_at: datetime, zone: ZoneInfo) -> Iterator[Markup]:
    if done.asked:
        yield t("Se pide la firma de: {names}.", names=_names(done.asked))
        if sends_at > now:
            yield t("Por la hora, se les enviará el {when}.", when=dates.moment(sends_at, zone))
    if done.not_reached:
        yield t("⚠️ No les llegará, por falta de registro o de contacto: {names}.", names=_names(done.not_reached))


def _names(people: Sequence[Listed]) -> str:
    return shorten(", ".join(person.name for person in people), _NAMED)


def one_at_a_time(petition: Message) -> Message:
    """Say that the person has an open petition already, above it."""
    words = t(
        "Usted ya tiene una solicitud en curso. Puede presentar otra cuando esta alcance la mayoría, venza o la retire."
    )
    return Message(f"{words}\n\n{petition.text}", petition.buttons)


def card(petition: PetitionView, person_id: int, zone: ZoneInfo, *, votes: bool, convenes: bool) -> Message:
    """Return a petition as it stands, with what that person can do about it."""
    lines = [
        t("📝 <b>Solicitud de sesión extraordinaria</b>"),
        *_asked_for(petition.topic, petition.reason),
        "",
        t("La propuso {name} el {when}.", name=petition.proposer, when=dates.moment(petition.made_at, zone)),
        *_signatures(petition, zone),
        "",
        standing(petition, zone),
    ]
    rows = [(button,) for button in _choices(petition, person_id, votes=votes, convenes=convenes)]
    others = tap(t("Ver solicitudes"), ShowPetitions(petition.commission_id))
    return Message(Markup("\n").join(lines), (*rows, (others,)))


def _signatures(petition: PetitionView, zone: ZoneInfo) -> Iterator[Markup]:
    yield _count(petition)
    yield from (
        t("• {name}: {when}", name=signature.name, when=dates.moment(signature.at, zone))
        for signature in petition.signatures[:_SIGNED]
    )
    if len(petition.signatures) > _SIGNED:
        yield tn("y {n} firma más", "y {n} firmas más", len(petition.signatures) - _SIGNED)


def _count(petition: PetitionView) -> Markup:
    return t("✍️ <b>Firmas</b>: {n} de {needed} necesarias", n=len(petition.signatures), needed=petition.needed)


def standing(petition: PetitionView, zone: ZoneInfo) -> Markup:
    """Return in a sentence how a petition stands."""
    match petition.state:
        case PetitionState.OPEN:
            return t("⏳ Puede firmarse hasta el {when}.", when=dates.moment(petition.lapses_at, zone))
        case PetitionState.WITHDRAWN if petition.withdrawn_at is not None:
            return t(
                "✖️ Quien la propuso la retiró el {when}: ya no puede firmarse.",
                when=dates.moment(petition.withdrawn_at, zone),
            )
        case PetitionState.REACHED if petition.reached_at is not None:
            reached = t("✅ Alcanzó la mayoría el {when}.", when=dates.moment(petition.reached_at, zone))
            if petition.meeting is None:
                return reached + " " + t("Falta preparar la sesión.")
            return reached + " " + t("De ella se hizo la sesión {n}.", n=petition.meeting)
        case _:
            return t(
                "✖️ Venció el {when} sin alcanzar la mayoría: ya no puede firmarse.",
                when=dates.moment(petition.lapses_at, zone),
            )


def _choices(petition: PetitionView, person_id: int, *, votes: bool, convenes: bool) -> Iterator[Button]:
    commission, petition_id = petition.commission_id, petition.id
    if petition.state is PetitionState.OPEN and votes:
        if petition.made_by == person_id:
            yield tap(t("Retirar la solicitud"), WithdrawPetition(commission, petition_id))
        elif petition.signed_by(person_id):
            yield tap(t("Retirar mi firma"), UnsignPetition(commission, petition_id))
        else:
            yield tap(t("Firmar"), SignPetition(commission, petition_id))
    if petition.state is PetitionState.REACHED:
        if petition.meeting is not None:
            yield tap(t("Ver sesión"), ShowMeeting(commission, petition.meeting))
        elif convenes:
            yield tap(t("Preparar la sesión"), PreparePetitioned(commission, petition_id))


def listing(
    commission_id: int, petitions: Sequence[PetitionView], page: int, zone: ZoneInfo, *, votes: bool
) -> Message:
    """List the petitions that wait for signatures, or for the session."""
    footer = t("Para pedir una sesión extraordinaria: /solicitar.") if votes else Markup("")
    if not petitions:
        return Message(
            Markup("\n").join(filter(None, [t("No hay solicitudes de sesión extraordinaria en curso."), footer]))
        )
    items = tuple(
        Item(_line(n, petition, zone), n, ShowPetition(commission_id, petition.id))
        for n, petition in enumerate(petitions, start=1)
    )
    title = Markup("\n").join(filter(None, [t("<b>Solicitudes de sesión extraordinaria</b>"), footer]))
    return page_of(title, [Section(Markup(""), items)], page, lambda other: ShowPetitions(commission_id, other))


def _line(number: int, petition: PetitionView, zone: ZoneInfo) -> Markup:
    signed = (
        t("{name} ({when})", name=shorten(signature.name, 40), when=dates.short_moment(signature.at, zone))
        for signature in petition.signatures[:3]
    )
    rest = len(petition.signatures) - 3
    names = Markup(", ").join(signed) + (t(" y {n} más", n=rest) if rest > 0 else "")
    lines = [
        t("{n}. {topic}", n=number, topic=shorten(petition.topic, _TOPIC)),
        _count(petition) + (t(": {names}", names=names) if names else ""),
        standing(petition, zone),
    ]
    return Markup("\n").join(lines)


def signed(petition: PetitionView, person_id: int, zone: ZoneInfo, action: str) -> Seal:
    """Return the line below the notice whose petition was signed: it may speak of several."""
    at = next(s.at for s in petition.signatures if s.person_id == person_id)
    line = t(
        "✍️ El {when}, usted firmó la solicitud «{topic}»: van {n} de {needed} firmas necesarias.",
        when=dates.moment(at, zone),
        topic=shorten(petition.topic, _TOPIC),
        n=len(petition.signatures),
        needed=petition.needed,
    )
    if petition.reached_at is not None:
        line += " " + t("Con ellas alcanzó la mayoría: pasa a la Secretaría Técnica.")
    else:
        line += " " + t("En /solicitudes puede retirar su firma mientras no haya mayoría.")
    return Seal(line, action)


def closed(petition: PetitionView, zone: ZoneInfo) -> Toast:
    """Say why nothing can be done about a petition any more."""
    if petition.reached_at is not None:
        when = dates.moment(petition.reached_at, zone)
        return Toast(t("Esta solicitud alcanzó la mayoría el {when}: ya no cambia ni necesita más firmas.", when=when))
    return Toast(standing(petition, zone))


def not_theirs(*, proposer: bool) -> Toast:
    """Say who may withdraw what."""
    if proposer:
        return Toast(
            t("Usted propuso esta solicitud: en lugar de su firma, puede retirar la solicitud en /solicitudes.")
        )
    return Toast(t("Solo quien propuso la solicitud puede retirarla."))


def no_such_petition() -> Toast:
    """Say that there is no such petition."""
    return Toast(t("No encuentro esa solicitud. Consulte /solicitudes."))


def no_such_proposal() -> Toast:
    """Say that what the button would present is no longer what is prepared."""
    return Toast(
        t(
            "Esa solicitud ya se presentó, se canceló, venció o cambió. Use la vista previa más reciente o escriba "
            "/solicitar para hacer otra."
        )
    )


def not_for_convening() -> Toast:
    """Say that no session can be made of a petition."""
    return Toast(t("De esta solicitud no puede prepararse una sesión: no tiene mayoría, o la sesión ya se preparó."))


# What the notices say


def request(petition: PetitionView, zone: ZoneInfo, *, whole: bool) -> Markup:
    """Return the words that ask a voting member to sign; not `whole`: without what the button shows."""
    topic, reason = _shown(petition, whole=whole)
    lines = [
        t("📝 <b>Solicitud de sesión extraordinaria</b>"),
        t("{name} propone una sesión extraordinaria y pide su firma.", name=petition.proposer),
        "",
        *_asked_for(topic, reason),
        "",
        _count(petition),
        standing(petition, zone),
    ]
    return Markup("\n").join(lines)


def request_withdrawn(petition: PetitionView, zone: ZoneInfo) -> Markup:
    """Return the words that tell a signer that the petition was withdrawn."""
    return t(
        "✖️ {name} retiró el {when} su solicitud de sesión extraordinaria «{topic}», que usted había firmado. No tiene que "
        "hacer nada.",
        name=petition.proposer,
        when=dates.moment(petition.withdrawn_at or petition.made_at, zone),
        topic=shorten(petition.topic, _TOPIC),
    )


def majority(petition: PetitionView, zone: ZoneInfo, *, whole: bool, convenes: bool) -> Markup:
    """Return the words that tell secretary and presidency that a petition has its majority."""
    topic, reason = _shown(petition, whole=whole)
    lines = [
        t("✅ <b>Solicitud de la mayoría</b>"),
        t(
            "La mayoría de las personas integrantes con voto solicita una sesión extraordinaria, desde el {when}.",
            when=dates.moment(petition.reached_at or petition.made_at, zone),
        ),
        "",
        *_asked_for(topic, reason),
        "",
        t("La propuso {name}.", name=petition.proposer),
        *(_signatures(petition, zone) if whole else [_count(petition)]),
    ]
    if convenes and petition.meeting is None:
        lines += ["", t("Para convocarla, fije primero su fecha con el botón.")]
    return Markup("\n").join(lines)


def _shown(petition: PetitionView, *, whole: bool) -> tuple[str, str]:
    return (petition.topic, petition.reason) if whole else (shorten(petition.topic, _TOPIC), "")


def notice_buttons(petition: PetitionView, *, asks: bool, convenes: bool, named: bool) -> Iterator[tuple[Button, ...]]:
    """Return the buttons of a notice; `named`: with the topic, since the message speaks of several petitions."""
    commission, petition_id = petition.commission_id, petition.id

    def label(words: Markup) -> Markup:
        return t("{label}: {name}", label=words, name=shorten(petition.topic, _LABEL)) if named else words

    if asks:
        yield (tap(label(t("Firmar")), SignPetition(commission, petition_id)),)
    if petition.state is PetitionState.REACHED and petition.meeting is None and convenes:
        yield (tap(label(t("Preparar la sesión")), PreparePetitioned(commission, petition_id)),)
    yield (tap(label(t("Ver solicitud")), ShowPetition(commission, petition_id)),)
