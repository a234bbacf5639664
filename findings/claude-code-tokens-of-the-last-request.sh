#!/usr/bin/env bash
# What Claude Code writes as the total of a subagent's tokens is its last request alone.
#
# One would guess that `totalTokens` beside `totalToolUseCount` and `totalDurationMs`, in the result of the call that began
# a subagent, is what the subagent used in all: a copy of its hooks' manual (May 2026) has "Total tokens billed across the
# subagent's turns". It and `usage` are of the last request only; the calls and the time are of all. The model is told
# that number too (`subagent_tokens`). What was used stands in another file, `<session>/subagents/agent-<id>.jsonl`, with a
# row for each block of an answer, each with the answer's whole usage: a sum over rows counts answers of two blocks twice.
# It matters here because what a run cost is read off logs: one number is too small, the other too large. Goldbook takes
# no numbers of tokens from a session of Claude Code.
set -euo pipefail
folder=$(mktemp -d)
mock=
trap '[ -z "$mock" ] || kill "$mock"; rm -rf "$folder"' EXIT
npm install --silent --no-fund --no-audit --prefix "$folder" @anthropic-ai/claude-code@2.1.332 2>/dev/null
mkdir "$folder/home" "$folder/work"
cat > "$folder/mock.py" <<'PYTHON'
"""Stands in for the model: each answer uses 100 tokens in and 10 out."""

import http.server
import json
import sys


class Mock(http.server.BaseHTTPRequestHandler):
    count = 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "count_tokens" in self.path:
            return self.answer(json.dumps({"input_tokens": 9}), "application/json")
        # A helper is known by its prompt; it calls a tool three times and then answers.
        helper = "HELP ME" not in json.dumps(asked["messages"])
        turn = sum(message["role"] == "assistant" for message in asked["messages"])
        step = {"name": "Bash", "input": {"command": "echo step", "description": "Say it"}}
        start = {"name": "Agent", "input": {"description": "Look", "prompt": "Look thrice.", "subagent_type": "general-purpose", "run_in_background": False}}
        call = (step if turn < 3 else None) if helper else (start if turn == 0 else None)
        Mock.count += 1
        used = {"input_tokens": 100, "output_tokens": 10}
        message = {"id": f"msg_{Mock.count}", "type": "message", "role": "assistant", "model": asked["model"], "content": [], "stop_reason": None, "usage": used}
        blocks = [({"type": "text", "text": ""}, {"type": "text_delta", "text": "So be it."})]
        if call:
            block = {"type": "tool_use", "id": f"toolu_{Mock.count}", "name": call["name"], "input": {}}
            blocks.append((block, {"type": "input_json_delta", "partial_json": json.dumps(call["input"])}))
        events = [{"type": "message_start", "message": message}]
        for index, (block, delta) in enumerate(blocks):
            events.append({"type": "content_block_start", "index": index, "content_block": block})
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
            events.append({"type": "content_block_stop", "index": index})
        events.append({"type": "message_delta", "delta": {"stop_reason": "tool_use" if call else "end_turn"}, "usage": used})
        events.append({"type": "message_stop"})
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
claude --version
claude -p "HELP ME" --session-id "$session" --dangerously-skip-permissions > /dev/null
python3 - "$folder/home/.claude/projects" "$session" <<'PYTHON'
import json
import pathlib
import sys


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def tokens(usage):
    return usage["input_tokens"] + usage["output_tokens"]


[main] = pathlib.Path(sys.argv[1]).glob(f"*/{sys.argv[2]}.jsonl")
[result] = [row["toolUseResult"] for row in read(main) if "agentId" in (row.get("toolUseResult") or {})]
helper = read(main.with_suffix("") / "subagents" / f"agent-{result['agentId']}.jsonl")
rows = [row["message"] for row in helper if row["type"] == "assistant"]
answers = {message["id"]: tokens(message["usage"]) for message in rows}
[cost] = [row["modelUsage"] for row in read(main) if row["type"] == "cost-state"]
of_session = sum(model["inputTokens"] + model["outputTokens"] for model in cost.values())
print(f"the helper's answers: {list(answers.values())}, in all {sum(answers.values())}; summed over its {len(rows)} rows {sum(tokens(row['usage']) for row in rows)}")
print(f"totalTokens: {result['totalTokens']}, usage: {tokens(result['usage'])}, totalToolUseCount: {result['totalToolUseCount']}")
print(f"the session's own count (cost-state), with two answers of its own: {of_session}")
assert list(answers.values()) == [110] * 4 and len(rows) == 7, rows
assert (result["totalTokens"], tokens(result["usage"]), result["totalToolUseCount"]) == (110, 110, 3), result
assert of_session == 6 * 110, cost
PYTHON
