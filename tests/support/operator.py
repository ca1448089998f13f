"""What the tests of the command line share: `prep-bot` as a process, and a Telegram that tells when it is called."""

import asyncio
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from prep_bot.cli import main
from prep_bot.clock import SystemClock
from prep_bot.simulation.api import Answer, Upload
from prep_bot.simulation.messages import SimulatedMessage
from prep_bot.simulation.people import SimulatedUser
from prep_bot.simulation.telegram import SimulatedTelegram

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"
PLAN = "ieepco-prep-2021-2022"
PATIENCE = 120
"""Seconds after which a test gives up: on a healthy machine nothing takes a twentieth of it."""

_PROGRAM = Path(sys.executable).with_name("prep-bot")
_WARM = multiprocessing.get_context("forkserver")
_WARM.set_forkserver_preload(["prep_bot.bootstrap", "prep_bot.cli.failures", "segno", "tests.support.operator"])


class WatchedTelegram(SimulatedTelegram):
    """By the machine's clock. It tells when the bot has called, and can let a call wait."""

    def __init__(self) -> None:
        # Two messages that leave a second apart may arrive closer to each other, where the machine is busy.
        super().__init__(SystemClock(), token=TOKEN, per_chat_per_second=2)
        self.calls: list[tuple[str, Mapping[str, str]]] = []
        """All that the bot has asked, the held ones too, each with its parameters."""
        self._called = asyncio.Condition()
        self._held: dict[str, asyncio.Event] = {}

    async def call(
        self, token: str, method: str, raw: Mapping[str, str], files: Mapping[str, Upload] = MappingProxyType({})
    ) -> Answer:
        self.calls.append((method, raw))
        await self._tell()
        if (released := self._held.get(method)) is not None:
            await released.wait()
        try:
            return await super().call(token, method, raw, files)
        finally:
            await self._tell()

    async def _tell(self) -> None:
        async with self._called:
            self._called.notify_all()

    def hold(self, method: str) -> None:
        """Let the calls of the method wait until `release`."""
        self._held[method] = asyncio.Event()

    def release(self, method: str) -> None:
        """Let them go on, and hold no others."""
        self._held.pop(method).set()

    async def until(self, happened: Callable[[], bool]) -> None:
        """Return once that is so; it is asked at every call."""
        async with asyncio.timeout(PATIENCE), self._called:
            await self._called.wait_for(happened)

    async def until_called(self, method: str, **parameters: str) -> None:
        """Return once the bot has made such a call."""
        await self.until(
            lambda: any(called == method and parameters.items() <= raw.items() for called, raw in self.calls)
        )

    async def answer(self, user: SimulatedUser, text: str) -> SimulatedMessage:
        """Let the person write; return what the bot answers."""
        self.says(user, text)
        return await self.answered(user)

    async def answered(self, user: SimulatedUser) -> SimulatedMessage:
        """Return the newest message of the chat once it is the bot's."""
        await self.until(lambda: self.last(user).user_id is None)
        return self.last(user)

    async def tapped(self, user: SimulatedUser, label: str) -> SimulatedMessage:
        """Let the person tap a button of the newest message; return that message once the bot has answered."""
        tap = self.taps(user, self.last(user), label)
        await self.until(lambda: tap.answer is not None)
        return self.last(user)


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str

    def refused(self, advice: str) -> None:
        """Check that it failed with one line that holds the advice, and printed nothing else."""
        assert (self.code, self.out) == (1, "")
        assert self.err.startswith("prep-bot: ")
        assert self.err.count("\n") == 1, self.err
        assert advice in self.err


@dataclass
class Running:
    """`prep-bot run` while it runs; it logs JSON."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    async def until(self, event: str) -> dict[str, Any]:
        """Return the next entry of the log with that event."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while line := (await self.process.stderr.readline()).decode():
                self.lines.append(line)
                if line.startswith("{") and (entry := json.loads(line))["event"] == event:
                    return dict(entry)
        raise AssertionError(f"it ended before {event}: {''.join(self.lines)}")

    async def stop(self, signal_number: int = signal.SIGTERM) -> Finished:
        """Send the signal and wait for the end."""
        self.process.send_signal(signal_number)
        return await self.end()

    async def end(self) -> Finished:
        """Wait for the end."""
        async with asyncio.timeout(PATIENCE):
            out, err = await self.process.communicate()
        return Finished(self.process.returncode or 0, out.decode(), "".join(self.lines) + err.decode())


def _command(arguments: tuple[str, ...], environment: dict[str, str], folder: Path, out: Path, err: Path) -> None:
    for descriptor, path in ((1, out), (2, err)):
        with path.open("wb") as printed:
            os.dup2(printed.fileno(), descriptor)
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv = ["prep-bot", *arguments]
    main()


class Operator:
    """Somebody at a terminal: a folder of their own, and the environment of their commands."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.database = folder / "prep-bot.sqlite3"
        self.settings = settings
        self._running: list[asyncio.subprocess.Process] = []

    async def __call__(self, *arguments: str, **settings: str) -> Finished:
        """Carry out `prep-bot` with these arguments to its end.

        In a process of its own, but one forked from another that has imported the program: a tenth of the time.
        """
        return await asyncio.to_thread(self._complete, arguments, self._environment(settings))

    def _complete(self, arguments: tuple[str, ...], environment: dict[str, str]) -> Finished:
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            task = _WARM.Process(target=_command, args=(arguments, environment, self.folder, out, err))
            task.start()
            task.join(PATIENCE)
            assert task.exitcode is not None, f"{arguments} does not end: {err.read_text('utf-8')}"
            return Finished(task.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))

    async def run(self, *arguments: str, **settings: str) -> Running:
        """Start `prep-bot run`; return once it has started."""
        started = await self.start("run", *arguments, **settings)
        await started.until("bot.started")
        return started

    async def start(self, *arguments: str, **settings: str) -> Running:
        """Start a command as the operator would, and return at once."""
        process = await asyncio.create_subprocess_exec(
            _PROGRAM,
            *arguments,
            cwd=self.folder,
            env={"LANG": "C.UTF-8", **self._environment({"log_format": "json", **settings})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._running.append(process)
        return Running(process)

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        given = {**self.settings, **settings}
        return {f"PREP_BOT_{name.upper()}": value for name, value in given.items()}

    async def leave(self) -> None:
        """End whatever still runs."""
        for process in self._running:
            if process.returncode is None:
                process.kill()
                await process.communicate()
