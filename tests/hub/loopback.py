"""A Hub on the loopback interface, just large enough for the real client to download from it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

COMMIT = "c0ffee" + "0" * 34
BIG = ".safetensors"  # such files lie behind a redirect, as on the real Hub


@dataclass
class Repo:
    """What the Hub knows of one model.

    Attributes:
        files: by path; those that end in ``.safetensors`` are stored apart (LFS).
        refuses: status and error code with which everything is answered, if any.
        sizes: sizes to claim instead of the true ones.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    revisions: tuple[str, ...] = ("main", COMMIT)
    refuses: tuple[int, str] | None = None
    sizes: dict[str, int] = field(default_factory=dict)


@dataclass
class Hub:
    address: str
    repos: dict[str, Repo] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Hub]:
    """A Hub that lives as long as the context."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    hub = Hub(f"http://127.0.0.1:{server.server_address[1]}")
    server.hub = hub  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        hub: Hub = self.server.hub  # type: ignore[attr-defined]
        hub.asked.append(self.path)
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["api", "models", user, name, *rest]:
                self._describe(hub.repos.get(f"{user}/{name}"), rest)
            case [user, name, "resolve", revision, *path]:
                self._hand_over(hub, f"{user}/{name}", revision, "/".join(path))
            case ["stored", user, name, *path]:
                self._answer(200, hub.repos[f"{user}/{name}"].files["/".join(path)])
            case _:
                self._answer(404)

    do_HEAD = do_GET  # noqa: N815

    def _describe(self, repo: Repo | None, rest: list[str]) -> None:
        if self._refused(repo, rest[1] if rest else "main") or repo is None:
            return
        if rest and rest[0] == "tree":
            self._json([{"type": "file", "path": path, **_blob(repo, path)} for path in repo.files])
        else:
            files = [{"rfilename": path, **_blob(repo, path)} for path in repo.files]
            self._json({"id": "a/b", "sha": COMMIT, "siblings": files})

    def _hand_over(self, hub: Hub, name: str, revision: str, path: str) -> None:
        repo = hub.repos.get(name)
        if self._refused(repo, revision) or repo is None:
            return
        content = repo.files[path]
        headers = {"X-Repo-Commit": COMMIT, "ETag": f'"{hashlib.sha1(content).hexdigest()}"'}
        if not path.endswith(BIG):
            self._answer(200, content, headers)
            return
        headers |= {
            "X-Linked-Etag": f'"{hashlib.sha256(content).hexdigest()}"',
            "X-Linked-Size": str(len(content)),
            "Location": f"{hub.address.replace('127.0.0.1', 'localhost')}/stored/{name}/{path}",
        }
        self._answer(302, b"", headers)

    def _refused(self, repo: Repo | None, revision: str) -> bool:
        if repo is None:
            self._answer(404, headers={"X-Error-Code": "RepoNotFound"})
        elif repo.refuses:
            status, code = repo.refuses
            self._answer(status, headers={"X-Error-Code": code} if code else {})
        elif revision not in repo.revisions:
            self._answer(404, headers={"X-Error-Code": "RevisionNotFound"})
        else:
            return False
        return True

    def _json(self, content: object) -> None:
        self._answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(
        self, status: int, content: bytes = b"", headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for key, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


def _blob(repo: Repo, path: str) -> dict[str, object]:
    content = repo.files[path]
    size = repo.sizes.get(path, len(content))
    described: dict[str, object] = {
        "size": size,
        "oid": hashlib.sha1(content).hexdigest(),
        "blobId": hashlib.sha1(content).hexdigest(),
    }
    if path.endswith(BIG):
        sha = hashlib.sha256(content).hexdigest()
        described["lfs"] = {"oid": sha, "sha256": sha, "size": size, "pointerSize": 134}
    return described
