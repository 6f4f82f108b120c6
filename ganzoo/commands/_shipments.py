"""How a shipment to the Hub is told, before it is sent."""

import typer

from ganzoo.hub import Shipment

FEW = 20  # files that are named one by one


def tell(shipment: Shipment, private: bool) -> None:
    """What a push or a deployment is about to do, file by file."""
    what = f"the {'private ' if private else ''}{shipment.kind} {shipment.repo}"
    if shipment.unseen:
        typer.echo(f"{shipment.unseen}; what it holds already would not be sent again")
        typer.echo(f"creates {what}, or writes to it")
    elif shipment.commit is None:
        typer.echo(f"creates {what}")
    else:
        typer.echo(f"writes to the {shipment.kind} {shipment.repo}, now at {shipment.commit[:12]}")
    for parcel in shipment.parcels[:FEW]:
        done = "is there" if parcel.path in shipment.unchanged else "sends"
        typer.echo(f"  {done:8} {parcel.path}  {_readable(parcel.size)}")
    if rest := shipment.parcels[FEW:]:
        total = _readable(sum(one.size for one in rest))
        there = sum(one.path in shipment.unchanged for one in rest)
        typer.echo(f"  and {len(rest)} more files, {total}; {there} of them are there")
    for path in shipment.stale:
        typer.echo(f"  {'removes':8} {path}")
    if shipment.overruled:
        typer.echo(
            "The page there says other words below its mark than the README.md here: these replace "
            "them, and those stay in its history (ganzoo pull brings them here first)"
        )


def _readable(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size / 2**10:,.1f} KiB"
