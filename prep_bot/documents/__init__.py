"""Data -> file: Word, PDF and calendar, in the language of the institution, whoever asks for them.

The libraries behind them are loaded when the first file is made: most of what the bot does needs none.
"""

from prep_bot.services.papers import ConvocationPaper


def pdf_of(paper: ConvocationPaper) -> bytes:
    """Return the document of a convocation as PDF; the same data give the same bytes."""
    from prep_bot.documents.convocation_pdf import convocation_pdf

    return convocation_pdf(paper)


def ics_of(paper: ConvocationPaper) -> bytes:
    """Return the session for calendars, as the newest version of its convocation leaves it."""
    from prep_bot.documents.calendar_file import calendar_file

    return calendar_file(paper)
