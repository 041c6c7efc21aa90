"""The methods by which a bot gets its updates: the long poll and the webhook."""

from __future__ import annotations

import re

from botapi.methods import Parameters, method
from botapi.refusals import bad_request, conflict
from botapi.webhook import Webhook, checked_url
from botapi.world import World

LONGEST_POLL = 50


@method("getUpdates", "offset", "limit", "timeout", "allowed_updates")
async def get_updates(world: World, asked: Parameters) -> object:
    if world.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    world.inbox.allow(asked.get("allowed_updates"))
    return await world.inbox.poll(
        asked.get("offset", 0),
        max(1, asked.get("limit", 100)),
        min(asked.get("timeout", 0), LONGEST_POLL),
    )


@method("setWebhook", "url", "secret_token", "allowed_updates", "drop_pending_updates", "max_connections")
async def set_webhook(world: World, asked: Parameters) -> object:
    secret = asked.get("secret_token", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    url = asked["url"] and checked_url(asked["url"])
    await _stop_webhook(world, asked)
    world.inbox.allow(asked.get("allowed_updates"))
    if url:
        world.webhook = Webhook(url, secret, world.inbox, complaints=world.complaints)
        world.webhook.start()
    return True


@method("deleteWebhook", "drop_pending_updates")
async def delete_webhook(world: World, asked: Parameters) -> object:
    await _stop_webhook(world, asked)
    return True


@method("getWebhookInfo")
def get_webhook_info(world: World, _: Parameters) -> object:
    webhook = world.webhook
    info: dict[str, object] = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.inbox.pending),
    }
    if webhook and webhook.last_error:
        info |= webhook.last_error | {"last_error_date": world.now()}
    if world.inbox.allowed:
        info["allowed_updates"] = sorted(world.inbox.allowed)
    return info


async def _stop_webhook(world: World, asked: Parameters) -> None:
    if world.webhook:
        await world.webhook.stop()
        world.webhook = None
    if asked.get("drop_pending_updates"):
        world.inbox.pending.clear()
        world.inbox.bell.ring()
