"""A private data set on the Hub to which files are added, and from which nothing is lost silently.

append ──▶ one commit of one new file        rewrite ──▶ files replaced, the history squashed
"""

from collections.abc import Mapping

from ganzoo.errors import HubError
from ganzoo.hub.client import client, patiently, plain_errors
from ganzoo.hub.ref import repository

BRANCH = "main"


class Ledger:
    """The files below one folder of a data set.

    Args:
        name: ``user/name`` of the data set; it is made, private, where there is none.

    Raises:
        HubError: if the name is malformed.
    """

    def __init__(self, name: str, folder: str) -> None:
        ref = repository(name)
        if ref.pinned:
            raise HubError(f"a data set is written at its latest revision; got {name!r}")
        self.repo, self.folder = ref.repo, folder
        self._hub = client()

    def open(self) -> dict[str, bytes]:
        """Every file by its path, in the order of their names.

        Raises:
            HubError: if the Hub refuses or is out of reach, or everybody can read the data set.
        """
        hub, repo = self._hub, self.repo
        with plain_errors(repo, doing="write"):
            patiently(
                lambda: hub.create_repo(repo, repo_type="dataset", private=True, exist_ok=True)
            )
            found = patiently(lambda: hub.dataset_info(repo))
        if not found.private:
            raise HubError(f"everybody can read the data set {self.repo}: make it private first")
        names = sorted(file.rfilename for file in found.siblings or ())
        mine = [name for name in names if name.startswith(f"{self.folder}/")]
        return {name: self._read(name, found.sha or BRANCH) for name in mine}

    def read(self, path: str) -> bytes:
        """One file as it is now.

        Raises:
            HubError: if it cannot be read.
        """
        return self._read(path, BRANCH)

    def _read(self, path: str, revision: str) -> bytes:
        from pathlib import Path

        with plain_errors(self.repo):
            got = patiently(
                lambda: self._hub.hf_hub_download(
                    self.repo, path, repo_type="dataset", revision=revision
                )
            )
        return Path(got).read_bytes()

    def append(self, path: str, content: bytes) -> None:
        """Adds a file; when this returns, it is there.

        Raises:
            HubError: if it could not be sent; sending it again is safe.
        """
        self._commit({path: content}, f"Add {path}")

    def rewrite(self, files: Mapping[str, bytes]) -> None:
        """Replaces files, and forgets what they were before.

        Raises:
            HubError: if that failed; doing it again is safe.
        """
        self._commit(files, "Forget what was asked to be forgotten")
        with plain_errors(self.repo, doing="write"):
            patiently(
                lambda: self._hub.super_squash_history(
                    self.repo, repo_type="dataset", branch=BRANCH
                )
            )

    def _commit(self, files: Mapping[str, bytes], message: str) -> None:
        from huggingface_hub import CommitOperationAdd

        with plain_errors(self.repo, doing="write"):
            patiently(
                lambda: self._hub.create_commit(
                    self.repo,
                    [CommitOperationAdd(path, content) for path, content in files.items()],
                    repo_type="dataset", commit_message=message,
                )
            )  # fmt: skip
