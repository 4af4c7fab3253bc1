"""Therapists' attributes in the memory of the process, read again when one was edited."""

from collections import defaultdict

from tortoise.expressions import F

from core.models import Stamp, Therapist, Trait
from core.rules.matching import Profile

STAMP = "profiles"
_cached: tuple[str, int, dict[int, Profile]] | None = None


async def changed() -> None:
    """Tell every process, within the transaction of an edit, that profiles are to be read anew."""
    if not await Stamp.filter(name=STAMP).update(n=F("n") + 1):
        await Stamp.create(name=STAMP, n=1)


async def active() -> dict[int, Profile]:
    """Return the profiles of active therapists by id."""
    global _cached
    stamp = await Stamp.get_or_none(name=STAMP)
    if stamp is None:
        return {}
    if _cached is None or _cached[:2] != (stamp.public_id, stamp.n):
        _cached = (stamp.public_id, stamp.n, await _read())
    return _cached[2]


async def _read() -> dict[int, Profile]:
    traits: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for therapist, kind, code in await Trait.all().values_list("therapist_id", "kind", "code"):
        traits[therapist][kind].add(code)
    return {
        row.id: Profile(
            id=row.id,
            public_id=row.public_id,
            name=f"{row.title} {row.name}".strip(),
            gender=row.gender,
            step_free=row.step_free,
            traits={kind: frozenset(codes) for kind, codes in traits[row.id].items()},
        )
        for row in await Therapist.filter(active=True)
    }
