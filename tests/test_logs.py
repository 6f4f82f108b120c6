"""What a server writes down: requests, and nothing of who asked."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

from ganzoo import logs
from ganzoo.gallery import server
from ganzoo.study.halls import Halls
from ganzoo.study.server import alone
from ganzoo.zoo import Zoo


def test_a_request_is_one_line_without_its_query(capsys):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 418, "headers": []})
        await send({"type": "http.response.body", "body": b"tea"})

    async def ask() -> list[dict]:
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/health", "query_string": b"who=me"}
        await logs.Log(app)(scope, None, send)
        return sent

    with ThreadPoolExecutor(1) as elsewhere:  # a browser's loop may be running here
        sent = elsewhere.submit(lambda: asyncio.run(ask())).result()
    assert sent[-1]["type"] == "http.response.body"
    line = json.loads(capsys.readouterr().err)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/health", 418)
    assert "me" not in line["path"]
    assert set(line) == {"time", "method", "path", "status", "ms"}


def test_it_is_written_only_when_asked_for(tmp_path, monkeypatch):
    for value, count in (("", 0), ("json", 1)):
        monkeypatch.setenv("GANZOO_LOG", value)
        gallery = server.settings(Zoo([tmp_path]), {})["middleware"]
        for used in (gallery, alone(Halls([tmp_path])).user_middleware):
            assert [one.cls for one in used].count(logs.Log) == count


def test_a_participant_is_not_named_by_the_pictures_they_see():
    assert logs._public("/study/faces/picture/a1b2/3/0/c4d5") == "/study/faces/picture"
    assert logs._public("/study/faces/answer") == "/study/faces/answer"
