"""What became of an attempt to send a message, and what to do next: pure rules, so that they can be proved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never


class Unreachability(StrEnum):
    """Why a chat cannot be written to."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    """The account, or the group, was deleted."""
    CHAT_NOT_FOUND = "chat_not_found"
    NEVER_STARTED = "never_started"
    """The person has not pressed «Iniciar»: a bot may not begin a conversation."""
    KICKED = "kicked"
    """The bot is not in the group any more."""
    FORBIDDEN = "forbidden"
    """Telegram gives a reason that this program does not know."""


@dataclass(frozen=True)
class Accepted:
    """Telegram took the message. Nobody can tell whether it was read."""

    message_id: int


@dataclass(frozen=True)
class NotDelivered:
    """The message certainly did not go out, this time; `after` is how long Telegram asks to wait, if it does."""

    reason: str
    after: timedelta = timedelta(0)


@dataclass(frozen=True)
class Uncertain:
    """The message may have gone out, or not: the answer was lost."""

    reason: str


@dataclass(frozen=True)
class Unreachable:
    """The chat cannot be written to until its people change that."""

    reason: Unreachability


@dataclass(frozen=True)
class Migrated:
    """The group became a supergroup: it has another id from now on."""

    chat_id: int


@dataclass(frozen=True)
class Refused:
    """Telegram will never accept this message in this chat."""

    reason: str


Outcome = Accepted | NotDelivered | Uncertain | Unreachable | Migrated | Refused


class Verdict(StrEnum):
    """What becomes of a delivery after an attempt."""

    SENT = "sent"
    RETRY = "retry"
    EXPIRED = "expired"
    """It certainly was not delivered, and by the next attempt it would help nobody."""
    UNCERTAIN = "uncertain"
    """It may have been delivered, and it is not sent again."""
    FAILED = "failed"


@dataclass(frozen=True)
class Decision:
    """The verdict; when to try again, if that is it; and why, in a word, if it was not sent."""

    verdict: Verdict
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class RetryPolicy:
    """When to send again: after 5 s, 10 s, 20 s… up to every 15 minutes, as long as the message helps.

    What may have been delivered is sent again less eagerly: a server that stumbles for a minute must not lose a
    convocation, nor leave a dozen copies of it.
    """

    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(minutes=15)
    most_attempts: int = 700
    """An outage of a week, at the longest interval. It ends what never stops being useful."""
    after_uncertain: tuple[timedelta, ...] = (timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=1))
    """The pauses after attempts that may have been delivered: after as many and one more, it is not sent again."""

    def decide(
        self,
        outcome: Outcome,
        attempts: int,
        *,
        uncertain: int,
        resend_when_uncertain: bool,
        now: datetime,
        useful_until: datetime | None,
    ) -> Decision:
        """Return what to do after the attempt number `attempts` ended in `outcome`.

        `uncertain` of the attempts, this one included, may have been delivered. After `useful_until` (None: there is
        no such moment) the message helps nobody: it is never sent again at that moment or later.
        """
        pause = min(self.first * 2 ** min(attempts - 1, 30), self.longest)
        reason = ""
        match outcome:
            case Accepted():
                return Decision(Verdict.SENT)
            case Unreachable(reason) | Refused(reason):
                return Decision(Verdict.FAILED, reason=reason)
            case Uncertain(reason):
                if not resend_when_uncertain or uncertain > len(self.after_uncertain):
                    return Decision(Verdict.UNCERTAIN, reason=reason)
                pause = self.after_uncertain[uncertain - 1]
            case NotDelivered(reason, after):
                pause = max(pause, after)
            case Migrated():
                pass
            case _:
                assert_never(outcome)
        at = now + pause
        if useful_until is not None and at >= useful_until:
            return Decision(Verdict.UNCERTAIN if uncertain else Verdict.EXPIRED, reason=reason)
        if attempts >= self.most_attempts:
            return Decision(Verdict.UNCERTAIN if uncertain else Verdict.FAILED, reason=reason)
        return Decision(Verdict.RETRY, at, reason)
