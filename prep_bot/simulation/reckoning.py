"""The books of a performance: what the program has on record, held against what the simulated Telegram saw.

Neither side is taken at its word: what both can know is computed from each, and a difference is told.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from prep_bot.domain.activity import ActivityState, is_overdue
from prep_bot.domain.notice import NoticeKind, NoticeState
from prep_bot.services.activities import ActivityView
from prep_bot.services.members import Member
from prep_bot.services.outbox import NoticeRecord
from prep_bot.simulation.comparison import Comparison
from prep_bot.simulation.diary import Taps
from prep_bot.simulation.expectation.table import Expected
from prep_bot.simulation.messages import LogEntry
from prep_bot.simulation.proof import Proof
from prep_bot.simulation.transcript import GROUP
from prep_bot.texts.actions.answers import Postpone

Place = tuple[int, int]
"""A chat, and the id of a message in it."""


@dataclass(frozen=True)
class Records:
    """What the program has on record at the end."""

    now: datetime
    zone: ZoneInfo
    activities: tuple[ActivityView, ...] = ()
    sessions: Mapping[str, int] = field(default_factory=dict)
    """How many there are in each state."""
    added: int = 0
    """How many of them the plan does not have."""
    acknowledgements: frozenset[tuple[int, str]] = frozenset()
    """Of which convocation, and whose; whoever convened has acknowledged by that."""
    told_otherwise: int = 0
    """People who were notified by other means, as was recorded."""
    members: tuple[Member, ...] = ()
    """The present and the former ones."""
    notices: tuple[NoticeRecord, ...] = ()
    proof: Proof | None = None
    """What the check of a constancia said."""

    @property
    def today(self) -> date:
        """The date where the commission is."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True)
class Evidence:
    """What the simulated Telegram saw, and what had to be told after all that happened."""

    log: Sequence[LogEntry] = ()
    unprompted: frozenset[Place] = frozenset()
    """The messages that the bot wrote in answer to nobody."""
    names: Mapping[int, str] = field(default_factory=dict)
    """Whose each private chat is, by the name that the commission knows."""
    expected: Sequence[Expected] = ()
    """By a second computation."""

    @property
    def taps(self) -> Taps:
        """What people did with buttons."""
        return Taps(self.log, self.names)

    @property
    def written(self) -> list[LogEntry]:
        """The messages of the bot that reached a chat."""
        return [e for e in self.log if e.direction == "out" and e.accepted and e.method.startswith("send")]


@dataclass(frozen=True)
class Summary:
    """The figures of a performance."""

    activities: int
    done: int
    overdue: int
    meetings: int
    """The plan's sessions."""
    added: int
    """The extraordinary sessions that the plan does not have."""
    sessions: Mapping[str, int]
    """How many of all of them are in each state."""
    enrolled: int
    """People who accepted the privacy notice."""
    messages_in: int
    """What people wrote and tapped."""
    messages_out: int
    """What the bot wrote: answers and notices."""
    edits: int
    """What the bot put in the place of a message where somebody tapped, or that shows what changed since."""
    notices: int
    """Of which somebody was told. From here to the announcements: how many of them were of which kind."""
    convocations: int
    changes: int
    """Of convened sessions, with those that were called off."""
    reminders: int
    """With those that somebody had postponed."""
    alerts: Mapping[str, int]
    """What lacks a date or a convocation, or is close to its deadline."""
    chases: int
    """To whoever has not acknowledged, and the lists of them."""
    monthly: int
    announcements: int
    acknowledgements: int
    """By those who were convened, with a button."""
    told_otherwise: int
    expected: int
    """What had to be told by the calendar of messages, by a second computation."""
    expired: int
    """Of it, what came due while the bot was down and was too late then."""
    unreached: int
    """Of it, what could not reach somebody who had blocked the bot."""
    lost: int
    duplicated: int
    resent: int
    """Messages sent again on purpose: nobody could know whether they had arrived."""
    entries: int
    """Entries of the log of acts, whose chain was recomputed."""
    verified: bool
    """Log and constancia are as they were written."""
    tampered_noticed: bool
    """The copy of the constancia that was tampered with is not."""
    by_month: Mapping[str, Mapping[str, int]]
    """The messages that the bot began itself, by recipient and month."""


@dataclass(frozen=True)
class Reckoning:
    """What comes out of it."""

    summary: Summary
    causes: Mapping[Place, tuple[str, ...]]
    """The causes of the notices of which that message is the first accepted sending."""
    disagreements: tuple[str, ...]
    """In what records and log disagree, each in a line; none when all is well."""


_ALERTS = (NoticeKind.DATE_MISSING, NoticeKind.CONVENE_MISSING, NoticeKind.DEADLINE)


def reckon(records: Records, evidence: Evidence) -> Reckoning:
    """Compute the figures from the records, and compare them with the log and with what had to be told."""
    post = _Post(records, evidence)
    calendar = Comparison(evidence.expected, records.notices, post.told_at)
    enrolled = sorted(member.name for member in records.members if member.enrolled_at is not None)
    recorded = {activity.number: activity.state for activity in records.activities}
    tapped = dict.fromkeys(recorded, ActivityState.PENDING)
    tapped |= {number: states[-1][1] for number, states in evidence.taps.progress().items()}
    deadlines = {activity.number: activity.deadline for activity in records.activities}
    sent = Counter(notice.kind for notice in records.notices if notice.state is NoticeState.SENT)

    def done(states: Mapping[int, ActivityState]) -> list[int]:
        return [number for number in deadlines if states[number] is ActivityState.DONE]

    def overdue(states: Mapping[int, ActivityState]) -> list[int]:
        return [number for number, day in deadlines.items() if is_overdue(states[number], day, records.today)]

    summary = Summary(
        activities=len(records.activities),
        done=len(done(recorded)),
        overdue=len(overdue(recorded)),
        meetings=sum(records.sessions.values()) - records.added,
        added=records.added,
        sessions=records.sessions,
        enrolled=len(enrolled),
        messages_in=sum(e.method in {"message", "callback_query"} for e in evidence.log),
        messages_out=len(evidence.written),
        edits=sum(e.method.startswith("editMessage") and e.accepted for e in evidence.log),
        notices=sent.total(),
        convocations=sent[NoticeKind.CONVOCATION],
        changes=sent[NoticeKind.CHANGE] + sent[NoticeKind.CALLED_OFF],
        reminders=sent[NoticeKind.REMINDER] + sent[NoticeKind.POSTPONED],
        alerts={str(kind): sent[kind] for kind in _ALERTS},
        chases=sent[NoticeKind.CHASE],
        monthly=sent[NoticeKind.MONTHLY],
        announcements=sent[NoticeKind.ANNOUNCEMENT],
        acknowledgements=len(records.acknowledgements),
        told_otherwise=records.told_otherwise,
        expected=len(evidence.expected),
        expired=sum(not each.in_time for each in evidence.expected),
        unreached=sum(each.in_time and not each.reached for each in evidence.expected),
        lost=len(post.lost) + len(calendar.missing),
        duplicated=len(post.duplicated) + len(calendar.unforeseen),
        resent=post.resent,
        entries=records.proof.entries if records.proof else 0,
        verified=records.proof is not None and not records.proof.problems,
        tampered_noticed=records.proof is not None and bool(records.proof.tampered),
        by_month=_by_month(records, evidence),
    )
    disagreements = [
        *(f"lost: the log has no message of {cause}" for cause in post.lost),
        *(f"lost: nothing is on record of {what}" for what in calendar.missing),
        *(f"duplicated: {what}" for what in post.duplicated),
        *(f"duplicated: nothing asks for {cause}" for cause in calendar.unforeseen),
        *calendar.otherwise,
        *(records.proof.problems if records.proof else ()),
        *(["a constancia was tampered with, and that is not noticed"] if _unnoticed(records.proof) else []),
        *_differing("activities done", done(recorded), done(tapped)),
        *_differing("activities overdue", overdue(recorded), overdue(tapped)),
        *_differing("people enrolled", enrolled, sorted(evidence.taps.enrolled())),
        *_differing("acknowledgements", sorted(records.acknowledgements), sorted(evidence.taps.acknowledged())),
        *_differing("reminders postponed", sent[NoticeKind.POSTPONED], sum(1 for _ in evidence.taps.of(Postpone))),
    ]
    return Reckoning(summary, post.causes, tuple(disagreements))


def _unnoticed(proof: Proof | None) -> bool:
    return proof is not None and not proof.tampered


def _by_month(records: Records, evidence: Evidence) -> dict[str, dict[str, int]]:
    """Count the messages that the bot wrote by itself, as the log has them."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for entry in evidence.written:
        if (entry.chat_id, entry.message_id) in evidence.unprompted:
            month = f"{entry.at.astimezone(records.zone):%Y-%m}"
            found[evidence.names.get(entry.chat_id, GROUP)][month] += 1
    return {name: dict(sorted(found[name].items())) for name in sorted(found)}


def _differing(what: str, recorded: object, seen: object) -> Iterator[str]:
    if recorded != seen:
        yield f"{what}: the records say {recorded}, the log says {seen}"


class _Post:
    """Finds the messages that told each notice. What is left over, no record explains."""

    def __init__(self, records: Records, evidence: Evidence) -> None:
        self.causes: dict[Place, tuple[str, ...]] = {}
        self.told_at: dict[str, datetime] = {}
        self.lost: list[str] = []
        self.duplicated: list[str] = []
        self.resent = 0
        self._names = evidence.names
        self._left = [e for e in evidence.written if (e.chat_id, e.message_id) in evidence.unprompted]
        deliveries: defaultdict[int, list[NoticeRecord]] = defaultdict(list)
        for notice in records.notices:
            if notice.state is NoticeState.QUEUED and notice.due_at <= records.now:
                self.lost.append(notice.cause)
            elif notice.delivery_id is not None:
                deliveries[notice.delivery_id].append(notice)
        found = [(notices, self._take_recorded(notices[0])) for notices in deliveries.values()]
        for notices, messages in found:
            self._settle(notices, messages)
        self.duplicated += [f"no record explains message {e.message_id} of {e.at:%Y-%m-%d %H:%M}" for e in self._left]

    def _take_recorded(self, record: NoticeRecord) -> list[LogEntry]:
        return self._take(lambda e: e.message_id == record.message_id and self._is_of(e, record))

    def _settle(self, notices: list[NoticeRecord], messages: list[LogEntry]) -> None:
        """Account for the notices of one delivery, given what the log has under the id on record."""
        record, causes = notices[0], tuple(notice.cause for notice in notices)
        if record.state is NoticeState.SENT and not messages:
            self.lost += causes
            return
        self.duplicated += [f"the log has {', '.join(causes)} once more" for _ in messages[1:]]
        copies = self._take(
            lambda e: self._is_of(e, record) and (e.html == messages[0].html if messages else e.at >= record.due_at),
            record.uncertain,
        )
        sent = sorted([*copies, *messages[:1]], key=lambda e: e.at)
        self.resent += len(sent[1:])
        for first in sent[:1]:
            self.causes[first.chat_id, first.message_id or 0] = causes
            self.told_at |= dict.fromkeys(causes, first.at)

    def _is_of(self, entry: LogEntry, record: NoticeRecord) -> bool:
        return self._names.get(entry.chat_id) == record.recipient

    def _take(self, fits: Callable[[LogEntry], bool], limit: int | None = None) -> list[LogEntry]:
        taken = [entry for entry in self._left if fits(entry)][:limit]
        self._left = [entry for entry in self._left if not any(entry is other for other in taken)]
        return taken
