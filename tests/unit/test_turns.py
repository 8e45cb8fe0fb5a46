"""One command at a time changes a hub; the next one is told whose turn it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import turns
from grader.errors import MachineError
from tests.conftest import Term

HOLD = """
import sys
from pathlib import Path
from grader import roster, turns
cohort = roster.read_cohort(Path(sys.argv[1]))
with turns.taken(cohort, cohort.hubs[:1], "grader autograde week01"):
    print("taken", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(term: Term) -> Iterator[subprocess.Popen[str]]:
    """Be another process that has the turn at Sheffield."""
    command = [sys.executable, "-c", HOLD, str(term.directory)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


class TestTurns:
    def test_the_second_is_told_who_has_it(self, term: Term, holder: subprocess.Popen[str]) -> None:
        """The refusal names the command, the hub, the time and the process, and what to do."""
        with pytest.raises(MachineError) as caught, turns.taken(term.cohort, term.cohort.hubs, "x"):
            pass
        [complaint] = caught.value.complaints

        assert complaint.what.startswith("`grader autograde week01` is at work since ")
        assert complaint.what.endswith(f"(process {holder.pid}) at Sheffield")
        assert "Wait until it has ended" in complaint.do

    @pytest.mark.parametrize("verb", ["releases", "collects", "marks", "hands_back", "syncs"])
    def test_every_verb_that_changes_a_hub_waits_for_its_turn(
        self, term: Term, holder: subprocess.Popen[str], verb: str
    ) -> None:
        """While one command is at work at a hub, no other changes that hub."""
        before = _files(term.directory)

        with pytest.raises(MachineError, match="at work since"):
            getattr(term, verb)()
        assert before == _files(term.directory)

    def test_another_hub_is_free(self, term: Term, holder: subprocess.Popen[str]) -> None:
        """What happens at Sheffield keeps nobody from London."""
        with turns.taken(term.cohort, term.cohort.hubs[1:], "grader collect week01"):
            pass

        assert (term.home("london") / turns.FILE).exists()

    def test_a_killed_command_has_no_turn(self, term: Term, holder: subprocess.Popen[str]) -> None:
        """A command that was killed is in nobody's way."""
        holder.kill()
        holder.wait()

        with turns.taken(term.cohort, term.cohort.hubs, "grader autograde week01"):
            pass
        assert (term.home("sheffield") / turns.FILE).exists()

    def test_all_hubs_or_none(self, term: Term, holder: subprocess.Popen[str]) -> None:
        """Who is refused at one hub holds no other."""
        with pytest.raises(MachineError), turns.taken(term.cohort, term.cohort.hubs, "x"):
            pass
        with turns.taken(term.cohort, term.cohort.hubs[1:], "y"):
            told = (term.home("london") / turns.FILE).read_text(encoding="utf-8")

        assert '"doing": "y"' in told

    def test_a_link_in_its_place_is_not_followed(self, term: Term, tmp_path: Path) -> None:
        """A lock that leads elsewhere is refused, and what it leads to is left as it is."""
        other = tmp_path / "other"
        other.write_text("mine")
        (term.home("london") / turns.FILE).unlink(missing_ok=True)
        (term.home("london") / turns.FILE).symlink_to(other)

        with pytest.raises(MachineError), turns.taken(term.cohort, term.cohort.hubs, "x"):
            pass
        assert "mine" == other.read_text()


def _files(directory: Path) -> dict[Path, bytes]:
    found = (p for p in sorted(directory.rglob("*")) if p.is_file() and p.name != turns.FILE)
    return {path: path.read_bytes() for path in found}
