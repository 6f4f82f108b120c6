"""Behind a reverse proxy that shows the gallery at a sub-path, in a real browser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from served import ROOT, free_port

pytestmark = pytest.mark.ui
PATH = "/zoo"


class Proxy(BaseHTTPRequestHandler):
    """Hands on what is asked below the sub-path, and nothing else."""

    def do_GET(self) -> None:
        if not self.path.startswith(PATH):
            self.send_error(404)
            return
        size = int(self.headers.get("Content-Length", 0))
        kept = {key: value for key, value in self.headers.items() if key.lower() != "connection"}
        asked = Request(
            self.server.behind + self.path.removeprefix(PATH),  # type: ignore[attr-defined]
            self.rfile.read(size) if size else None,
            kept,
            method=self.command,
        )
        try:
            reply = urlopen(asked, timeout=60)
        except HTTPError as error:
            reply = error
        with reply:
            self.send_response(reply.status)
            for key, value in reply.headers.items():
                if key.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(key, value)
            self.end_headers()
            while piece := reply.read1(65536):
                self.wfile.write(piece)
                self.wfile.flush()

    do_POST = do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def proxied(shelf) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "app.py", "--bundles", str(shelf), "--port", str(port)]
    environment = os.environ | {"GRADIO_ROOT_PATH": PATH}
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    proxy.daemon_threads = True
    proxy.behind = f"http://127.0.0.1:{port}"  # type: ignore[attr-defined]
    thread = Thread(target=proxy.serve_forever, args=(0.02,))
    thread.start()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "is open at" in process.stdout.readline()
        yield f"http://127.0.0.1:{proxy.server_address[1]}{PATH}/"
        process.terminate()
        assert process.wait(60) == 0, "it did not leave in peace"
    proxy.shutdown()
    thread.join()
    proxy.server_close()


def test_the_gallery_works_at_a_sub_path_and_leaves_in_peace(browser, proxied):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(120_000)
    missed: list[str] = []
    page.on("response", lambda reply: missed.append(reply.url) if reply.status >= 400 else None)
    page.goto(proxied + "?view=sample&model=dcgan-mnist")
    page.wait_for_selector("#view-sample figure.large img")
    page.goto(proxied)
    page.wait_for_selector(".peep img")
    assert page.locator(".peep img").first.evaluate("img => img.decode().then(() => true)")
    assert [url for url in missed if "favicon" not in url] == []
    context.close()
