"""People's names as the plan and the secretary write them, and when two of them mean one person."""

import re
import unicodedata

_TITLES = frozenset(
    [
        "mtro",
        "mtra",
        "mtr",
        "dr",
        "dra",
        "lic",
        "licda",
        "licdo",
        "ing",
        "arq",
        "c",
        "ciudadano",
        "ciudadana",
        "prof",
        "profa",
        "cp",
        "qfb",
        "abog",
        "psic",
    ]
)


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with single spaces: for comparing, never for showing."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.casefold().split())


def same_key(name: str) -> str:
    """Return the key under which two spellings of a person's name are one: no title, case, accent or stop.

    "Mtra. Nayma Enríquez Estrada" and "NAYMA ENRIQUEZ ESTRADA" give the same key.
    """
    words = re.sub(r"[^\w\s]", " ", fold(name)).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(words)
