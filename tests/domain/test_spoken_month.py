"""A month as a person writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prep_bot.domain.month import Month
from prep_bot.domain.spoken_month import UnknownMonthError, names_month, read_month

PLANNED = [Month(2021, 12) + n for n in range(7)]
PRESENT = Month(2022, 2)
NAMES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905

months = st.builds(Month, st.integers(2001, 2198), st.integers(1, 12))


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("febrero", Month(2022, 2)),
        ("feb", Month(2022, 2)),
        ("Feb.", Month(2022, 2)),
        ("FEBRERO", Month(2022, 2)),
        ("  febrero  ", Month(2022, 2)),
        ("febr", Month(2022, 2)),
        ("feb 2023", Month(2023, 2)),
        ("feb. de 2023", Month(2023, 2)),
        ("febrero de 2023", Month(2023, 2)),
        ("Febrero del  2023", Month(2023, 2)),
        ("febrero/2023", Month(2023, 2)),
        ("feb-2023", Month(2023, 2)),
        ("2022-02", Month(2022, 2)),
        ("2022-2", Month(2022, 2)),
        ("2022/02", Month(2022, 2)),
        ("2022 02", Month(2022, 2)),
        ("02/2022", Month(2022, 2)),
        ("2/2022", Month(2022, 2)),
        ("02-2022", Month(2022, 2)),
        ("02.2022", Month(2022, 2)),
        ("２０２２-０２", Month(2022, 2)),
        ("de febrero", Month(2022, 2)),
        ("en febrero", Month(2022, 2)),
        ("para el mes de febrero", Month(2022, 2)),
        ("del mes de febrero de 2023", Month(2023, 2)),
        ("sept", Month(2021, 9)),
        ("set", Month(2021, 9)),
        ("setiembre", Month(2021, 9)),
        ("sép", Month(2021, 9)),
        ("dic", Month(2021, 12)),
        ("diciembre 2022", Month(2022, 12)),
        ("noviembre", Month(2021, 11)),
        ("julio", Month(2022, 7)),
    ],
)
def test_months_as_people_write_them(text: str, month: Month) -> None:
    assert read_month(text, PLANNED, PRESENT) == month
    assert names_month(text)


NO_MONTHS = (
    "| |fe|f|ju|ma|marte|febrerito|febrero y marzo|2|02|2022|13/2022|0/2022|2022-00|2022-02-01|1999-12|2201-01|12/1999|"
    "feb 22|feb 20222|de|mes|el mes|todo|-|2022-|/|feb\x00|ſ|😀"
)


@pytest.mark.parametrize("text", [*NO_MONTHS.split("|"), "x" * 4000, "feb " * 1000])
def test_what_names_no_month(text: str) -> None:
    with pytest.raises(UnknownMonthError):
        read_month(text, PLANNED, PRESENT)
    assert not names_month(text)


@given(months, st.lists(months, max_size=20), months, st.data())
def test_with_its_year_it_is_that_month(
    month: Month, planned: list[Month], present: Month, data: st.DataObject
) -> None:
    name = NAMES[month.number - 1]
    short = name[: data.draw(st.integers(3, len(name)))]
    written = data.draw(
        st.sampled_from(
            [str(month), f"{month.number}/{month.year}", f"{short} {month.year}", f"{short.upper()}. de {month.year}"]
        )
    )
    assert read_month(written, planned, present) == month


@given(st.lists(months, max_size=20), months, st.integers(1, 12))
def test_without_its_year_a_planned_month_comes_first(planned: list[Month], present: Month, number: int) -> None:
    read = read_month(NAMES[number - 1], planned, present)
    assert read.number == number
    namesakes = [month for month in planned if month.number == number]
    if namesakes:
        assert read in planned
        assert abs(read - present) == min(abs(month - present) for month in namesakes)
    else:
        around = [Month(year, number) for year in range(2000, 2200)]
        distances = {month: min(abs(month - other) for other in planned or [present]) for month in around}
        assert distances[read] == min(distances.values())


def test_of_two_namesakes_in_the_plans_the_nearer_one_is_meant() -> None:
    planned = [*PLANNED, *(Month(2026, 12) + n for n in range(7))]
    assert read_month("febrero", planned, Month(2022, 3)) == Month(2022, 2)
    assert read_month("febrero", planned, Month(2026, 12)) == Month(2027, 2)


def test_a_month_just_before_or_after_the_plan_may_lie_in_another_year() -> None:
    planned = [Month(2027, 1), Month(2027, 2)]
    assert read_month("diciembre", planned, Month(2027, 1)) == Month(2026, 12)
    assert read_month("enero", [Month(2026, 11), Month(2026, 12)], Month(2026, 11)) == Month(2027, 1)


def test_without_a_plan_it_is_the_nearest_to_the_present() -> None:
    assert read_month("enero", [], Month(2022, 12)) == Month(2023, 1)


@given(st.text())
def test_any_text_is_a_month_or_refused(text: str) -> None:
    try:
        read_month(text, PLANNED, PRESENT)
    except UnknownMonthError:
        assert not names_month(text)
    else:
        assert names_month(text)
