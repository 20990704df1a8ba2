"""A real SMTP server that keeps what it is sent, and can be told to misbehave."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass(frozen=True)
class Mail:
    """One mail as the server received it. `at` is seconds on the monotonic clock."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    at: float

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""


@dataclass
class Sink:
    """What arrived, and how to answer: an SMTP code after DATA, or no answer at all.

    `answer` 250 accepts, 451 asks to come again, 550 refuses; `silent` keeps the mail and drops
    the line before the answer, so that the sender cannot know; `pause` waits before answering.
    """

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    answer: int = 250
    silent: bool = False
    pause: float = 0.0
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def keep(self, mail: Mail) -> None:
        with self.arrived:
            self.mails.append(mail)
            self.arrived.notify_all()

    def wait_for(self, count: int = 1, *, to: str = "", seconds: float = 20.0) -> list[Mail]:
        """Return the mails (to one address) once there are `count`; fail after `seconds`."""

        def found() -> list[Mail]:
            return [mail for mail in self.mails if not to or to in mail.recipients]

        with self.arrived:
            if not self.arrived.wait_for(lambda: len(found()) >= count, timeout=seconds):
                raise AssertionError(
                    f"{len(found())} of {count} mails to {to or 'anyone'} came in {seconds} s."
                )
            return found()


class _Conversation(socketserver.StreamRequestHandler):
    sink: Sink

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        sender, recipients = "", list[str]()
        self.say("220 sink ready")
        for raw in self.rfile:
            line = raw.decode("utf-8", "replace").strip()
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO" | "HELO":
                    self.say("250 sink")
                case "MAIL":
                    sender, recipients = _address(rest), []
                    self.say("250 good")
                case "RCPT":
                    recipients.append(_address(rest))
                    self.say("250 good")
                case "DATA":
                    if not self.take(sender, recipients):
                        return
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 good")

    def take(self, sender: str, recipients: list[str]) -> bool:
        """Receive the mail and answer as told; False when the line is dropped."""
        self.say("354 go on")
        lines = []
        for raw in self.rfile:
            if raw in {b".\r\n", b".\n"}:
                break
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        else:
            return False  # the sender died in the middle: nothing was received
        time.sleep(self.sink.pause)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        accepted = self.sink.answer < 400
        if accepted or self.sink.silent:
            self.sink.keep(Mail(sender, tuple(recipients), message, time.monotonic()))
        if self.sink.silent:
            return False
        self.say(f"{self.sink.answer} {'kept' if accepted else 'no'}")
        return True


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """Run a sink on a free port until the block ends."""
    sink = Sink()
    conversation = type("Conversation", (_Conversation,), {"sink": sink})
    with _Server(("127.0.0.1", 0), conversation) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield sink
        finally:
            server.shutdown()
