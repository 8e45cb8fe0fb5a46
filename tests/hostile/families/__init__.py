"""The submissions, a module a family; each module has a table SUBMISSIONS."""

from tests.hostile.families import (
    bombs,
    broken,
    equal,
    forever,
    forged,
    links,
    metadata,
    names,
    network,
    patches,
    reads,
    scripts,
    settings,
    shadows,
    signals,
    survivors,
    writes,
)

MODULES = (
    bombs,
    broken,
    equal,
    forever,
    forged,
    links,
    metadata,
    names,
    network,
    patches,
    reads,
    scripts,
    settings,
    shadows,
    signals,
    survivors,
    writes,
)
SUBMISSIONS = tuple(submission for module in MODULES for submission in module.SUBMISSIONS)
