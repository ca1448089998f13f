"""Callback data: what a button asks for goes there and comes back, within 64 bytes; anything else is stale."""

from dataclasses import fields
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prep_bot.domain.month import Month
from prep_bot.texts.actions.action import LIMIT, VERSION, Action, StaleActionError, decode
from prep_bot.texts.actions.general import RunCommand
from prep_bot.texts.actions.people import AcceptPrivacy

LARGEST = 999_999_999
"""The largest number that a button carries: an id of the database, or a page."""

KINDS = Action.__subclasses__()
CODE = "x" * 22
"""As long as an invitation's code."""

months = st.builds(Month, st.integers(2000, 2200), st.integers(1, 12))


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, UnionType):
        return st.one_of(*(st.none() if choice is type(None) else _values(choice) for choice in get_args(hint)))
    if hint is Month:
        return months
    if hint is bool:
        return st.booleans()
    if hint is int:
        return st.one_of(st.just(LARGEST), st.integers(0, LARGEST))
    if issubclass(hint, StrEnum):
        return st.sampled_from(hint)
    return st.just(CODE)


def _actions(kind: type[Action]) -> st.SearchStrategy[Action]:
    hints = get_type_hints(kind)
    return st.builds(kind, *(_values(hints[field.name]) for field in fields(kind)))


any_action = st.sampled_from(KINDS).flatmap(_actions)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=20)
def test_every_action_comes_back_as_it_went(kind: type[Action], data: st.DataObject) -> None:
    action = data.draw(_actions(kind))
    encoded = action.encode()
    assert len(encoded.encode()) <= LIMIT
    assert decode(encoded) == action


def test_no_two_actions_share_a_tag() -> None:
    tags = [kind.tag for kind in KINDS]
    assert len(set(tags)) == len(tags)
    assert all(len(tag) == 2 for tag in tags)


@given(any_action, any_action)
def test_different_actions_have_different_data(one: Action, other: Action) -> None:
    assert (one.encode() == other.encode()) == (one == other)


@given(st.one_of(st.text(), st.text(alphabet=VERSION + "0123456789:-" + "".join(kind.tag for kind in KINDS))))
def test_garbage_is_stale_and_nothing_worse(data: str) -> None:
    try:
        action = decode(data)
    except StaleActionError:
        return
    assert decode(action.encode()) == action


@given(any_action, st.integers(0, 64), st.text(max_size=3))
def test_damaged_data_is_stale_or_another_action(action: Action, place: int, damage: str) -> None:
    encoded = action.encode()
    try:
        damaged = decode(encoded[:place] + damage + encoded[place + 1 :])
    except StaleActionError:
        return
    assert type(damaged) in KINDS


@given(any_action)
def test_a_button_of_another_version_is_stale(action: Action) -> None:
    with pytest.raises(StaleActionError):
        decode("0" + action.encode().removeprefix(VERSION))


@pytest.mark.parametrize("data", ["", ":", "::::", "1", "1ac", "1ac:1", "1ac:1:2:3:4", "1ac:1:-2:0", "1ac:1:1e3:0"])
def test_what_is_incomplete_is_stale(data: str) -> None:
    with pytest.raises(StaleActionError):
        decode(data)


def test_data_that_does_not_fit_is_never_made() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        AcceptPrivacy("x" * 64).encode()


@given(st.integers(0, LARGEST), st.sampled_from(["pendientes", "actividades", "privacidad"]), st.text())
def test_a_command_keeps_its_argument_where_it_fits(commission: int, name: str, argument: str) -> None:
    fitted = RunCommand.fitting(commission, name, argument)
    assert decode(fitted.encode()) == fitted
    assert fitted.argument in ("", argument)
    if ":" not in argument and len(argument.encode(errors="replace")) <= 20 and argument.isprintable():
        assert fitted.argument == argument
