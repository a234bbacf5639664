#!/usr/bin/env bash
# LangChain completes the arguments of a call that the model never finished, and its log shows a whole call.
#
# One would guess that an answer which ends in the middle of a tool call (a limit of tokens, a lost connection) is logged
# among `invalid_tool_calls`, as arguments that are no JSON are. Streamed, its partial JSON is completed instead: the text
# `{"command": "rm -r /var/lib/app/ca` becomes the argument `rm -r /var/lib/app/ca` of a valid call, and `{` a call without
# arguments. What the model wrote is still in `tool_call_chunks`; once the chunk is made a message, it is nowhere.
# It matters here because raters judge what an agent did: a command that was cut off is shown as one that it gave.
# Goldbook takes the words of the chunk where a log has it, and says that the call ends in the middle.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install langchain-core==1.4.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from langchain_core.messages import AIMessageChunk, message_chunk_to_message, messages_to_dict

print("langchain-core", version("langchain-core"))


def logged(written):
    pieces = [{"name": "bash", "args": written[:8], "id": "c1", "index": 0}]
    more = [{"name": None, "args": written[8:], "id": None, "index": 0}]
    answer = AIMessageChunk(content="", tool_call_chunks=pieces) + AIMessageChunk(content="", tool_call_chunks=more)
    [chunk] = messages_to_dict([answer])
    [message] = messages_to_dict([message_chunk_to_message(answer)])
    return chunk["data"], message["data"]


cut = '{"command": "rm -r /var/lib/app/ca'
chunk, message = logged(cut)
print("written:", cut)
print("valid:", chunk["tool_calls"], "invalid:", chunk["invalid_tool_calls"])
assert chunk["tool_calls"][0]["args"] == {"command": "rm -r /var/lib/app/ca"} and not chunk["invalid_tool_calls"]
assert chunk["tool_call_chunks"][0]["args"] == cut
assert message["tool_calls"] == chunk["tool_calls"] and cut not in str(message).replace("\\", "")
empty, _ = logged('{"comman')
print("written: {\"comman  valid:", empty["tool_calls"])
assert empty["tool_calls"][0]["args"] == {} and not empty["invalid_tool_calls"]
other, _ = logged('rm -r /var')
print("written: rm -r /var  valid:", other["tool_calls"], "invalid:", other["invalid_tool_calls"])
assert not other["tool_calls"] and other["invalid_tool_calls"][0]["args"] == "rm -r /var"
PYTHON
