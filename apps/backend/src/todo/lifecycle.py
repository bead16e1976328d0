"""Whether the process is on its way out."""

from dataclasses import dataclass


@dataclass(slots=True)
class Lifecycle:
    """Shared by the server, which sets it, and by what answers requests."""

    draining: bool = False
