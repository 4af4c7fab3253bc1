"""The network in force: a configuration becomes a numbered version in the database."""

from core import clock, db
from core.errors import Misconfigured
from core.models import NetworkVersion
from core.network.schema import Network

_cached: tuple[int, str, Network] | None = None


async def load(network: Network) -> int:
    """Put a configuration in force and return its version; the same one again changes nothing.

    Rules that the files no longer name stay known, as patients may have accepted them.
    """
    async with db.transaction():
        newest = await NetworkVersion.all().order_by("-version").first()
        before = Network.model_validate(newest.config).policies if newest else ()
        named = {(policy.code, policy.version) for policy in network.policies}
        past = [policy for policy in before if (policy.code, policy.version) not in named]
        network = network.model_copy(update={"policies": (*network.policies, *past)})
        config = network.model_dump(mode="json")
        if newest and newest.config == config:
            return newest.version
        row = await NetworkVersion.create(
            version=newest.version + 1 if newest else 1,
            name=network.name,
            config=config,
            loaded_at=clock.now(),
        )
        return row.version


async def current() -> Network:
    """Return the network in force; raises `Misconfigured` when none was loaded yet."""
    global _cached
    row = await NetworkVersion.all().order_by("-version").only("version", "loaded_at").first()
    if row is None:
        raise Misconfigured("error.no_network")
    stamp = row.loaded_at.isoformat()
    if _cached is None or _cached[:2] != (row.version, stamp):
        full = await NetworkVersion.get(version=row.version)
        _cached = (row.version, stamp, Network.model_validate(full.config))
    return _cached[2]
