#!/usr/bin/env bash
# A forked session of Claude Code that was compacted before has parents that go round in a ring.
#
# A compaction begins a new tree of rows: its first row has no `parentUuid`, and `logicalParentUuid` names the row that came
# before. One would guess that following the one and else the other leads from the last row back to the first, as it does in
# the session itself, and that `--fork-session` copies a session. The fork begins at the compaction: what came before is not
# in the file. The last messages before it, which the compaction keeps, are: behind it, with a `parentUuid` that leads to
# it. One of them is the row that `logicalParentUuid` still names, so that the way comes round to it. The same row (same
# `uuid`) has another parent in the two files.
# It matters here because a fork is read as a run of its own, and raters see a run that begins with a summary.
# Goldbook follows both links, each row once.
set -euo pipefail
folder=$(mktemp -d)
mock=
trap '[ -z "$mock" ] || kill "$mock"; rm -rf "$folder"' EXIT
npm install --silent --no-fund --no-audit --prefix "$folder" @anthropic-ai/claude-code@2.1.332 2>/dev/null
mkdir "$folder/home" "$folder/work"
cat > "$folder/mock.py" <<'PYTHON'
"""Stands in for the model: says "Noted.", and a summary where it is asked for one."""

import http.server
import json
import sys


class Mock(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "count_tokens" in self.path:
            return self.answer(json.dumps({"input_tokens": 9}), "application/json")
        wants_summary = "detailed summary" in json.dumps(asked["messages"][-2:])
        text = "<summary>A word was told.</summary>" if wants_summary else "Noted."
        usage = {"input_tokens": 9, "output_tokens": 9}
        message = {"id": f"msg_{id(asked)}", "type": "message", "role": "assistant", "model": asked["model"], "content": [], "stop_reason": None, "usage": usage}
        events = [
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": usage},
            {"type": "message_stop"},
        ]
        self.answer("".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events), "text/event-stream")

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mock)
open(sys.argv[1], "w").write(str(server.server_address[1]))
server.serve_forever()
PYTHON
python3 "$folder/mock.py" "$folder/port" &
mock=$!
until [ -s "$folder/port" ]; do sleep 0.1; done
claude() {
    (cd "$folder/work" && env -i PATH="$PATH" HOME="$folder/home" IS_SANDBOX=1 ANTHROPIC_API_KEY=none \
        ANTHROPIC_BASE_URL="http://127.0.0.1:$(cat "$folder/port")" CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 \
        DISABLE_AUTOUPDATER=1 timeout 120 "$folder/node_modules/.bin/claude" "$@" < /dev/null)
}
session=11111111-1111-4111-8111-111111111111
fork=22222222-2222-4222-8222-222222222222
claude --version
claude -p "The word is amber." --session-id "$session" > /dev/null
claude -p "The other word is birch." --resume "$session" > /dev/null
claude -p "/compact" --resume "$session" > /dev/null
claude -p "Go on." --resume "$session" --fork-session --session-id "$fork" > /dev/null
python3 - "$folder/home/.claude/projects" "$session" "$fork" <<'PYTHON'
import json
import pathlib
import sys


def read(session):
    [path] = pathlib.Path(sys.argv[1]).glob(f"*/{session}.jsonl")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["uuid"]: row for row in rows if "uuid" in row}


def name(row):
    kind = row.get("subtype") or ("summary" if row.get("isCompactSummary") else row["type"])
    content = row.get("message", {}).get("content", "")
    text = content if isinstance(content, str) else "".join(block.get("text", "") for block in content)
    return f"{kind} {text[:24]!r}" if row["type"] in ("user", "assistant") and kind != "summary" else kind


def walk(rows):
    """From the last message to the first; true where it comes round to a row that it has met."""
    met, next_ = [], [uuid for uuid, row in rows.items() if row["type"] in ("user", "assistant")][-1]
    while next_ in rows and next_ not in met:
        met.append(next_)
        next_ = rows[next_]["parentUuid"] or rows[next_].get("logicalParentUuid")
    return [name(rows[uuid]) for uuid in met if rows[uuid]["type"] != "attachment"], next_ in met


found = {}
for label, session in [("session", sys.argv[2]), ("fork", sys.argv[3])]:
    rows = read(session)
    path, ring = walk(rows)
    [boundary] = [row for row in rows.values() if row.get("subtype") == "compact_boundary"]
    before = rows[boundary["logicalParentUuid"]]
    told = any("amber" in name(row) for row in rows.values())
    found[label] = (ring, told, list(rows).index(before["uuid"]) < list(rows).index(boundary["uuid"]))
    print(f"{label}: {' < '.join(path)}{' < ... round again' if ring else ''}")
    print(f"  before the compaction: {name(before)}, parent {name(rows[before['parentUuid']]) if before['parentUuid'] in rows else None}")
    print(f"  in a ring: {ring}; holds the first prompt: {told}; that row stands before the compaction: {found[label][2]}")
assert found["session"] == (False, True, True), found
assert found["fork"] == (True, False, False), found
PYTHON
