"""Data -> file: Word, PDF and calendar, in the language of the institution, whoever asks for them.

The libraries behind them are loaded when the first file is made: most of what the bot does needs none.
"""

import hashlib

from prep_bot.services.certificates import Certificate
from prep_bot.services.papers import ConvocationPaper


def pdf_of(paper: ConvocationPaper) -> bytes:
    """Return the document of a convocation as PDF; the same data give the same bytes."""
    from prep_bot.documents.convocation_pdf import convocation_pdf

    return convocation_pdf(paper)


def ics_of(paper: ConvocationPaper) -> bytes:
    """Return the session for calendars, as the newest version of its convocation leaves it."""
    from prep_bot.documents.calendar_file import calendar_file

    return calendar_file(paper)


def certificate_of(certificate: Certificate) -> tuple[bytes, bytes]:
    """Return a constancia as PDF and as data."""
    from prep_bot.documents.certificate_json import certificate_json
    from prep_bot.documents.certificate_pdf import certificate_pdf

    document = hashlib.sha256(pdf_of(certificate.paper)).hexdigest()
    return certificate_pdf(certificate, document), certificate_json(certificate, document)
