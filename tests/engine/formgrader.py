"""A person before formgrader: its pages and buttons, over REST, on a Jupyter server of the test's own."""

import contextlib
import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Formgrader:
    """Be the person before formgrader's pages, at the *address* of their Jupyter server."""

    address: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def reads(self, path: str) -> str:
        """Open a page, or an answer of the API."""
        return self._ask(urllib.request.Request(f"{self.address}/formgrader{path}"))

    def presses(self, path: str) -> dict[str, Any]:
        """Press a button: what its page sends, and the answer it shows."""
        self.reads("/api/status")  # gives the cookie that a button needs
        token = next(c.value for c in self.cookies if c.name == "_xsrf")
        request = urllib.request.Request(f"{self.address}/formgrader/api{path}", method="POST")
        request.add_header("X-XSRFToken", str(token))
        return dict(json.loads(self._ask(request)))

    def is_there(self) -> bool:
        try:
            return bool(self.reads("/api/status"))
        except urllib.error.URLError:
            return False

    def _ask(self, request: urllib.request.Request) -> str:
        request.add_header("Authorization", "token test")
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        with opener.open(request, timeout=300) as answer:
            return str(answer.read().decode())


@contextlib.contextmanager
def formgrader_in(folder: Path, **env: str) -> Iterator[Formgrader]:
    """Start a Jupyter server with formgrader in *folder*, on this machine only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=test"),
    ]
    server = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    formgrader = Formgrader(f"http://127.0.0.1:{port}")
    try:
        for _ in range(600):
            if server.poll() is not None or formgrader.is_there():
                break
            time.sleep(0.1)
        yield formgrader
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
