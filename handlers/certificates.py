"""/constancia: issue that of a convocation, and give those that were issued."""

import asyncio

from handlers.papers import newest_of
from handlers.turn import Command, Family, Reply, Tap, Turn
from prep_bot import documents
from prep_bot.domain.role import Permission
from prep_bot.services.boards import NoSuchConvocationError
from prep_bot.services.certificates import NoSuchCertificateError
from prep_bot.texts import certificates as texts
from prep_bot.texts import papers as papers_texts
from prep_bot.texts.actions.convening import IssueCertificate, SendCertificate


async def start(turn: Turn) -> Reply:
    """Issue the constancia of the newest convocation of a session."""
    found = await newest_of(turn, "constancia")
    return await _issue(turn, found) if isinstance(found, int) else found


async def issue(turn: Turn, action: IssueCertificate) -> Reply:
    """Issue the constancia of a convocation."""
    return await _issue(turn, action.convocation)


async def _issue(turn: Turn, convocation_id: int) -> Reply:
    """Give the newest constancia if nothing happened since; otherwise issue another one."""
    certificates = turn.services.certificates
    try:
        issued = await certificates.current(turn.seat, convocation_id)
        if issued is None:
            prepared = await certificates.prepare(turn.seat, convocation_id)
            pdf, data = await asyncio.to_thread(documents.certificate_of, prepared)
            issued = await certificates.issue(turn.seat, prepared, pdf, data)
    except NoSuchConvocationError:
        return papers_texts.no_such_paper()
    return texts.constancia(issued, turn.seat.rules.zone)


async def send(turn: Turn, action: SendCertificate) -> Reply:
    """Give a constancia that was issued."""
    try:
        issued = await turn.services.certificates.stored(turn.seat, action.certificate)
    except NoSuchCertificateError:
        return texts.no_such_certificate()
    zone = turn.seat.rules.zone
    return texts.data_file(issued, zone) if action.data else texts.constancia(issued, zone)


FAMILY = Family(
    commands=(Command("constancia", Permission.CERTIFY, start),),
    taps=(
        Tap(IssueCertificate, Permission.CERTIFY, issue),
        Tap(SendCertificate, Permission.CERTIFY, send),
    ),
)
