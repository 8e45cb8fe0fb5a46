"""What one process tree may use: plain numbers, with the unit in each name."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """
    Say how much one child and all it starts may use.

    *address_mib* bounds the addresses of each process (a library reserves far more than it
    touches), *memory_mib* what the whole tree really holds. The seconds of a cell and of a
    notebook are wall time; whoever talks to the child keeps them, the rest is kept here.
    """

    memory_mib: int = 1024
    address_mib: int = 2048
    cpu_seconds: int = 300
    cell_seconds: float = 30.0
    notebook_seconds: float = 300.0
    processes: int = 64
    open_files: int = 256
    file_mib: int = 64
    disk_mib: int = 256
    frame_mib: int = 20
    output_mib: int = 100
