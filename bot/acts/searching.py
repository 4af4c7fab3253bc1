"""Offers of held seats, and the rules that go with one."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.acts.scene import Scene, born, own_booking
from bot.dialogue.wishes import (
    FindOffers,
    NothingFits,
    Offered,
    Outcome,
    PolicyShown,
    ShowPolicy,
    Widening,
)
from bot.views import offered, policy_view
from core import bookings, clock, matching, offers, requests
from core.errors import HoldGone
from core.models import Booking, OfferedSeat, Request
from core.rules.criteria import Criteria


async def find_offers(wish: FindOffers, scene: Scene) -> Outcome:
    moving = await own_booking(wish.moving, scene) if wish.moving else None
    criteria, person = wish.criteria, scene.writer
    if moving is not None:
        # What is moved keeps what it was asked for; the patient may only name other times.
        asked = Criteria.from_json(moving.request.criteria)
        criteria = asked.with_(
            kind=moving.seat.slot.kind, weekdays=criteria.weekdays, parts=criteria.parts
        )
        person = moving.person
    request = await requests.keep(scene.conversation, criteria, person=person)
    shown = await _seats_shown(request) if wish.widened else []
    return await find(request, scene, moving=moving, not_seats=shown)


async def find(
    request: Request,
    scene: Scene,
    *,
    moving: Booking | None = None,
    not_seats: Sequence[str] = (),
) -> Offered | NothingFits:
    kind = "move" if moving else "dialogue"
    made = await offers.make(request, scene.network, kind=kind, not_seats=not_seats, moving=moving)
    if isinstance(made, offers.Nothing) and not_seats:
        # All others were seen already: better the same ones again than none.
        made = await offers.make(request, scene.network, kind=kind, moving=moving)
    if isinstance(made, offers.Made):
        return offered(made, scene.network)
    criteria = Criteria.from_json(request.criteria)
    counts = await matching.widenings(criteria, scene.network, now=clock.now())
    return NothingFits(tuple(Widening(field, count) for field, count in counts.items()))


async def _seats_shown(request: Request) -> list[str]:
    rows = await OfferedSeat.filter(offer__request=request).prefetch_related("seat")
    return [row.seat.public_id for row in rows]


async def open_request(scene: Scene) -> Request | None:
    return (
        await Request.filter(conversation=scene.conversation, state__in=["open", "waiting"])
        .order_by("-updated_at")
        .first()
    )


async def show_policy(wish: ShowPolicy, scene: Scene) -> Outcome:
    offer = await offers.live(wish.offer)
    chosen = next(
        (row for row in await offers.offered_of(offer) if row.seat.public_id == wish.seat), None
    )
    if chosen is None:
        raise HoldGone("error.hold_gone")
    birth = wish.birth_date
    if wish.moving:
        birth = born(await own_booking(wish.moving, scene))
    network, starts = scene.network, chosen.seat.starts_at
    today = clock.now().astimezone(ZoneInfo(network.zone)).date()
    policy = bookings.policy_for(network, chosen.seat.slot.service, today)
    return PolicyShown(policy_view(policy, network, scene.language, starts, birth))
