"""What a child can read and write, asserted from inside."""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.processes import ChannelError, Child, Warm
from tests.sandbox.conftest import INSIDE, NAMESPACES, REFUSED, told

ROOT = Path(__file__).parents[2]
Tries = Callable[[str], Any]


class TestReading:
    @pytest.mark.parametrize(
        "path",
        [
            "/etc/passwd",
            "/etc/shadow",
            "/etc/hostname",
            "/var/log/dpkg.log",
            str(ROOT / "README.md"),
        ],
    )
    def test_a_file_of_the_machine_cannot_be_read(self, tries: Tries, path: str) -> None:
        """No file but the environment's can be opened."""
        assert tries(f"answer = open({path!r}).read()") in REFUSED

    @pytest.mark.parametrize("folder", ["/root", "/home", "/var", "/tmp", "/sys", str(ROOT)])
    def test_a_folder_of_the_machine_shows_nothing(self, tries: Tries, folder: str) -> None:
        """A folder of the host is not there, cannot be listed, or shows the way to Python only."""
        mine = {"participant", ".pyenv", "grader", "w", "plain"} | set(Path(sys.prefix).parts)
        shown = tries(f"import os; answer = os.listdir({folder!r})")
        assert shown in REFUSED if isinstance(shown, str) else set(shown) <= mine | {"marking"}

    def test_its_own_work_is_there_and_nothing_else(self, tries: Tries) -> None:
        """The work folder holds the files that were given, with their content."""
        assert (["week01.txt"], b"mine") == tries(
            "answer = os.listdir('.'), Path('week01.txt').read_bytes()"
        )

    def test_the_modules_of_one_child_are_unknown_to_the_other(
        self, warm: Warm, child: Child
    ) -> None:
        """What the examiner was sent is neither in the candidate's files nor in its memory."""
        with warm.fork(
            "inside:obey", modules={**INSIDE, "week_checks.py": b"ANSWER = 'forty-two-x'"}
        ) as other:
            assert "forty-two-x" == told(other, "import week_checks; answer = week_checks.ANSWER")
            assert "ModuleNotFoundError" == told(child, "import week_checks")
        look = "import gc; held = [o for o in gc.get_objects() if type(o) is bytes];"
        look += "answer = any(b'forty-two' + b'-x' in o for o in held)"
        assert told(child, look) is False


class TestWriting:
    @pytest.mark.parametrize(
        "folder", ["/", "/usr", "/etc", "/opt", "/var", "/root", sys.prefix, str(ROOT)]
    )
    def test_outside_its_own_folders_nothing_can_be_written(
        self, tries: Tries, folder: str
    ) -> None:
        """Everything but home, tmp and shm is read-only, for whoever it is."""
        assert tries(f"Path({folder!r}, 'mine.txt').write_text('x')") in REFUSED

    def test_what_is_written_reaches_nobody_else(self, child: Child, sibling: Child) -> None:
        """A file in one child's home or tmp is in no other child's, and not on the host."""
        for place in ("os.path.expanduser('~')", "__import__('tempfile').gettempdir()"):
            told(child, f"where = {place}; Path(where, 'note-of-the-child').write_text('x')")
            assert told(sibling, f"answer = Path({place}, 'note-of-the-child').exists()") is False
        assert not Path("/tmp/note-of-the-child").exists()

    def test_the_modules_sent_cannot_be_changed(self, tries: Tries, fence: str) -> None:
        """The course's modules lie read-only."""
        if fence not in NAMESPACES:
            pytest.skip("without namespaces a child's whole folder is its own")
        assert "OSError" == tries("import inside; Path(inside.__file__).write_text('')")

    def test_a_mode_on_the_host_cannot_be_changed(self, tries: Tries, tmp_path: Path) -> None:
        """chmod reaches nothing outside, also where the kernel lets it through."""
        theirs = tmp_path / "gradebook.db"
        theirs.write_text("marks")
        theirs.chmod(0o600)
        tries(f"os.chmod({str(theirs)!r}, 0o777)")
        tries(f"os.truncate({str(theirs)!r}, 0)")
        tries(f"os.utime({str(theirs)!r}, (0, 0))")
        tries(f"os.close(os.open({str(theirs)!r}, os.O_RDONLY | os.O_TRUNC))")
        assert ("marks", 0o600) == (theirs.read_text(), theirs.stat().st_mode & 0o777)
        assert theirs.stat().st_mtime > 0

    def test_a_full_disk_is_its_own(self, tries: Tries) -> None:
        """Many files fill the child's private disk, and an error or the end comes of it."""
        fill = "for n in range(40): Path(f'f{n}').write_bytes(b'x' * 4_000_000); time.sleep(0.02)"
        with contextlib.suppress(ChannelError):  # without a private disk the watcher ends it
            assert tries(fill) in REFUSED

    def test_one_file_stays_small(self, tries: Tries) -> None:
        """A file larger than the limit is refused."""
        assert "OSError" == tries("Path('big').write_bytes(b'x' * 9_000_000)")


class TestDevices:
    def test_only_harmless_devices_are_there(self, tries: Tries, fence: str) -> None:
        """/dev holds null, zero, full, random, urandom and shared memory."""
        if fence not in NAMESPACES:
            assert "PermissionError" == tries("answer = os.listdir('/dev')")
        else:
            harmless = ["full", "null", "random", "shm", "urandom", "zero"]
            assert harmless == tries("answer = sorted(os.listdir('/dev'))")

    def test_the_disk_of_the_machine_cannot_be_opened(self, tries: Tries) -> None:
        """A device file can be neither found nor made."""
        assert tries("answer = open('/dev/vda', 'rb').read(1)") in REFUSED
        assert tries("answer = os.mknod('disk', 0o60600, os.makedev(254, 0))") in REFUSED

    def test_proc_shows_nothing(self, tries: Tries) -> None:
        """/proc is closed, or has nothing but the child's own list of libraries."""
        files = "answer = [os.path.join(w, n) for w, _, names in os.walk('/proc') for n in names]"
        assert tries(files) in ([], ["/proc/self/maps"])
        assert tries("answer = open('/proc/self/environ').read()") in REFUSED
