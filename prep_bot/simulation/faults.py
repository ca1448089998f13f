"""What may go wrong between a bot and Telegram, on demand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ServerError:
    """Telegram answers with this HTTP status and does nothing."""

    status: int = 502


@dataclass(frozen=True)
class FloodWait:
    """Telegram answers 429: come back in so many seconds."""

    retry_after: int


@dataclass(frozen=True)
class TimeOut:
    """The caller waits in vain; Telegram carried the call out, or it did not."""

    delivered: bool

    def __str__(self) -> str:
        return f"time-out {'after' if self.delivered else 'before'} delivery"


@dataclass(frozen=True)
class ConnectionRefused:
    """Nobody listens: the call certainly never reached Telegram."""

    def __str__(self) -> str:
        return "connection refused"


@dataclass(frozen=True)
class MalformedBody:
    """Telegram carries the call out, but what comes back with status 200 is no JSON."""

    def __str__(self) -> str:
        return "malformed body"


Fault = ServerError | FloodWait | TimeOut | ConnectionRefused | MalformedBody


class NoAnswer(Exception):  # noqa: N818 -- it is what happens to the call, not an error of this program
    """No answer comes back: the call timed out, or nobody listened."""

    def __init__(self, fault: TimeOut | ConnectionRefused) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass
class _Planned:
    method: str | None
    fault: Fault
    times: int
    chat_id: int | None


class Faults:
    """The faults that are still to happen, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def plan(self, method: str | None, fault: Fault, times: int, chat_id: int | None) -> None:
        """Let the next `times` calls of the method (None: of any) to the chat (None: to any, or none) fail."""
        self._planned.append(_Planned(method, fault, times, chat_id))

    def clear(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def next(self, method: str, chat_id: int) -> Fault | None:
        """Return the fault that befalls this call, None for none."""
        for planned in self._planned:
            if planned.method in (None, method) and planned.chat_id in (None, chat_id):
                planned.times -= 1
                if not planned.times:
                    self._planned.remove(planned)
                return planned.fault
        return None
