"""The acronyms of the PREP and what they stand for, to find where a text departs from them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from prep_bot.domain.name import fold

# Source: Instituto Nacional Electoral, Reglamento de Elecciones, Anexo 13 (Lineamientos del PREP), glossary.
OFFICIAL: dict[str, tuple[str, ...]] = {
    "CATD": ("Centro de Acopio y Transmisión de Datos",),
    "CCV": ("Centro de Captura y Verificación",),
    "COTAPREP": (
        "Comité Técnico Asesor del PREP",
        "Comité Técnico Asesor del Programa de Resultados Electorales Preliminares",
    ),
    "PREP": ("Programa de Resultados Electorales Preliminares",),
}
"""Each acronym with its expansions, in the singular."""

_ACRONYM = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{4,}\b")
_WORD = re.compile(r"[^\W\d_]+")
_NEARLY = 80
"""How alike, of 100, a phrase must be to an expansion to be meant as it."""


def singular(word: str) -> str:
    """Return `word` without case, accents and plural, roughly: for comparing, never for showing."""
    return fold(word).removesuffix("s")


def words(text: str) -> list[str]:
    """Return the words of `text` for comparing, each as `singular` makes it."""
    return [singular(match[0]) for match in _WORD.finditer(text)]


def acronyms(text: str) -> list[str]:
    """Return the acronyms of four letters or more in `text`, in its order."""
    return _ACRONYM.findall(text)


def variants(texts: Iterable[str]) -> dict[str, str]:
    """Return each acronym that is one slip away from an official or more frequent one, and that one.

    A slip is a letter more, less or changed, or two neighbours swapped. Acronyms of fewer than four letters are
    often that close to each other in earnest, and are left alone.
    """
    counts = Counter(acronym for text in texts for acronym in acronyms(text))
    known = [
        *(acronym for acronym in OFFICIAL if len(acronym) >= 4),
        *(acronym for acronym, _ in counts.most_common()),
    ]
    return {
        acronym: meant
        for acronym, count in counts.items()
        if acronym not in OFFICIAL
        for meant in known
        if OSA.distance(acronym, meant) == 1 and (meant in OFFICIAL or counts[meant] > count)
    }


def unusual_expansions(text: str) -> Iterator[tuple[str, str]]:
    """Find the phrases of `text` that nearly are an acronym's expansion: the acronym and the phrase as written."""
    found = list(_WORD.finditer(text))
    plain = [singular(match[0]) for match in found]
    for acronym, expansions in OFFICIAL.items():
        forms = [words(expansion) for expansion in expansions]
        for start in range(len(plain)):
            if any(plain[start : start + len(form)] == form for form in forms):
                continue
            if length := next((len(form) for form in forms if _resembles(plain[start : start + len(form)], form)), 0):
                yield acronym, text[found[start].start() : found[start + length - 1].end()]


def _resembles(phrase: list[str], form: list[str]) -> bool:
    return (
        len(phrase) == len(form)
        and phrase[0][:1] == form[0][:1]
        and fuzz.ratio(" ".join(phrase), " ".join(form)) >= _NEARLY
    )


def without_expansions(text: str) -> str:
    """Return the words of `text`, for comparing, without those that are an acronym's expansion."""
    plain = " ".join(words(text))
    for expansions in OFFICIAL.values():
        for expansion in expansions:
            plain = plain.replace(" ".join(words(expansion)), "")
    return plain
