"""Has Argilla load the form that Goldbook made of a rubric, answers it as its page does, and exports the records with its
SDK: make_argilla.py FOLDER. `tests/tools argilla` runs this with the pinned server and SDK.

The server is the real one, with its database, its checks and its API, on the loopback. What stands in for the search engine
finds nothing, and the queue of jobs is in memory: no rating goes through either.
Out: argilla.json, with keys sorted; the ids that the server makes up for records are numbers in it.
"""

import asyncio
import json
import os
import pathlib
import sys
import tempfile
import threading
import time
import uuid

HERE, FOLDER = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
HOME = tempfile.TemporaryDirectory()
KEY = "owner.key"
os.environ.update(
    ARGILLA_HOME_PATH=HOME.name, ARGILLA_SEARCH_ENGINE="nothing", ARGILLA_ENABLE_TELEMETRY="0", HF_HUB_OFFLINE="1"
)

import fakeredis
import redis

redis.from_url = lambda *_, **__: fakeredis.FakeRedis()

import argilla as rg
import httpx
import uvicorn
from argilla.records._io._generic import GenericIO
from argilla_server.cli.database.migrate import migrate_db
from argilla_server.cli.database.users.create_default import create_default
from argilla_server.search_engine.base import SearchEngine


@SearchEngine.register("nothing")
class FindsNothing(SearchEngine):
    @classmethod
    async def new_instance(cls):
        return cls()

    async def ping(self):
        return True


async def nothing(self, *_, **__):
    return {}


for name in FindsNothing.__abstractmethods__:
    setattr(FindsNothing, name, nothing)
FindsNothing.__abstractmethods__ = frozenset()

RUN = """[step 1] user
Start the server.
[step 2] agent
I start it. It says: port in use.
[step 3] agent
The server runs.
"""


def spans(*marks):
    return [dict(start=RUN.index(text), end=RUN.index(text) + len(text), label=label) for text, label in marks]


ANSWERS = {
    "run-3": [
        ("ann", "submitted", {
            "reached": "unsure", "severity": "2", "causes": ['the "prompt": # 1', "no's"], "minutes": "12.5",
            "mistakes": spans(
                ("The server runs.", "false-claim; origin: real"), ("port in use", "ignored-error; origin: spurious"),
                ("in use", "false-claim; origin: real"),
            ),
            "run": 'It says "runs": no.\nIt does not.',
        }),
        ("ben", "submitted", {
            "reached": "I am unsure", "severity": "1", "causes": ["Nothing of it"], "minutes": "Unsure", "mistakes": [],
        }),
    ],
    "run-5": [
        ("ann", "submitted", {
            "reached": "yes", "severity": "3", "causes": ["Unsure"], "minutes": "0", "mistakes": [],
            "mistakes-other": "Unsure",
        }),
        ("ben", "draft", {"reached": "no"}),
    ],
}


def serve():
    server = uvicorn.Server(uvicorn.Config("argilla_server:app", host="127.0.0.1", port=0, log_level="error"))
    threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


def main():
    migrate_db("head")
    create_default(api_key=KEY, password="12345678", quiet=True)
    url = serve()
    client = rg.Argilla(api_url=url, api_key=KEY)
    users = {}
    for number, name in enumerate(["ann", "ben"], 1):
        user = dict(id=str(uuid.UUID(int=number << 64 | 4 << 76)), first_name=name, username=name, password="12345678", role="owner")
        made = httpx.post(f"{url}/api/v1/users", json=user, headers={"X-Argilla-Api-Key": KEY})
        made.raise_for_status()
        users[name] = made.json()["api_key"]

    settings = rg.Settings.from_json(HERE / "argilla.settings.json")
    dataset = rg.Dataset(name="check-run", workspace="argilla", settings=settings, client=client)
    dataset.create()
    [receipt] = settings.metadata["text_version"].options
    dataset.records.log([
        rg.Record(id=item, fields={"run_text": RUN}, metadata={"text_version": receipt}) for item in ANSWERS
    ])
    try:
        dataset.records.log([rg.Record(id="other", fields={"run_text": RUN}, metadata={"text_version": "1.0.0+other"})])
    except Exception as error:
        print("a record of another text is refused:", type(error).__name__)
    else:
        sys.exit("a record of another text was taken")

    records = {record.id: record for record in dataset.records}
    for item, answers in ANSWERS.items():
        for user, status, values in answers:
            answer = {"status": status, "values": {name: {"value": value} for name, value in values.items()}}
            place = f"{url}/api/v1/records/{records[item]._server_id}/responses"
            made = httpx.post(place, json=answer, headers={"X-Argilla-Api-Key": users[user]})
            if made.status_code != 201:
                sys.exit(f"{item}, {user}: {made.text}")

    exported = sorted(dataset.records(with_responses=True).to_list(flatten=True), key=lambda record: record["id"])
    text = json.dumps(exported, indent=1, sort_keys=True)
    for number, record in enumerate(exported, 1):
        text = text.replace(record["_server_id"], str(uuid.UUID(int=number)))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "argilla.json").write_text(text + "\n")


main()
