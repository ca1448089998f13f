"""People's names as the plan and the secretary write them, and when two of them mean one person."""

import re
import unicodedata

_SHORT = "lic licda licdo lcda lcdo ing arq c cp lcp mtro mtra mto dr dra prof profa"
_WHOLE = (
    "licenciada licenciado ingeniera ingeniero arquitecta arquitecto contadora contador maestra maestro doctora doctor "
    "profesora profesor consejera consejero"
)
_TITLES = frozenset(f"{_SHORT} {_WHOLE}".split())
_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})


def clean(name: str) -> str:
    """Return `name` as it is to be kept: composed letters, single spaces, nothing that cannot be seen."""
    spaced = " ".join(name.split())
    visible = (character for character in spaced if unicodedata.category(character) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with single spaces: for comparing, never for showing."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(plain.casefold().split())


def same_key(name: str) -> str:
    """Return the key under which two spellings of a person's name are one: no title, case, accent or stop.

    "Mtra. Nayma Enríquez Estrada" and "NAYMA ENRIQUEZ ESTRADA" give the same key.
    """
    words = re.sub(r"[^\w\s]", " ", fold(split_title(name)[1])).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(words)


def split_title(name: str) -> tuple[str, str]:
    """Return the title and the rest of a name as written: "Mtra. Nayma Enríquez" is "Mtra." and the rest.

    So is "Lic. en D.", with whatever is abbreviated.
    """
    words = name.split()
    first = 0
    while first < len(words) - 1 and fold(words[first]).replace(".", "") in _TITLES:
        first += 1
        if first < len(words) - 2 and fold(words[first]) == "en" and words[first + 1].endswith("."):
            first += 2
    return " ".join(words[:first]), " ".join(words[first:])
