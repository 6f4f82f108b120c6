"""A Hub on the loopback interface, just large enough for the real client to read and write there.

Repositories with commits and branches, large files apart behind a redirect, ranges, tokens, the
metadata check of cards, searching; and lines that are slow, break, or answer with an error.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep  # bound here: tests let the client itself wait for nothing
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from huggingface_hub import ModelCard
from huggingface_hub.utils import sha

COMMIT = "c0ffee" + "0" * 34
BIG = (".safetensors", ".pkl", ".bin", ".pth", ".webp", ".png")  # stored apart, as on the real Hub
KINDS = ("models", "spaces", "datasets")


@dataclass
class Repo:
    """What the Hub knows of one repository.

    Attributes:
        files: by path, as they are now on every branch.
        refuses: status and error code with which everything is answered, if any.
        sizes: sizes to claim instead of the true ones.
        past: files by the commits that are no longer the latest.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    revisions: tuple[str, ...] = ("main", COMMIT)
    refuses: tuple[int, str] | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    commit: str = COMMIT
    private: bool = False
    sdk: str | None = None
    past: dict[str, dict[str, bytes]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

    def at(self, revision: str) -> dict[str, bytes]:
        return self.past.get(revision, self.files)

    def move_on(self, files: dict[str, bytes], message: str) -> None:
        """A new commit; every branch follows."""
        self.past[self.commit] = dict(self.files)
        text = self.commit + "".join(f"{path}{hash(files[path])}" for path in sorted(files))
        self.files, self.commit = files, hashlib.sha1(text.encode()).hexdigest()
        self.revisions += (self.commit,)
        self.messages.append(message)


@dataclass
class Fault:
    """What goes wrong when a path is asked for, so many times.

    Attributes:
        cut: close the line after so many bytes of the answer.
        pause: seconds between its pieces of a kilobyte.
        status: answer with this instead.
    """

    path: str
    times: int = 1
    cut: int | None = None
    pause: float = 0.0
    status: int | None = None


@dataclass
class Hub:
    """Attributes: token: whoever writes must show it; stored: large files by their SHA-256."""

    address: str
    repos: dict[str, Repo] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    stored: dict[str, bytes] = field(default_factory=dict)
    token: str = "hf_loopback"

    def fault(self, path: str) -> Fault | None:
        """Uses up one occasion."""
        found = next((f for f in self.faults if f.times > 0 and f.path in path), None)
        if found:
            found.times -= 1
        return found


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
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> Hub:
        return self.server.hub  # type: ignore[attr-defined]

    # -- reading ------------------------------------------------------------------------------

    def do_GET(self) -> None:
        hub, url = self.hub, urlsplit(self.path)
        hub.asked.append(self.path)
        if (fault := hub.fault(self.path)) and fault.status:
            self._answer(fault.status)
            return
        match url.path.strip("/").split("/"):
            case ["api", "models"]:
                self._search(parse_qs(url.query))
            case ["api", kind, user, name, *rest] if kind in KINDS:
                self._describe(hub.repos.get(_key(kind, user, name)), rest)
            case [kind, user, name, "resolve", revision, *path] if kind in KINDS:
                self._hand_over(_key(kind, user, name), unquote(revision), path, fault)
            case [user, name, "resolve", revision, *path]:
                self._hand_over(f"{user}/{name}", unquote(revision), path, fault)
            case ["stored", name]:
                self._answer(200, hub.stored[name], fault=fault)
            case _:
                self._answer(404)

    do_HEAD = do_GET  # noqa: N815

    def _search(self, query: dict[str, list[str]]) -> None:
        wanted, word = set(query.get("filter", [])), query.get("search", [""])[0]
        found = []
        for name, repo in self.hub.repos.items():
            if repo.refuses or repo.private or name.startswith(KINDS) or word not in name:
                continue
            data = ModelCard(repo.files.get("README.md", b"").decode()).data
            tags = [*(data.get("tags") or []), data.get("library_name")]
            if wanted <= set(tags):
                found.append({
                    "id": name, "sha": repo.commit, "tags": tags, "downloads": 7, "likes": 1,
                    "pipeline_tag": data.get("pipeline_tag"), "lastModified": "2030-01-02T03:04:05.000Z",
                })  # fmt: skip
        self._json(found[: int(query.get("limit", ["100"])[0])])

    def _describe(self, repo: Repo | None, rest: list[str]) -> None:
        if rest and rest[0].startswith("xet-"):
            self._answer(404)
        elif self._refused(repo, unquote(rest[1]) if len(rest) > 1 else "main") or repo is None:
            return
        elif rest and rest[0] == "tree":
            self._json([{"type": "file", "path": path, **_blob(repo, path)} for path in repo.files])
        else:
            revision = unquote(rest[1]) if len(rest) > 1 else "main"
            commit = revision if revision in repo.past else repo.commit
            files = [
                {"rfilename": path, **_blob(repo, path, content)}
                for path, content in repo.at(commit).items()
            ]
            known = {"id": "a/b", "sha": commit, "private": repo.private, "tags": []}
            self._json({**known, "siblings": files})

    def _hand_over(self, name: str, revision: str, path: list[str], fault: Fault | None) -> None:
        repo = self.hub.repos.get(name)
        if self._refused(repo, revision) or repo is None:
            return
        content = repo.at(revision).get("/".join(path))
        if content is None:
            self._answer(404, headers={"X-Error-Code": "EntryNotFound"})
            return
        commit = revision if revision in repo.past else repo.commit
        headers = {"X-Repo-Commit": commit, "ETag": f'"{sha.git_hash(content)}"'}
        if not path[-1].endswith(BIG):
            self._answer(200, content, headers, fault)
            return
        key = hashlib.sha256(content).hexdigest()
        self.hub.stored[key] = content
        headers |= {
            "X-Linked-Etag": f'"{key}"',
            "X-Linked-Size": str(len(content)),
            "Location": f"{self.hub.address.replace('127.0.0.1', 'localhost')}/stored/{key}",
        }
        self._answer(302, b"", headers)

    def _refused(self, repo: Repo | None, revision: str) -> bool:
        if repo is None or (repo.private and not self._trusted()):
            self._answer(404, headers={"X-Error-Code": "RepoNotFound"})
        elif repo.refuses:
            status, code = repo.refuses
            self._answer(status, headers={"X-Error-Code": code} if code else {})
        elif revision not in repo.revisions:
            self._answer(404, headers={"X-Error-Code": "RevisionNotFound"})
        else:
            return False
        return True

    def _trusted(self) -> bool:
        return self.headers.get("authorization") == f"Bearer {self.hub.token}"

    # -- writing ------------------------------------------------------------------------------

    def do_POST(self) -> None:  # noqa: C901 - a table of addresses
        hub, body = self.hub, self._body()
        hub.asked.append(f"POST {self.path}")
        if (fault := hub.fault(self.path)) and fault.status:
            self._answer(fault.status)
            return
        match urlsplit(self.path).path.strip("/").split("/"):
            case ["api", "validate-yaml"]:
                self._validate(json.loads(body)["content"])
            case ["api", "repos", "create"]:
                self._create(json.loads(body))
            case [*_, "info", "lfs", "objects", "batch"]:
                self._batch(json.loads(body))
            case ["api", "spaces", user, name, "variables"]:
                told = json.loads(body)
                hub.repos[f"spaces/{user}/{name}"].variables[told["key"]] = told["value"]
                self._json({})
            case ["api", kind, user, name, "super-squash", _]:
                hub.repos[_key(kind, user, name)].past.clear()
                self._json({})
            case ["api", kind, user, name, "branch", branch]:
                hub.repos[_key(kind, user, name)].revisions += (unquote(branch),)
                self._json({})
            case ["api", kind, user, name, "preupload", _]:
                self._preupload(hub.repos.get(_key(kind, user, name)), json.loads(body))
            case ["api", kind, user, name, "commit", _]:
                self._commit(hub.repos.get(_key(kind, user, name)), f"{user}/{name}", body)
            case _:
                self._answer(404)

    def do_PUT(self) -> None:
        self.hub.asked.append(f"PUT {self.path}")
        content, fault = self._body(), self.hub.fault(self.path)
        if fault:
            self._answer(fault.status or 500)
            return
        key = self.path.rpartition("/")[2]
        assert hashlib.sha256(content).hexdigest() == key
        self.hub.stored[key] = content
        self._answer(200)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _validate(self, content: str) -> None:
        try:
            data = ModelCard(content).data
            problem = "" if data.get("license") or data.get("sdk") else "license is missing"
        except ValueError as error:
            problem = str(error)
        errors = [{"message": problem}] if problem else []
        self._json({"errors": errors, "warnings": []}, 400 if problem else 200)

    def _create(self, asked: dict[str, Any]) -> None:
        name = f"{asked['organization']}/{asked['name']}"
        key = _key(f"{asked.get('type', 'model')}s", *name.split("/"))
        if not self._trusted():
            self._answer(401)
        elif asked["organization"] != "me":
            self._answer(403)
        elif key in self.hub.repos:
            self._json({"url": f"{self.hub.address}/{key}"}, 409)
        else:
            private = asked.get("visibility") == "private"
            self.hub.repos[key] = Repo(
                {".gitattributes": b"*.safetensors filter=lfs\n"},
                private=private,
                sdk=asked.get("sdk"),
            )
            self._json({"url": f"{self.hub.address}/{key}"})

    def _preupload(self, repo: Repo | None, asked: dict[str, Any]) -> None:
        if self._refused(repo, "main") or repo is None:
            return
        if not self._trusted():
            self._answer(403)
            return
        self._json({"files": [
            {"path": one["path"], "shouldIgnore": False,
             "uploadMode": "lfs" if one["path"].endswith(BIG) else "regular"}
            for one in asked["files"]
        ]})  # fmt: skip

    def _batch(self, asked: dict[str, Any]) -> None:
        objects = []
        for one in asked["objects"]:
            href = f"{self.hub.address}/upload/{one['oid']}"
            has = one["oid"] in self.hub.stored
            objects.append(one if has else {**one, "actions": {"upload": {"href": href}}})
        self._json({"transfer": "basic", "objects": objects})

    def _commit(self, repo: Repo | None, name: str, body: bytes) -> None:
        if repo is None or not self._trusted():
            self._answer(404 if repo is None else 403)
            return
        files, message = dict(repo.files), ""
        for line in map(json.loads, body.splitlines()):
            match line["key"], line["value"]:
                case "header", header:
                    message = header["summary"]
                    if header.get("parentCommit", repo.commit) != repo.commit:
                        self._answer(412)
                        return
                case "file", one:
                    files[one["path"]] = base64.b64decode(one["content"])
                case "lfsFile", one:
                    files[one["path"]] = self.hub.stored[one["oid"]]
                case "deletedFile", one:
                    del files[one["path"]]
        repo.move_on(files, message)
        url = f"{self.hub.address}/{name}/commit/{repo.commit}"
        self._json({"success": True, "commitOid": repo.commit, "commitUrl": url})

    # -- answering ----------------------------------------------------------------------------

    def _json(self, content: object, status: int = 200) -> None:
        self._answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(
        self,
        status: int,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
        fault: Fault | None = None,
    ) -> None:
        headers = dict(headers or {})
        if (asked := self.headers.get("Range")) and status == 200:
            first = int(asked.removeprefix("bytes=").split("-")[0])
            self.hub.ranges.append(asked)
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
            status, content = 206, content[first:]
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write(content, fault)

    def _write(self, content: bytes, fault: Fault | None) -> None:
        if fault is None:
            self.wfile.write(content)
            return
        content = content if fault.cut is None else content[: fault.cut]
        for start in range(0, len(content), 1024):
            self.wfile.write(content[start : start + 1024])
            sleep(fault.pause)
        self.close_connection = fault.cut is not None

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


def _key(kind: str, user: str, name: str) -> str:
    return f"{user}/{name}" if kind == "models" else f"{kind}/{user}/{name}"


def _blob(repo: Repo, path: str, content: bytes | None = None) -> dict[str, object]:
    content = repo.files[path] if content is None else content
    size = repo.sizes.get(path, len(content))
    git = sha.git_hash(content)
    described: dict[str, object] = {"size": size, "oid": git, "blobId": git}
    if path.endswith(BIG):
        key = hashlib.sha256(content).hexdigest()
        described["lfs"] = {"oid": key, "sha256": key, "size": size, "pointerSize": 134}
    return described
