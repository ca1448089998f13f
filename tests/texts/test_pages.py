"""Lists cut into pages: nothing lost, nothing twice, nothing longer than a screen, and no tag or entity broken."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.meeting import MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.services.activities import ActivityHistory, ActivityView, HistoryEntry
from prep_bot.services.convocations import ToAcknowledge
from prep_bot.services.pending import PendingPart, PendingView
from prep_bot.simulation.markup import parse, utf16_length
from prep_bot.texts import activities, meetings, pending, progress
from prep_bot.texts.actions.action import decode
from prep_bot.texts.actions.calendar import ShowCalendar
from prep_bot.texts.actions.plan import ShowActivity
from prep_bot.texts.message import Button, Message
from prep_bot.texts.pages import SHORT, Item, Section, page_of, shorten, visible_length
from tests.support.views import agenda_view, meeting_view

SCREEN = 900
TELEGRAM = 4096
ZONE = ZoneInfo("America/Mexico_City")
TODAY = date(2022, 2, 15)
BEGINS = datetime(2022, 2, 24, 17, tzinfo=UTC)
NUMBER = re.compile(r"^\W*(\d+)\. ", re.MULTILINE)

any_words = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=20)
words = st.one_of(any_words, st.text("<>&\"' aá😀", min_size=1, max_size=20))
lines = st.builds(lambda text, times: (text * times)[:1000], words, st.sampled_from([1, 1, 3, 10, 1000]))


def read(message: Message) -> str:
    """Return a message's text as it is read, which shows that its HTML is whole."""
    return _parsed(message.text)


@lru_cache(maxsize=200)
def _parsed(html: str) -> str:
    return parse(html)[0]


def buttons(message: Message) -> list[Button]:
    return [button for row in message.buttons for button in row]


def every_page(render: Callable[[int], Message]) -> list[Message]:
    """Turn the pages by their own buttons, as a person does."""
    pages = [render(0)]
    while any(button.label == "Ver más ▸" for button in buttons(pages[-1])):
        pages.append(render(len(pages)))
    assert render(len(pages)).text == pages[-1].text
    assert render(-1).text == pages[0].text
    for place, page in enumerate(pages):
        assert any(b.label == "◂ Ver anteriores" for b in buttons(page)) == (place > 0)
        assert len(buttons(page)) <= 100
        assert all(len(row) <= 8 for row in page.buttons)
        assert utf16_length(read(page)) <= TELEGRAM
    return pages


# The list itself


@st.composite
def sections(draw: st.DrawFn) -> list[Section]:
    number = 0
    made = []
    for _ in range(draw(st.integers(0, 5))):
        items = []
        for text in draw(st.lists(lines, max_size=9)):
            number += 1
            items.append(Item(Markup("[{}] {}").format(number, text), number, ShowActivity(1, number)))
        heading = draw(st.sampled_from(["", "Vencidas", "Por hacer"]))
        above = draw(st.sampled_from(["", "", "UNA", "OTRA"]))
        over = Markup("<b>{}</b>").format(heading) if heading else Markup("")
        made.append(Section(over, tuple(items), escape(above)))
    return made


def _listing(made: list[Section]) -> list[Message]:
    return every_page(lambda n: page_of(Markup("<b>Título</b>"), made, n, lambda to: ShowCalendar(1, None, to)))


@given(sections())
@settings(max_examples=50)
def test_nothing_is_lost_and_nothing_comes_twice(made: list[Section]) -> None:
    pages = _listing(made)
    shown = "\n".join(read(page) for page in pages)
    items = [item for section in made for item in section.items]
    assert [int(n) for n in re.findall(r"^\[(\d+)\] ", shown, re.MULTILINE)] == [item.number for item in items]
    opened = [decode(b.action or "") for page in pages for b in buttons(page) if b.label.isdigit()]
    assert opened == [item.opens for item in items]
    for page in pages:
        on_page = re.findall(r"^\[(\d+)\] ", read(page), re.MULTILINE)
        assert [b.label for b in buttons(page) if b.label.isdigit()] == on_page
        assert read(page).startswith("Título")
        assert utf16_length(read(page)) < SCREEN or len(on_page) == 1


@given(sections())
@settings(max_examples=50)
def test_each_page_says_where_it_is(made: list[Section]) -> None:
    pages = _listing(made)
    place = {item.number: section for section in made for item in section.items}
    for page in pages:
        text = read(page)
        for number in re.findall(r"^\[(\d+)\] ", text, re.MULTILINE):
            before = text[: text.index(f"[{number}] ")]
            section = place[int(number)]
            assert section.above in before
            assert read(Message(section.heading)) in before if section.heading else True


def test_the_first_item_of_a_page_may_be_longer_than_a_screen() -> None:
    items = tuple(Item(escape("x" * 1200)) for _ in range(3))
    assert len(_listing([Section(Markup(""), items)])) == 3


def test_a_page_never_has_more_buttons_than_telegram_takes() -> None:
    items = tuple(Item(escape("·"), number, ShowActivity(1, number)) for number in range(1, 401))
    pages = _listing([Section(Markup(""), items)])
    assert [int(b.label) for page in pages for b in buttons(page) if b.label.isdigit()] == list(range(1, 401))


def test_a_list_of_nothing_is_its_title() -> None:
    assert page_of(Markup("Título"), [], 7, lambda turned: ShowCalendar(1, None, turned)) == Message(Markup("Título"))


def test_what_is_seen_is_counted_as_telegram_does() -> None:
    assert visible_length("<b>á</b> &amp;&lt; &#34;") == 6
    assert visible_length("😀") == 2


# Cutting a text


@given(st.text(), st.integers(10, 100))
def test_a_cut_text_is_a_beginning(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert len(cut) <= max(limit, 0)
    if len(text) <= limit:
        assert cut == text
    else:
        assert cut.endswith("…")
        assert text.startswith(cut[:-1])


def test_a_text_is_cut_at_a_word() -> None:
    text = "Proyecto de acuerdo por el que se instruye a los Consejos Distritales para que supervisen"
    assert shorten(text) == "Proyecto de acuerdo por el que se instruye a los Consejos…"
    assert shorten("x" * 61) == "x" * 59 + "…"
    assert shorten("x" * 60) == "x" * 60
    assert shorten("Uno, dos, " + "x" * 60, 12) == "Uno, dos…"
    assert SHORT == 60


# The bot's own lists, at their largest


def _activity(number: int, text: str, month: Month, state: ActivityState) -> ActivityView:
    return ActivityView(number, 1, number, month, text, month.last, state)


@st.composite
def plans(draw: st.DrawFn) -> list[ActivityView]:
    count = draw(st.sampled_from([1, 33, 200]))
    texts = draw(st.lists(st.one_of(st.just("<&" * 500), st.just("a"), words), min_size=1, max_size=9))
    states = draw(st.lists(st.sampled_from(ActivityState), min_size=1, max_size=9))
    spread = draw(st.integers(1, 60))
    return [
        _activity(n + 1, texts[n % len(texts)], Month(2021, 12) + n * spread // count, states[n % len(states)])
        for n in range(count)
    ]


def _listed(pages: list[Message]) -> list[int]:
    for page in pages:
        assert utf16_length(read(page)) < SCREEN
        assert [b.label for b in buttons(page) if b.label.isdigit()] == NUMBER.findall(read(page))
    return [int(number) for page in pages for number in NUMBER.findall(read(page))]


@given(plans())
@settings(max_examples=8)
def test_a_plan_of_any_size_is_listed_whole(plan: list[ActivityView]) -> None:
    every = list(range(1, len(plan) + 1))
    assert _listed(every_page(lambda n: activities.activities(1, plan, TODAY, None, n))) == every
    assert _listed(every_page(lambda n: progress.choose_activity(1, plan, TODAY, None, n))) == every
    month = plan[0].month
    of_month = [view.number for view in plan if view.month == month]
    assert _listed(every_page(lambda n: activities.activities(1, plan, TODAY, month, n))) == of_month


@given(plans(), st.integers(1, 3))
@settings(max_examples=8)
def test_whatever_is_pending_is_listed_whole(plan: list[ActivityView], commissions: int) -> None:
    still_open = [view for view in plan if view.state.open]
    undated = tuple(meeting_view(name="<Sesión> & más " * 13, month=Month(2022, 2)) for _ in range(9))
    part = PendingPart(
        commission_id=1,
        commission="Comisión <con> nombre de cuarenta letras",
        zone=ZONE,
        today=TODAY,
        overdue=tuple(view for view in still_open if view.overdue(TODAY)),
        current=tuple(view for view in still_open if not view.overdue(TODAY)),
        finished=len(plan) - len(still_open),
        undated=undated,
        to_acknowledge=(ToAcknowledge(7, meeting_view(name="<Convocada> " * 16, starts_at=BEGINS)),),
    )
    view = PendingView(None, False, Month(2022, 2), (part,) * commissions, Month(2021, 12), Month(2022, 6))
    expected = [view.number for view in (*part.overdue, *part.current)] * commissions
    pages = every_page(lambda n: pending.pending(view, n))
    assert _listed(pages) == expected
    assert sum(read(page).count("\n• <Sesión> & más ") for page in pages) == 9 * commissions
    assert sum(read(page).count("\n• <Convocada> ") for page in pages) == commissions
    assert all(sum("Acusar recibo" in b.label for b in buttons(page)) == commissions for page in pages)


@given(plans())
@settings(max_examples=8)
def test_the_progress_of_any_plan_is_told_whole(plan: list[ActivityView]) -> None:
    pages = every_page(lambda n: activities.progress(1, plan, TODAY, n))
    assert all(utf16_length(read(page)) < SCREEN for page in pages)
    told = "\n".join(read(page) for page in pages)
    assert len(re.findall(r" de \d{4}: ", told)) == len({view.month for view in plan})


@given(st.lists(st.tuples(st.sampled_from(["", "<", "&", "😀", "á"]), st.integers(0, 500)), max_size=20), st.booleans())
@settings(max_examples=15)
def test_an_activity_and_its_history_fit_at_their_largest(notes: list[tuple[str, int]], largest: bool) -> None:
    size = 1000 if largest else 10
    entries = tuple(
        HistoryEntry(
            state=ActivityState.IN_PROGRESS,
            note=f"{n}:" + (letter * length)[:497],
            at=datetime(2022, 2, 1, tzinfo=UTC) + timedelta(minutes=n),
            by="N" * 200,
            undone=n % 3 == 0,
        )
        for n, (letter, length) in enumerate(notes)
    )
    view = _activity(1, "<" * size, Month(2022, 2), ActivityState.PENDING)
    history = ActivityHistory(view, "&" * size, entries)
    pages = every_page(lambda n: activities.activity(history, TODAY, ZONE, n, may_record=True))
    assert all("<" * size in read(page) for page in pages)
    told = "\n".join(read(page) for page in pages)
    positions = [told.index(f"«{entry.note}»") for entry in entries]
    assert positions == sorted(positions, reverse=True)


@given(st.sampled_from([0, 1, 12, 50]), st.sampled_from(["<", "&", "x", "😀"]), st.sampled_from(["", "x", "&"]))
@settings(max_examples=8)
def test_a_session_and_its_topics_fit_at_their_largest(count: int, letter: str, note: str) -> None:
    topics = tuple(f"{n}: " + letter * (490 if letter == "😀" else 990) for n in range(count))
    view = meeting_view(
        name="&" * 200,
        place="<" * 200,
        link="https://example.org/" + "x" * 900,
        modality=Modality.MIXED,
        state=MeetingState.SCHEDULED,
        starts_at=BEGINS,
        note=note * 1000,
        topics=topics,
    )
    pages = every_page(lambda n: meetings.meeting(agenda_view(view), ZONE, n))
    told = "\n".join(read(page) for page in pages)
    assert [told.count(f"• {topic}") for topic in topics] == [1] * count
    upcoming = meetings.next_meeting(agenda_view(view), datetime(2022, 2, 1, tzinfo=UTC), ZONE)
    assert utf16_length(read(upcoming)) <= TELEGRAM
