"""Which files are taken for annexes."""

import pytest

from prep_bot.domain.annex import NAME_LIMIT, SIZE_LIMIT, Refusal, file_name, refused, refused_content


@pytest.mark.parametrize("name", ["a.pdf", "A.PDF", "acta <3 & b.docx", "x.tar.zip", "lista.CSV", "foto.jpeg"])
def test_what_an_office_exchanges_is_taken(name: str) -> None:
    assert refused(name, 0) is None
    assert refused(name, SIZE_LIMIT) is None


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.bat", "a.js", "a.docm", "pdf", "", "a.", "a.apk", "a.sh"])
def test_what_is_odd_is_not(name: str) -> None:
    assert refused(name, 10) is Refusal.TYPE


def test_what_is_too_big_is_not_even_downloaded() -> None:
    assert refused("a.pdf", SIZE_LIMIT + 1) is Refusal.TOO_BIG


def test_the_content_counts_too() -> None:
    assert refused_content(b"%PDF-1.7") is None
    assert refused_content(b"") is Refusal.EMPTY
    assert refused_content(b"MZ\x90\x00") is Refusal.PROGRAM
    assert refused_content(b"\x7fELF") is Refusal.PROGRAM
    assert refused_content(b"x" * (SIZE_LIMIT + 1)) is Refusal.TOO_BIG


def test_a_name_is_one_line_without_folders() -> None:
    assert file_name("C:\\tmp\\acta  final.pdf") == "acta final.pdf"
    assert file_name("../../etc/acta\n.pdf") == "acta .pdf"
    long = file_name("x" * 300 + ".pdf")
    assert len(long) <= NAME_LIMIT
    assert long.endswith("x.pdf")
