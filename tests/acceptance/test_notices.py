"""Every message that the bot sends by itself, as it is read."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from syrupy.assertion import SnapshotAssertion

from prep_bot.domain.activity import ActivityState
from prep_bot.domain.announcement import Attachment
from prep_bot.domain.answer import Answer
from prep_bot.domain.meeting import MeetingKind, MeetingState, Modality
from prep_bot.domain.month import Month
from prep_bot.domain.notice import NoticeKind
from prep_bot.domain.particulars import Paper, Particulars, Point
from prep_bot.domain.petition import PetitionState
from prep_bot.domain.quorum import Forecast
from prep_bot.services.activities import ActivityView
from prep_bot.services.certificates import Head, Issued
from prep_bot.services.contents import (
    AnnouncementContent,
    CertificateContent,
    Content,
    DeadlineContent,
    MeetingContent,
    MonthContent,
    PersonContent,
    PetitionContent,
    QuorumContent,
)
from prep_bot.services.meetings import MeetingView
from prep_bot.services.petitions import PetitionView, Signature
from prep_bot.texts.notices import delivery
from prep_bot.texts.pages import visible_length

ZONE = ZoneInfo("America/Mexico_City")
STARTS = datetime(2022, 2, 24, 11, tzinfo=ZONE)
NOW = STARTS - timedelta(days=1)
FEBRUARY = Month(2022, 2)

MEETING = MeetingView(
    id=5,
    commission_id=1,
    number=5,
    kind=MeetingKind.ORDINARY,
    name="Tercera sesión ordinaria",
    month=FEBRUARY,
    state=MeetingState.CONVENED,
    starts_at=STARTS,
    held_on=None,
    modality=Modality.MIXED,
    place='Sala <3 & "B"',
    link="https://meet.example/abc?a=1&b=2",
    topics=("Informe de avances", "Asuntos generales <3 & más"),
    note="",
    since=NOW,
)
PARTICULARS = Particulars(
    kind=MEETING.kind,
    name=MEETING.name,
    starts_at=STARTS,
    modality=MEETING.modality,
    place=MEETING.place,
    link=MEETING.link,
    points=tuple(Point(text=topic) for topic in MEETING.topics),
)
UNDATED = replace(
    MEETING, id=6, number=6, name="Cuarta sesión ordinaria", state=MeetingState.UNSCHEDULED, starts_at=None
)


def head(kind: NoticeKind, **values: Any) -> dict[str, Any]:
    return {
        "notice_id": 1,
        "kind": kind,
        "commission_id": 1,
        "commission": "PREP",
        "zone": ZONE,
        "now": NOW,
        "due_at": NOW,
        "personal": True,
    } | values


def about(kind: NoticeKind, **values: Any) -> MeetingContent:
    given = {
        "meeting": MEETING,
        "convocation_id": 9,
        "acknowledged": False,
        "answer": None,
        "was": None,
        "was_off": False,
        "reason": "",
        "deferred": False,
        "last": False,
        "may_convene": False,
        "expires_at": None,
        "missing": (),
        "particulars": None if kind in {NoticeKind.CONVENE_MISSING, NoticeKind.DATE_MISSING} else PARTICULARS,
        "correction": False,
    }
    return MeetingContent(**head(kind) | given | values)


def activity(number: int, deadline: date, state: ActivityState = ActivityState.PENDING) -> ActivityView:
    text = f"Actividad {number} con <3 & un texto que es bastante más largo que una línea del teléfono"
    return ActivityView(number, 1, number, Month.of(deadline), text, deadline, state)


def month(**values: Any) -> MonthContent:
    given = {
        "month": FEBRUARY,
        "today": date(2022, 2, 1),
        "overdue": (activity(1, date(2022, 1, 31)),),
        "current": (activity(2, date(2022, 2, 28)), activity(3, date(2022, 2, 28), ActivityState.IN_PROGRESS)),
        "meetings": (MEETING, UNDATED),
        "dates_only": False,
        "may_convene": True,
    }
    return MonthContent(**head(NoticeKind.MONTHLY) | given | values)


def announcement(**values: Any) -> AnnouncementContent:
    given = {"text": "Se recorre el <3 & envío", "file_id": None, "attachment": None}
    return AnnouncementContent(**head(NoticeKind.ANNOUNCEMENT) | given | values)


WAS = PARTICULARS.model_copy(
    update={"starts_at": STARTS - timedelta(days=1), "modality": Modality.IN_PERSON, "place": "Sala A", "link": ""}
)
PAPER = Paper(series=1, version=1, name="Informe <3 & más.pdf", sha256="0" * 64, size=120_000)
MINUTES = Paper(series=2, version=1, name="Minuta.docx", sha256="1" * 64, size=2_500_000)
WITH_PAPERS = PARTICULARS.model_copy(
    update={"points": (Point(item=1, text="Informe de avances", papers=(PAPER,)),), "papers": (MINUTES,)}
)
NEWER = WITH_PAPERS.model_copy(update={"papers": (MINUTES.model_copy(update={"version": 2, "sha256": "2" * 64}),)})
AMENDED = PARTICULARS.model_copy(
    update={
        "points": (
            Point(item=2, text="Asuntos generales <3 & más"),
            Point(item=1, text="Informe de avances"),
            Point(item=3, text="Proyecto de acuerdo " + "x" * 200, papers=(PAPER,)),
        ),
        "papers": (MINUTES,),
    }
)
PETITION = PetitionView(
    id=3,
    commission_id=1,
    topic="Simulacro <3 &",
    reason="Fallas <3 &",
    made_by=7,
    proposer="Ana <3",
    made_at=NOW,
    lapses_at=NOW + timedelta(days=10),
    state=PetitionState.OPEN,
    needed=2,
    signatures=(Signature(7, "Ana <3", NOW),),
    reached_at=None,
    withdrawn_at=None,
    meeting=None,
)
REACHED = replace(
    PETITION,
    state=PetitionState.REACHED,
    signatures=(*PETITION.signatures, Signature(8, "Luis", NOW + timedelta(hours=1))),
    reached_at=NOW + timedelta(hours=1),
)


def petition(kind: NoticeKind, about: PetitionView, *, asks: bool = False, convenes: bool = False) -> PetitionContent:
    return PetitionContent(**head(kind), petition=about, asks=asks, may_convene=convenes)


DEADLINE = DeadlineContent(
    **head(NoticeKind.DEADLINE),
    deadline=date(2022, 2, 28),
    today=date(2022, 2, 21),
    activities=(activity(2, date(2022, 2, 28)),),
)
OFF = about(NoticeKind.CALLED_OFF, was=WAS, reason="Falta de quórum <3 &", meeting=replace(MEETING, starts_at=None))
LAST = about(NoticeKind.REMINDER, acknowledged=True, last=True, now=STARTS - timedelta(hours=1))
UNCONVENED = about(
    NoticeKind.CONVENE_MISSING, convocation_id=None, may_convene=True, expires_at=NOW + timedelta(hours=24)
)
RISK = QuorumContent(
    **head(NoticeKind.QUORUM_RISK),
    meeting=MEETING,
    convocation_id=9,
    risk=1,
    forecast=Forecast(required=2, voting=3, confirmed=0, possible=1),
    absent=("Ana <3 & Ruiz", "Luis Gil"),
    may_convene=True,
)

ISSUED = CertificateContent(
    **head(NoticeKind.CERTIFICATE),
    issued=Issued(1, 9, "Sesión <3 &", "3/2022", 2, NOW, Head(412, "ab" * 32), b"", b""),
)

MESSAGES: dict[str, Content] = {
    "a constancia was issued": ISSUED,
    "convocation": about(NoticeKind.CONVOCATION),
    "convocation to whoever convened": about(NoticeKind.CONVOCATION, acknowledged=True),
    "convocation to the group": about(NoticeKind.CONVOCATION, acknowledged=True, personal=False),
    "convocation with annexes": about(NoticeKind.CONVOCATION, particulars=WITH_PAPERS),
    "change": about(NoticeKind.CHANGE, was=WAS, reason="Agenda <3 &"),
    "change of the place only": about(NoticeKind.CHANGE, was=PARTICULARS.model_copy(update={"place": "Sala A"})),
    "change of the agenda and its annexes": about(NoticeKind.CHANGE, was=PARTICULARS, particulars=AMENDED),
    "correction": about(NoticeKind.CHANGE, was=WAS, correction=True, acknowledged=True, reason="Errata <3"),
    "correction, not acknowledged": about(NoticeKind.CHANGE, was=WAS, correction=True),
    "correction of one annex": about(
        NoticeKind.CHANGE, was=WITH_PAPERS, particulars=NEWER, correction=True, acknowledged=True
    ),
    "convocation after a deferral": about(NoticeKind.CONVOCATION, was=WAS, was_off=True),
    "cancelled": OFF,
    "cancelled after a deferral": replace(OFF, was_off=True),
    "deferred": replace(OFF, deferred=True),
    "called off, to the group": replace(OFF, personal=False),
    "reminder": about(NoticeKind.REMINDER, acknowledged=True),
    "reminder, answered": about(NoticeKind.REMINDER, acknowledged=True, answer=Answer.ABSENT),
    "reminder, not acknowledged": about(NoticeKind.REMINDER),
    "reminder to the group": about(NoticeKind.REMINDER, acknowledged=True, personal=False),
    "last reminder": LAST,
    "last reminder, to the secretary": replace(LAST, may_convene=True),
    "postponed reminder": about(NoticeKind.POSTPONED, acknowledged=True),
    "chase": about(NoticeKind.CHASE),
    "list of who is missing": about(NoticeKind.CHASE, missing=("Ana <3", "Luis")),
    "long list of who is missing": about(NoticeKind.CHASE, missing=tuple(f"Persona {n}" for n in range(32))),
    "date missing": about(
        NoticeKind.DATE_MISSING,
        meeting=UNDATED,
        convocation_id=None,
        may_convene=True,
        expires_at=datetime(2022, 2, 25, 23, 59, tzinfo=ZONE),
    ),
    "date missing, to the presidency": about(NoticeKind.DATE_MISSING, meeting=UNDATED, convocation_id=None),
    "convene missing": UNCONVENED,
    "convene missing, too late": replace(UNCONVENED, expires_at=NOW - timedelta(hours=1)),
    "quorum at risk": RISK,
    "quorum at risk, to the presidency": replace(RISK, may_convene=False),
    "deadline": DEADLINE,
    "deadline tomorrow": replace(DEADLINE, today=date(2022, 2, 27)),
    "month": month(overdue=()),
    "month with what is overdue": month(),
    "month to a member": month(may_convene=False),
    "month in which an earlier session lacks its date": month(month=Month(2022, 3), overdue=(), current=()),
    "dates that lack, without the summary": month(
        month=Month(2022, 3), overdue=(), current=(), meetings=(UNDATED,), dates_only=True
    ),
    "unreachable": PersonContent(**head(NoticeKind.UNREACHABLE), about="Ana <3 & Ruiz"),
    "group lost": PersonContent(**head(NoticeKind.UNREACHABLE), about="Grupo <3 &", group=True),
    "relinked": PersonContent(**head(NoticeKind.RELINKED), about="Ana <3 & Ruiz"),
    "petition": petition(NoticeKind.PETITION, PETITION, asks=True),
    "petition withdrawn": petition(
        NoticeKind.PETITION, replace(PETITION, state=PetitionState.WITHDRAWN, withdrawn_at=NOW)
    ),
    "petition of a majority": petition(NoticeKind.PETITION_MAJORITY, REACHED, convenes=True),
    "petition of a majority, to the presidency": petition(NoticeKind.PETITION_MAJORITY, REACHED),
    "announcement": announcement(),
}


def read(*contents: Content, several: bool = False) -> str:
    """Return the message of those notices as it is read."""
    message = delivery(contents, several=several)
    attached = [f"(foto {message.photo!r})"] if message.photo else []
    attached += [f"(archivo {message.document!r})"] if message.document else []
    rows = [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return "\n".join([*attached, message.text, *rows])


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message(name: str, snapshot: SnapshotAssertion) -> None:
    assert read(MESSAGES[name]) == snapshot


def test_every_kind_is_shown() -> None:
    assert {content.kind for content in MESSAGES.values()} == set(NoticeKind)


@pytest.mark.parametrize("kind", Attachment)
def test_an_announcement_with_a_file(kind: Attachment, snapshot: SnapshotAssertion) -> None:
    assert read(announcement(file_id="abc", attachment=kind)) == snapshot


def test_several_petitions_have_their_topics_on_the_buttons(snapshot: SnapshotAssertion) -> None:
    """Whose reasons do not fit are told by their topics alone."""
    asked = [petition(NoticeKind.PETITION, replace(PETITION, id=n, reason="r" * 900), asks=True) for n in range(4)]
    assert read(*asked) == snapshot


def test_several_commissions_have_headings(snapshot: SnapshotAssertion) -> None:
    other = replace(about(NoticeKind.REMINDER), commission_id=2, commission="Quejas <3", convocation_id=10)
    assert read(about(NoticeKind.REMINDER), other, several=True) == snapshot


def test_what_comes_late_says_why(snapshot: SnapshotAssertion) -> None:
    late = replace(DEADLINE, due_at=NOW - timedelta(days=3))
    assert read(about(NoticeKind.REMINDER), late) == snapshot


def test_news_of_a_person_that_waited_for_the_morning_is_no_interruption() -> None:
    news = PersonContent(**head(NoticeKind.UNREACHABLE, due_at=NOW - timedelta(hours=9)), about="Ana")
    assert "interrumpido" not in read(news)


@pytest.mark.parametrize("commissions", [1, 3, 6])
def test_a_full_message_stays_within_telegrams_limit(commissions: int) -> None:
    full = tuple(activity(n, date(2022, 1, 31)) for n in range(40))
    contents = [month(overdue=full, current=full, meetings=(UNDATED,) * 20) for _ in range(commissions)]
    message = delivery(contents, several=commissions > 1)
    assert visible_length(message.text) < 4000
    assert "Quedó vencido" in message.text
    assert message.text.count("actividades") == 2 * commissions
