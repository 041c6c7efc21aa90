"""The control interface: by POST /control/... another process drives people and reads the bot's calls."""

from __future__ import annotations

import inspect
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from botapi.limits import Fault, Pace
from botapi.people import Person
from botapi.world import World

ACTS = frozenset(
    {
        "start",
        "say",
        "send",
        "edit",
        "delete",
        "press",
        "forge",
        "block",
        "unblock",
        "deactivate",
        "create_group",
        "throw_out",
        "sees",
        "popups",
        "answered",
        "expect",
    }
)


class Control:
    """What a test may ask of the stand-in. Each question is one POST with a JSON object of arguments."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: dict[int, Person] = {}

    def routes(self) -> list[Route]:
        """The addresses of the control interface."""
        return [
            Route("/control/users/{person:int}/{act}", self.act, methods=["POST"]),
            Route("/control/{question}", self.ask, methods=["POST"]),
        ]

    async def act(self, request: Request) -> JSONResponse:
        """A person does or sees something."""
        person = self.people.get(request.path_params["person"])
        name = request.path_params["act"]
        if person is None or name not in ACTS:
            return JSONResponse({"error": f"no such person or act: {name}"}, 404)
        return await self._answer(getattr(person, name), request)

    async def ask(self, request: Request) -> JSONResponse:
        """Something about the whole stand-in."""
        questions = {
            "users": self.add_person,
            "calls": self.calls,
            "called": self.called,
            "complaints": self.complaints,
            "refuse": self.refuse,
            "pace": self.pace,
            "age": self.age_presses,
            "update": self.push,
            "pending": self.pending,
            "acknowledged": self.world.inbox.emptied,
            "begin": self.begin,
            "commands": lambda: self.world.commands,
        }
        question = questions.get(request.path_params["question"])
        if question is None:
            return JSONResponse({"error": "no such question"}, 404)
        return await self._answer(question, request)

    def add_person(self, **profile: str) -> int:
        """A new person, whom the bot has not met; the id."""
        person = Person(self.world, **profile)
        self.people[person.id] = person
        return person.id

    async def begin(self, token: str) -> None:
        """Begin anew with another token; polls that still wait end empty."""
        if self.world.webhook:
            await self.world.webhook.stop()
        self.world.inbox.close()
        self.people.clear()
        self.world.begin(token)

    def calls(self, after: int = 0, method: str = "") -> list[dict[str, Any]]:
        """The calls of the bot, optionally those after a number or of one method."""
        return [call.as_json() for call in self.world.calls[after:] if method in {"", call.method}]

    async def called(self, method: str, after: int = 0, seconds: float = 5) -> bool:
        """Wait until the bot has begun to call that method; whether it has."""
        return await self.world.bell.heard_until(lambda: self.calls(after, method), seconds)

    def complaints(self, *, forgive: bool = False) -> list[str]:
        """Everything that should fail the test; forgiving forgets it."""
        found = list(self.world.complaints)
        if forgive:
            self.world.complaints.clear()
        return found

    def refuse(self, **fault: Any) -> None:  # noqa: ANN401 -- the fields of a Fault
        """Let something befall the next calls."""
        self.world.faults.append(Fault(**fault))

    def pace(self, per_second: float | None = None, per_chat: float = 1) -> None:
        """Keep Telegram's limits on sendMessage from now on, or no limits without arguments."""
        self.world.pace = Pace(per_second, per_chat) if per_second else None

    def age_presses(self) -> None:
        """Make every press so far too old to be answered."""
        for press in self.world.presses.values():
            press.too_old = True

    def push(self, update: dict[str, Any]) -> None:
        """Deliver an update exactly as it is."""
        self.world.inbox.push(update)

    def pending(self) -> list[dict[str, Any]]:
        """The updates that the bot has not acknowledged."""
        return self.world.inbox.pending

    async def _answer(self, question: Any, request: Request) -> JSONResponse:  # noqa: ANN401 -- any callable
        body = await request.body()
        try:
            result = question(**(await request.json() if body else {}))
            if inspect.isawaitable(result):
                result = await result
        except (ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse({"result": result})
