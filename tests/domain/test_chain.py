"""The chain of the log: whatever is changed in it later shows, and where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.chain import ORIGIN, Entry, first_broken

START = datetime(2022, 2, 1, 15, tzinfo=UTC)

plain: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
acts = st.lists(
    st.tuples(
        st.timedeltas(timedelta(0), timedelta(days=30)), st.none() | st.integers(1, 99), st.text(max_size=9), plain
    ),
    min_size=1,
    max_size=8,
)


def chain(written: list[Any]) -> list[tuple[Entry, str]]:
    entries: list[tuple[Entry, str]] = []
    for number, (after, actor, act, more) in enumerate(written, start=1):
        previous = entries[-1][1] if entries else ORIGIN
        entry = Entry(number, "prep", START + after, actor, act, "meeting:5", {"more": more}, previous)
        entries.append((entry, entry.hash))
    return entries


@given(acts)
def test_what_was_written_is_sound(written: list[Any]) -> None:
    assert first_broken(chain(written)) is None


@given(acts, st.data())
def test_the_first_entry_that_was_changed_is_named(written: list[Any], data: st.DataObject) -> None:
    entries = chain(written)
    place = data.draw(st.integers(0, len(entries) - 1))
    entry, stands = entries[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(entry, at=entry.at + timedelta(microseconds=1)),
                replace(entry, actor=100),
                replace(entry, act=entry.act + "x"),
                replace(entry, details={**entry.details, "new": 1}),
                replace(entry, commission="other"),
                replace(entry, subject="meeting:6"),
            ]
        )
    )
    entries[place] = (changed, stands)
    assert first_broken(entries) == place + 1


@given(acts, st.data())
def test_a_changed_entry_with_a_new_hash_breaks_the_next_one(written: list[Any], data: st.DataObject) -> None:
    """Whoever rewrites an entry must rewrite all that follow: then the head is not the one that was handed out."""
    entries = chain([*written, written[0]])
    place = data.draw(st.integers(0, len(entries) - 2))
    changed = replace(entries[place][0], act="something else")
    entries[place] = (changed, changed.hash)
    assert first_broken(entries) == place + 2


@given(acts, st.data())
def test_a_missing_entry_is_named(written: list[Any], data: st.DataObject) -> None:
    entries = chain([*written, written[0]])
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    assert first_broken(entries) == place + 1


def test_the_same_instant_in_another_zone_is_the_same_entry() -> None:
    entry = chain([(timedelta(0), 1, "meeting.dated", None)])[0][0]
    assert replace(entry, at=entry.at.astimezone()).hash == entry.hash
