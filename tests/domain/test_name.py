"""Two spellings of one name are one person; two names are two."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.name import clean, fold, same_key, split_title

TITLES = ("Mtra.", "MTRO.", "dr", "Dra.", "Lic.", "Lcda.", "Ing.", "C.", "Mtra. Dra.", "C.P.", "L.C.P.", "Lic. en D.")
TITLES += (
    "Maestra",
    "LICENCIADO",
    "Doctora",
    "Doctor",
    "Ingeniera",
    "Arquitecto",
    "Contador",
    "Profesora",
    "Consejera",
)
TITLES += ("Consejera Maestra",)

words = st.text(st.sampled_from("abcdefghijklmnñopqrstuvwxyzáéíóúüABCÑÁÉÍÓÚÜZ"), min_size=1, max_size=12)
# The first name is no title.
names = st.lists(words, min_size=1, max_size=4).map(lambda rest: " ".join(["Zoé", *rest]))
any_text = st.text(max_size=200)


@given(names, st.sampled_from(TITLES))
def test_a_title_makes_no_difference(name: str, title: str) -> None:
    assert same_key(f"{title} {name}") == same_key(name)


@given(names)
def test_case_accents_stops_and_spaces_make_no_difference(name: str) -> None:
    key = same_key(name)
    assert same_key(name.upper()) == same_key(name.lower()) == key
    assert same_key(unicodedata.normalize("NFD", name)) == key
    assert same_key("".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))) == key
    assert same_key(f"  {name.replace(' ', '   ')}. ") == key


@pytest.mark.parametrize(
    "spelling",
    [
        "Mtra. Nayma Enríquez Estrada",
        "NAYMA ENRIQUEZ ESTRADA",
        "mtra nayma enríquez estrada",
        "  Nayma  Enríquez\nEstrada.",
        "Nayma Enri\u0301quez Estrada",
        "Lcda. Nayma Enríquez, Estrada",
        "C. Nayma Enríquez Estrada",
    ],
)
def test_the_spellings_of_the_plan_and_of_people(spelling: str) -> None:
    assert same_key(spelling) == "nayma enriquez estrada"


@pytest.mark.parametrize(
    ("name", "title"), [("Lic. en D. Ana Ruiz", "Lic. en D."), ("Maestra Ana Ruiz", "Maestra"), ("Doctora", "")]
)
def test_the_title_is_kept_as_written(name: str, title: str) -> None:
    assert split_title(name) == (title, name.removeprefix(title).strip())


@pytest.mark.parametrize("other", ["Nayma Enríquez", "Nayma Estrada Enríquez", "Naima Enríquez Estrada", "Enríquez"])
def test_another_name_is_another_person(other: str) -> None:
    assert same_key(other) != same_key("Nayma Enríquez Estrada")


@given(any_text)
def test_folding_and_keys_stand_still(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert same_key(same_key(text)) == same_key(text)


@given(any_text)
def test_a_name_is_split_without_losing_a_word(text: str) -> None:
    title, rest = split_title(text)
    assert [*title.split(), *rest.split()] == text.split()
    assert bool(rest) is bool(text.split())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Mtra. Nayma Enríquez", ("Mtra.", "Nayma Enríquez")),
        ("Mtra. Dra. Nayma Enríquez", ("Mtra. Dra.", "Nayma Enríquez")),
        ("Nayma Enríquez", ("", "Nayma Enríquez")),
        ("Lic.", ("", "Lic.")),
        ("", ("", "")),
    ],
)
def test_titles_are_told_from_names(name: str, parts: tuple[str, str]) -> None:
    assert split_title(name) == parts


@given(any_text)
def test_a_clean_name_has_nothing_invisible(text: str) -> None:
    name = clean(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name)
    assert name == " ".join(name.split()) == clean(name)
    assert same_key(name) == same_key(clean(name))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("  Ana\n\tLópez\u2028Ruiz ", "Ana López Ruiz"),
        ("Ana\u202e zepóL", "Ana zepóL"),
        ("\u200bAna\u200f", "Ana"),
        ("Ana Lo\u0301pez", "Ana López"),
        ("\u200e\u200f\u202e", ""),
        ("Ana\x00López", "AnaLópez"),
    ],
)
def test_what_cannot_be_seen_is_dropped(written: str, name: str) -> None:
    assert clean(written) == name
