"""A pseudo-locale: each word that passes through gettext is disguised, so that one which does not shows itself.

«Sesión <b>{title}</b>» becomes «⟦Šėšįøň <b>{title}</b>⟧», in letters that neither Spanish nor English has.
"""

import re
import unicodedata
from pathlib import Path

from babel.messages.pofile import read_po, write_po

_TEMPLATE = Path(__file__).parents[2] / "locales" / "prep_bot.pot"
_DISGUISE = dict(zip("abcdefghijklmnopqrstuvwxyz", "ȧƀċđėƒġħįĵķľṁňøṗɋřšŧůṽŵẋýž", strict=True))
_DISGUISE |= {plain.upper(): disguised.upper() for plain, disguised in _DISGUISE.items()}

_NOT_WORDS = re.compile(r"\{[^{}]*\}|<[^<>]*>|&#?\w+;|https?://[^\s<⟧]+|(?<!\w)/[a-z_]+")
"""Fields, tags, entities, addresses and commands: the same in every language."""
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")
_LETTERS = re.compile(r"[^\W\d_ªº]+")


def pseudo_catalogue(folder: Path, locale: str = "qps") -> None:
    """Write into `folder` a catalogue of `locale` in which every message of the program is disguised."""
    with _TEMPLATE.open("rb") as template:
        catalogue = read_po(template, locale=locale)
    for message in catalogue:
        if isinstance(message.id, str):
            message.string = disguised(message.id) if message.id else ""
        else:
            message.string = tuple(disguised(form) for form in message.id)
    target = folder / locale / "LC_MESSAGES" / "prep_bot.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as po:
        write_po(po, catalogue)


def disguised(message: str) -> str:
    """Return the message with its words in look-alike letters, between ⟦ and ⟧."""
    kept = _NOT_WORDS.findall(message)
    words = ["".join(_look_alike(letter) for letter in part) for part in _NOT_WORDS.split(message)]
    return f"⟦{''.join(word + mark for word, mark in zip(words, [*kept, ''], strict=True))}⟧"


def escaped_words(text: str) -> list[str]:
    """Return the runs of letters outside every ⟦…⟧ of a message in the pseudo-locale: what escaped gettext."""
    outside = _NOT_WORDS.sub(" ", text)
    while (shorter := _INNERMOST.sub(" ", outside)) != outside:
        outside = shorter
    return _LETTERS.findall(outside)


def plain_words(text: str) -> list[str]:
    """Return the words in ordinary letters, within ⟦…⟧ too: stored data, or what escaped gettext on its way in."""
    disguises = set(_DISGUISE.values())
    return [word for word in _LETTERS.findall(_NOT_WORDS.sub(" ", text)) if not disguises.issuperset(word)]


def _look_alike(letter: str) -> str:
    return _DISGUISE.get(unicodedata.normalize("NFD", letter)[0], letter)
