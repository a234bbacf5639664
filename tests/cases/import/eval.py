"""Makes the `.eval` archives of the cases beside this file. What they hold is made up.

Needs Python 3.14 (zstd in `zipfile`), or an earlier one with the package `zipfile-zstd`. The bytes depend on the
libraries that pack them; the cases do not.
"""

import json
import struct
import sys
import zipfile
from pathlib import Path

if sys.version_info < (3, 14):
    import zipfile_zstd  # noqa: F401  (teaches zipfile method 93)

HERE = Path(__file__).parent
STORED, DEFLATE, ZSTD = 0, 8, 93
SPEC = {"task": "find-flag", "model": "example/agent-1", "solver": "react", "packages": {"inspect_ai": "0.3.200"}}
LONG = "You are in a shell. Find the flag, then say it. " * 3


def messages(system):
    return [
        {"role": "system", "content": system, "id": "m1"},
        {"role": "user", "content": "Find the flag.", "id": "m2"},
        {"role": "assistant", "content": "Looking.", "id": "m3",
         "tool_calls": [{"id": "c1", "function": "bash", "arguments": {"cmd": "ls"}, "type": "function"}]},
        {"role": "tool", "content": "flag.txt \ud83d", "tool_call_id": "c1", "function": "bash", "id": "m4"},
    ]


def sample(name, epoch, system="attachment://0f"):
    return {
        "id": name, "epoch": epoch, "input": "Find the flag.", "target": "SECRET", "messages": messages(system),
        "output": {}, "scores": {"match": {"value": float("nan"), "explanation": "SECRET"}},
        "metadata": {"flag": "SECRET"}, "store": {"flag": "SECRET"},
        "events": [{"event": "score", "score": {"explanation": "SECRET"}}], "uuid": f"u-{name}-{epoch}",
        "attachments": {"0f": LONG, "1e": "SECRET"},
    }


def summary(name, epoch, **more):
    return {"id": name, "epoch": epoch, "input": "Find the flag.", "target": "SECRET", "message_count": 4, **more}


def whole(name, epoch):
    return f"samples/{name}_epoch_{epoch}.json", sample(name, epoch)


def chunks(name, epoch):
    """The same sample, its lists cut into chunks."""
    shell = sample(name, epoch)
    all_messages = messages("attachment://1")
    for field in ["messages", "events", "attachments", "metadata"]:
        del shell[field]
    shell["message_refs"] = [[1, 5]]
    folder = f"samples/{name}_epoch_{epoch}"
    return [
        (f"{folder}/sample.json", shell),
        (f"{folder}/metadata.json", {"flag": "SECRET"}),
        (f"{folder}/messages/0.json", [{"role": "user", "content": "SECRET"}, *all_messages[:1]]),
        (f"{folder}/messages/2.json", all_messages[1:]),
        (f"{folder}/events/0.json", [{"event": "score", "score": {"explanation": "SECRET"}}]),
        (f"{folder}/attachments/0.json", ["SECRET", LONG]),
    ]


def write(path, entries):
    """Packs the entries, each by the next method."""
    place = HERE / path
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(place, "w") as archive:
        for number, (name, value) in enumerate(entries):
            text = value if isinstance(value, str) else json.dumps(value)
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            archive.writestr(info, text, [DEFLATE, ZSTD, STORED][number % 3])


def patch(path, field, value):
    """Changes a field of the directory's record of the first sample."""
    place = HERE / path
    data = bytearray(place.read_bytes())
    at = data.index(b"samples/", data.index(b"PK\x01\x02")) - 46
    data[at + field:at + field + len(value)] = value
    place.write_bytes(data)


start = ("_journal/start.json", {"version": 2, "eval": SPEC, "plan": {}})
header = ("header.json", {"version": 2, "status": "success", "eval": SPEC, "results": {"scores": ["SECRET"]}})

write("eval/site/log.eval", [
    start, whole("a", 1), whole("a", 2), *chunks("b/c", 1), whole(7, 1),
    ("summaries.json", [summary("a", 1, limit="message"), summary("a", 2, error="SECRET"), summary("b/c", 1), summary(7, 1)]),
    ("reductions.json", [{"scorer": "match", "samples": [{"value": "SECRET"}]}]), header,
])
write("eval/site/crashed.eval", [
    start, whole("a", 1), ("_journal/summaries/1.json", [summary("a", 1)]), whole("b", 1),
])
write("eval-in-site/site/content/tasks/check-run/trajectories/log.eval", [start, whole("a", 1), whole("b", 1), header])

broken = "eval-broken/site"
write(f"{broken}/foreign.eval", [("../../etc/cron.d/x", "x"), ("b\x1b[31m.txt", "x")])
write(f"{broken}/no-samples.eval", [start])
write(f"{broken}/cut.eval", [start, whole("a", 1), header])
cut = HERE / broken / "cut.eval"
cut.write_bytes(cut.read_bytes()[:-100])
write(f"{broken}/deep.eval", [("samples/a_epoch_1.json", '{"id": "a", "messages": ' + "[" * 3000)])
write(f"{broken}/text.eval", [("samples/../../a_epoch_1.json", "no JSON")])
for name, field, value in [
    ("locked", 8, b"\x01\x00"),  # flags: encrypted
    ("method", 10, b"\x0c\x00"),  # method: bzip2
    ("damaged", 16, b"\x00\x00\x00\x00"),  # checksum
    ("bomb", 24, struct.pack("<I", 3_000_000_000)),  # size when unpacked
    ("liar", 24, struct.pack("<I", 10)),
]:
    write(f"{broken}/{name}.eval", [whole("a", 1), header])
    patch(f"{broken}/{name}.eval", field, value)
