"""Which powers a child has, asserted from inside: none."""

import os
import platform
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.conftest import NAMESPACES, REFUSED

Tries = Callable[[str], Any]
PRIVATE_ENVIRONMENT = {
    "HOME",
    "USER",
    "LANG",
    "PATH",
    "MPLBACKEND",
    "JOBLIB_MULTIPROCESSING",
    "PYTHONDONTWRITEBYTECODE",
    "TMPDIR",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
    "MALLOC_TOP_PAD_",
}
x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86_64")


class TestIdentity:
    def test_nothing_of_the_environment_comes_along(self, tries: Tries) -> None:
        """The instructor's variables are not there, nor in libc's own copy."""
        names = {
            name for name in tries("answer = list(os.environ)") if not name.endswith("_NUM_THREADS")
        }
        assert set() == names - PRIVATE_ENVIRONMENT
        assert None is tries("ctypes.pythonapi; answer = os.getenv('INSTRUCTOR_TOKEN')")

    def test_it_has_no_capability(self, tries: Tries, fence: str) -> None:
        """None is held, and with namespaces none can be had: the bounding set is empty too."""
        held = (
            "head = (ctypes.c_uint32 * 2)(0x20080522, 0); sets = (ctypes.c_uint32 * 6)();"
            "ctypes.CDLL(None).capget(head, sets);"
            "answer = [*sets] + [ctypes.CDLL(None).prctl(23, n, 0, 0, 0) for n in range(41)]"
        )
        seen = 47 if fence in NAMESPACES else 6
        assert [0] * seen == tries(held)[:seen]

    def test_no_program_gives_it_more(self, tries: Tries) -> None:
        """Set-user-id programs gain nothing: no_new_privs is set, and a filter is on."""
        assert [1, 2] == tries(
            "answer = [ctypes.CDLL(None).prctl(n, 0, 0, 0, 0) for n in (39, 21)]"
        )
        started = tries(
            "answer = subprocess.run(['/usr/bin/su', '-c', 'id'], capture_output=True).returncode"
        )
        assert started == "PermissionError" or started != 0

    def test_it_is_an_ordinary_user(self, tries: Tries, fence: str) -> None:
        """Inside, it is user 1000 of group 1000; it cannot become root."""
        if fence in NAMESPACES:
            assert (1000, 1000, 1000) == tries("answer = os.getuid(), os.geteuid(), os.getgid()")
            assert tries("os.setuid(0)") in REFUSED

    def test_it_has_one_descriptor_of_ours(self, tries: Tries) -> None:
        """Beside /dev/null three times, only its own channel is open."""
        look = (
            "answer = []\nfor n in range(256):\n"
            " try: os.fstat(n); answer.append(n)\n except OSError: pass\n"
            "answer = (len(answer), channel.line.fileno() in answer)"
        )
        assert (4, True) == tries(look)


@x86
class TestCallsOfTheKernel:
    @pytest.mark.parametrize(
        ("name", "number", "arguments"),
        [
            ("unshare a user namespace", 272, "0x10000000"),
            ("clone into namespaces", 56, "0x10000000 | 17, 0, 0, 0, 0"),
            ("clone by setting bits of several", 56, "0x20000 | 0x20000000 | 17, 0, 0, 0, 0"),
            ("setns", 308, "3, 0"),
            ("mount", 165, "b'none', b'/tmp', b'tmpfs', 0, 0"),
            ("umount2", 166, "b'/dev/shm', 2"),
            ("pivot_root", 155, "b'.', b'.'"),
            ("chroot", 161, "b'.'"),
            ("open_tree", 428, "-100, b'/', 1"),
            ("fsopen", 430, "b'tmpfs', 0"),
            ("ptrace", 101, "16, 1, 0, 0"),
            ("process_vm_readv", 310, "1, 0, 0, 0, 0, 0"),
            ("memfd_create", 319, "b'x', 0"),
            ("bpf", 321, "0, 0, 0"),
            ("perf_event_open", 298, "0, 0, -1, -1, 0"),
            ("keyctl", 250, "0, -3, 0"),
            ("add_key", 248, "b'user', b'x', b'y', 1, -2"),
            ("userfaultfd", 323, "0"),
            ("io_uring_setup", 425, "1, 0"),
            ("kexec_load", 246, "0, 0, 0, 0"),
            ("init_module", 175, "0, 0, b''"),
            ("inotify_add_watch", 254, "0, b'/usr', 1"),
            ("a notice when others open a file", 72, "0, 1026, 1"),
            ("shmget", 29, "0, 4096, 0o1600"),
            ("pidfd_getfd", 438, "3, 0, 0"),
            ("a session, and so a share of the CPU, of one's own", 112, ""),
            ("prctl of dying with the parent", 157, "1, 0, 0, 0, 0"),
        ],
    )
    def test_call_is_refused(self, tries: Tries, name: str, number: int, arguments: str) -> None:
        """A call that could open a way out is refused by the filter, before it is looked at."""
        assert "Operation not permitted" == tries(f"answer = syscall({number}, {arguments})"), name

    def test_clone3_does_not_exist(self, tries: Tries) -> None:
        """clone3 hides its flags from the filter: it is said not to exist, so libc uses clone."""
        assert "Function not implemented" == tries("answer = syscall(435, 0, 0)")

    def test_the_other_numbers_do_not_exist(self, tries: Tries) -> None:
        """The same calls under the numbers of x32 do not go round the filter."""
        assert "Function not implemented" == tries("answer = syscall(0x40000000 + 272, 0x10000000)")

    def test_threads_and_programs_still_work(self, tries: Tries) -> None:
        """Ordinary work is not hindered: threads, subprocesses, temporary files."""
        work = (
            "import threading, tempfile; seen = []; t = threading.Thread(target=seen.append, args=[1]);"
            "t.start(); t.join(); tempfile.TemporaryFile().write(b'x');"
            "answer = seen, subprocess.run(['/bin/echo', 'hello'], capture_output=True).stdout"
        )
        assert ([1], b"hello\n") == tries(work)


class TestNetwork:
    def test_a_listener_on_this_machine_hears_nothing(self, tries: Tries) -> None:
        """The host's 127.0.0.1 is not the child's."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(0.3)
            port = listener.getsockname()[1]
            call = f"import socket; answer = socket.create_connection(('127.0.0.1', {port}), 2)"
            assert tries(call) in REFUSED
            with pytest.raises(TimeoutError):
                listener.accept()

    def test_a_local_socket_of_this_machine_cannot_be_reached(
        self, tries: Tries, tmp_path: object
    ) -> None:
        """Neither a socket in a folder nor one without a name can be reached."""
        name = f"\0grader-test-{os.getpid()}"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(name)
            listener.listen()
            call = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect({name!r})"
            assert tries(call) in REFUSED

    @pytest.mark.parametrize(
        ("family", "kind"), [(1, 1), (2, 1), (16, 3), (17, 3), (38, 5), (40, 1)]
    )
    def test_no_socket_can_be_made_but_a_pair(self, tries: Tries, family: int, kind: int) -> None:
        """Some kinds know no namespace, and one that listens keeps what nobody is charged for."""
        assert tries(f"import socket; answer = socket.socket({family}, {kind}).fileno()") in REFUSED
