"""The packs that this installation runs: the packaged ones, or those in a folder that the operator names."""

from functools import cache
from pathlib import Path

from shared.language.errors import AssociationUnknown, ServiceUnknown
from shared.policy.pack import Pack, Service, load_packs

_folder: Path | None = None


def adopt(folder: Path | None) -> None:
    """Run the packs in `folder` from now on. Raises `PackRefused` when one contradicts itself."""
    global _folder
    _folder = folder
    packs.cache_clear()
    packs()


@cache
def packs() -> dict[str, Pack]:
    return load_packs(_folder)


def pack_of(association_id: str) -> Pack:
    """The policy that the association adopted. Raises `AssociationUnknown`."""
    try:
        return packs()[association_id]
    except KeyError:
        raise AssociationUnknown from None


def service_of(pack: Pack, service_id: str) -> Service:
    """A service on offer. Raises `ServiceUnknown`."""
    service = pack.service(service_id)
    if service is None:
        # Whoever sends codes reads English, and whoever reads names Arabic.
        offered = ", ".join(service.id for service in pack.services)
        refusal = ServiceUnknown(field="service_id", service=service_id, offered=offered)
        refusal.facts_ar = {"offered": tuple(service.name for service in pack.services)}
        raise refusal
    return service
