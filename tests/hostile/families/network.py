"""Work that calls home; the listener on the loopback must hear nothing."""

from tests.hostile.submission import ALL, Submission, right

SUBMISSIONS = tuple(
    Submission(f"calls {name}", right(after={"t1": source}), ALL)
    for name, source in {
        "a port of this machine": (
            "import socket\n"
            "for host in ('127.0.0.1', '::1', '0.0.0.0', 'localhost'):\n"
            "    try: socket.create_connection((host, @PORT@), timeout=1).send(b'HELLO')\n"
            "    except OSError: pass"
        ),
        "by datagram": (
            "import socket\nline = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
            "try: line.sendto(b'HELLO', ('127.0.0.1', @PORT@))\nexcept OSError: pass"
        ),
        "an abstract unix socket": (
            "import socket\nline = socket.socket(socket.AF_UNIX)\n"
            "try: line.connect('\\0hostile-@PORT@')\nexcept OSError: pass"
        ),
        "a web page": (
            "import urllib.request\n"
            "try: urllib.request.urlopen('http://127.0.0.1:@PORT@/?secret', timeout=1)\nexcept OSError: pass"
        ),
        "with raw and netlink sockets": (
            "import socket\n"
            "for family in (socket.AF_PACKET, socket.AF_NETLINK, 40, 38, 16):\n"
            "    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):\n"
            "        try: socket.socket(family, kind)\n        except OSError: pass\n"
            "        else: print('got', family)"
        ),
    }.items()
)  # fmt: skip
