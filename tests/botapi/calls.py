"""What happens to a call: written down, checked against the schema, carried out or refused."""

from __future__ import annotations

import inspect
from http import HTTPStatus
from typing import Any

from botapi import (
    fetching,  # noqa: F401 -- enters its methods in METHODS
    schema,
)
from botapi.limits import next_fault
from botapi.methods import METHODS, Method
from botapi.refusals import RefusedError, not_in_the_bot_api, not_modelled
from botapi.world import Call, World


class AnswerLostError(Exception):
    """The call was carried out, but the bot must not get to know."""


async def carry_out(world: World, token: str, name: str, raw: dict[str, Any]) -> object:
    """The result of a call.

    Raises:
        RefusedError: the Bot API would refuse it, or a test asked for a refusal.
        AnswerLostError: a test asked that the connection breaks after the call was carried out.
    """
    if token != world.token:
        raise RefusedError(HTTPStatus.UNAUTHORIZED, "Unauthorized")
    call = world.begin_call(name, dict(raw))
    try:
        result, lost = await _result(world, call)
    except RefusedError as refusal:
        world.end_call(call, refusal)
        raise
    world.end_call(call)
    if lost:
        call.description = "the answer was lost"
        raise AnswerLostError
    return result


async def _result(world: World, call: Call) -> tuple[object, bool]:
    modelled = _checked(call)
    fault = next_fault(world.faults, call.method, call.parameters)
    if fault and not fault.lost:
        raise fault.refusal()
    result = modelled.carry_out(world, call.parameters)
    if inspect.isawaitable(result):
        result = await result
    return result, fault is not None


def _checked(call: Call) -> Method:
    """The method, once the call has passed the schema and asks for nothing unmodelled."""
    if call.method not in METHODS:
        known = call.method in schema.KNOWN_METHODS
        raise (not_modelled if known else not_in_the_bot_api)(f"method {call.method}")
    unknown = set(call.parameters) - schema.parameters_of(call.method)
    if unknown:
        raise not_in_the_bot_api(f"unknown parameter of {call.method}: {', '.join(sorted(unknown))}")
    call.parameters = schema.decode(call.method, call.parameters)
    fault = schema.fault(call.method, call.parameters)
    if fault:
        raise not_in_the_bot_api(fault)
    unmodelled = set(call.parameters) - METHODS[call.method].parameters
    if unmodelled:
        raise not_modelled(f"parameter of {call.method}: {', '.join(sorted(unmodelled))}")
    return METHODS[call.method]
