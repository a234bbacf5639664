"""Has Potato serve the project that Goldbook made of a rubric, answers it over HTTP as its page does, and exports the answers
with its own command: make_potato.py FOLDER. `tests/tools potato` runs this with the pinned Potato, on the loopback.

Out: potato.jsonl, with its lines sorted.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

import requests
import yaml

HERE, FOLDER = pathlib.Path(__file__).parent, pathlib.Path(sys.argv[1])
STEPS = ["Start the server.", "I start it. It says: port <b>in use</b>.", "The server runs."]
RUN = [{"speaker": "agent" if number > 1 else "user", "text": text, "step_id": number} for number, text in enumerate(STEPS, 1)]


def chosen(name, *values):
    return {f"{name}:{value}": value for value in values}


def at_turns(name, kind, turns):
    turns = {turn: {"values" if kind == "multiselect" else "value": said, "speaker": "agent"} for turn, said in turns.items()}
    return {f"{name}:::_data": json.dumps({"v": 1, "schema_type": kind, "turns": turns})}


def answers(receipt):
    read = chosen("text_version", receipt)
    return {
        ("ann", "run-3"): chosen("reached", "unsure") | chosen("severity", "2") | chosen("causes", 'the "prompt": # 1', "no's")
        | {"minutes:number": "12.5", "run:text_box": 'It says "runs": no.\nIt does not.'}
        | at_turns("mistakes", "multiselect", {"2": ["ignored-error"], "3": ["false-claim"]})
        | at_turns("mistakes__origin", "radio", {"3": "real"}) | read,
        ("ben", "run-3"): chosen("reached", "I am unsure") | chosen("severity", "1") | chosen("causes", "Nothing of it")
        | chosen("minutes-other", "Unsure") | chosen("mistakes-other", "Nothing of it") | read,
        ("ann", "run-5"): chosen("reached", "yes") | chosen("severity", "3") | chosen("causes", "Unsure")
        | {"minutes:number": "0"} | chosen("mistakes-other", "Unsure") | read,
    }


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answer(url, config):
    [receipt] = [label["name"] for scheme in config["annotation_schemes"] if scheme["name"] == "text_version" for label in scheme["labels"]]
    sessions = {}
    for (user, item), said in answers(receipt).items():
        if user not in sessions:
            sessions[user] = requests.Session()
            sessions[user].post(f"{url}/auth", data={"email": user, "action": "login"}).raise_for_status()
        page = sessions[user].get(f"{url}/annotate").text
        missing = [name for name in {key.split(":")[0] for key in said} if f'"{name}"' not in page]
        if missing or page.count('data-turn-id="3"') == 0 or "port &lt;b&gt;" not in page:
            sys.exit(f"the page does not ask {missing}, has no step 3, or does not show the run")
        shown = re.search(r'id="instance_id"[^>]*value="([^"/]*)', page)[1]
        if shown != item:
            sys.exit(f"{user} is shown {shown} and not {item}")
        sent = {"instance_id": item, "annotations": said, "span_annotations": []}
        made = sessions[user].post(f"{url}/updateinstance", json=sent)
        if made.json().get("status") != "success":
            sys.exit(f"{item}, {user}: {made.text}")
        sessions[user].post(f"{url}/annotate", json={"action": "next_instance", "instance_id": item}).raise_for_status()


def main():
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        made = (HERE / "potato.config.yaml").read_text()
        (project / "config.yaml").write_text(made + "require_password: false\n")
        lines = [json.dumps({"item": item, "run": RUN}) for item in ("run-3", "run-5")]
        (project / "items.jsonl").write_text("\n".join(lines) + "\n")
        port = free_port()
        potato = [sys.executable, "-m", "potato", "start", "config.yaml", "-p", str(port)]
        log = open(project / "log", "w")
        server = subprocess.Popen(potato, cwd=project, stdout=log, stderr=log)
        try:
            for _ in range(300):
                try:
                    requests.get(f"http://127.0.0.1:{port}/")
                    break
                except requests.ConnectionError:
                    if server.poll() is not None:
                        sys.exit((project / "log").read_text())
                    time.sleep(0.2)
            answer(f"http://127.0.0.1:{port}", yaml.safe_load((project / "config.yaml").read_text()))
        finally:
            server.terminate()
            server.wait()
        export = [sys.executable, "-m", "potato.export", "-c", "config.yaml", "-f", "jsonl", "-o", folder]
        subprocess.run(export, cwd=project, check=True, capture_output=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        exported = sorted((project / "annotations.jsonl").read_text().splitlines(keepends=True))
        (FOLDER / "potato.jsonl").write_text("".join(exported))


main()
