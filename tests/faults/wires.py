"""What befalls the way to PostgreSQL and Redis, and PostgreSQL itself."""

from typing import Any

from tests.faults.run import Scene, Trouble
from tests.faults.troubles import lasting


async def restart_database(scene: Scene) -> None:
    scene.tell("PostgreSQL killed and started again")
    await _ground(scene).restart_database()


async def terminate_backends(scene: Scene) -> None:
    scene.tell("every connection ended by PostgreSQL")
    await _ground(scene).terminate_backends()


async def reset_wires(scene: Scene) -> None:
    name, wire = _wire(scene)
    scene.tell(f"every connection to {name} reset")
    wire.cut()


async def refuse_wires(scene: Scene) -> None:
    name, wire = _wire(scene)
    scene.tell(f"{name} out of reach")
    wire.refusing = True
    wire.cut()
    await lasting(scene.chance.uniform(0.5, 2))
    wire.refusing = False


async def slow_wires(scene: Scene) -> None:
    name, wire = _wire(scene)
    scene.tell(f"a slow way to {name}")
    wire.delay = 0.02
    await lasting(1)
    wire.delay = 0.0


async def hold_wires(scene: Scene) -> None:
    """Nothing comes through for longer than a lease; then all of it does."""
    name, wire = _wire(scene)
    scene.tell(f"nothing comes through to {name}, and then all at once")
    wire.hold()
    await lasting(2.5)
    wire.flow()


async def hold_and_reset_wires(scene: Scene) -> None:
    """Nothing comes through, and in the end the connections are gone."""
    name, wire = _wire(scene)
    scene.tell(f"nothing comes through to {name}, then every connection is reset")
    wire.hold()
    await lasting(1.5)
    wire.cut()
    wire.flow()


async def forget_wires_to_redis(scene: Scene) -> None:
    """Half-open: what is connected never hears anything again, and nobody says so; new connections work."""
    scene.tell("every connection to Redis half-open")
    _ground(scene).stream_wire.forget()


async def forget_wires_to_postgresql(scene: Scene) -> None:
    """The same; once in a long run, for it takes as long as PostgreSQL believes in a connection that is gone."""
    await scene.after(25)
    scene.tell("every connection to PostgreSQL half-open")
    _ground(scene).database_wire.forget()


def _ground(scene: Scene) -> Any:
    return scene.stack.ground


def _wire(scene: Scene) -> tuple[str, Any]:
    ground = _ground(scene)
    return scene.chance.choice([("PostgreSQL", ground.database_wire), ("Redis", ground.stream_wire)])


CUT: dict[str, Trouble] = {
    trouble.__name__: trouble
    for trouble in (
        reset_wires,
        refuse_wires,
        slow_wires,
        hold_wires,
        hold_and_reset_wires,
        forget_wires_to_redis,
    )
}
