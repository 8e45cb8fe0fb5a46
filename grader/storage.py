"""What a disk or a database says when it cannot be read or written, in words, with what to do."""

from __future__ import annotations

import errno

from grader.errors import MachineError

AGAIN = "then run the same command again: what is recorded stands, and it goes on with the rest."
BACKUP = "Restore it from your backup. A copy of what is there now may still help; keep one."

# What SQLite says, in the order in which it is looked for, with the kit's words and the remedy.
_SAID = (
    (
        ("is locked", "is busy"),
        "is in use by another program, which does not let go",
        f"Close what else has it open (formgrader, a database browser, a backup), {AGAIN}",
    ),
    (
        ("disk is full", "no space left", "file too large", "quota"),
        "cannot grow: the disk is full, or this account may not use more of it",
        f"Make room there, {AGAIN}",
    ),
    (
        ("readonly", "read-only", "permission", "not permitted", "unable to open"),
        "cannot be opened for writing",
        f"Give this account the right to write this file and its folder, {AGAIN}",
    ),
    (
        ("i/o error", "input/output"),
        "cannot be written: the disk reports an error, or it is full",
        f"Look whether the disk is full or failing, {AGAIN}",
    ),
    (
        ("malformed", "not a database", "corrupt", "no such table", "no such column", "encrypted"),
        "cannot be read: it is damaged, or no database",
        BACKUP,
    ),
)
# With these no other submission would fare better; any other error is about one file alone.
_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EMFILE}


def refusal(thing: str, where: str, said: object, *, damaged: str = BACKUP) -> MachineError:
    """
    Put into words what was *said* of the *thing* that lies *where*.

    *damaged* is what to do where it cannot be read at all.
    """
    text = str(said).strip()
    for signs, what, do in _SAID:
        if any(sign in text.lower() for sign in signs):
            return _complaint(thing, where, what, text, damaged if do is BACKUP else do)
    return _complaint(thing, where, "cannot be used", text, f"Put that right, {AGAIN}")


def is_of_the_disk(error: OSError) -> bool:
    """Tell whether *error* is the disk's: full, read-only or broken for every file alike."""
    return error.errno in _OF_THE_DISK


def _complaint(thing: str, where: str, what: str, said: str, do: str) -> MachineError:
    return MachineError(f"{thing} {what} ({said})", where=where, do=do)
