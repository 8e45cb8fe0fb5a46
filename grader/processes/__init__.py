"""The one room that starts processes, limits them and ends them; it knows nothing of notebooks."""

from grader.processes.channel import (
    Channel,
    ChannelClosedError,
    ChannelError,
    ChannelOverflowError,
    ChannelTimeoutError,
)
from grader.processes.forked import Child, Ended
from grader.processes.limits import Limits
from grader.processes.python import Ran, run_python
from grader.processes.tiers import diagnosis, tier
from grader.processes.warm import Tier, Warm, can_rehearse
from grader.processes.watching import Usage

__all__ = [
    "Channel",
    "ChannelClosedError",
    "ChannelError",
    "ChannelOverflowError",
    "ChannelTimeoutError",
    "Child",
    "Ended",
    "Limits",
    "Ran",
    "Tier",
    "Usage",
    "Warm",
    "can_rehearse",
    "diagnosis",
    "run_python",
    "tier",
]
