"""What stands in the files that the bot makes, as their readers see it."""

import io
import re
from zipfile import ZipFile

import pypdfium2
from docx import Document


def pages_of(content: bytes) -> list[str]:
    """Return the words of each page of a PDF, in one line each."""
    with pypdfium2.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def read_pdf(content: bytes) -> str:
    """Return the words of a PDF in one line."""
    return " ".join(pages_of(content))


def read_docx(content: bytes) -> str:
    """Return the paragraphs of a Word document, each in a line."""
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def docx_headers(content: bytes) -> str:
    """Return the headers of a Word document as they are stored."""
    with ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"word/header\d+\.xml", name)]
        return "\n".join(archive.read(name).decode() for name in names)
