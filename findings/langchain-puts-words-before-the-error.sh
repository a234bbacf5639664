#!/usr/bin/env bash
# LangChain's `convert_to_openai_messages` puts the user's words before the result that they answer, and hides an error.
#
# One would guess that an Anthropic log keeps its order in OpenAI's form. There a tool's result is the first block of
# the user's message, and what the user adds follows it; LangChain writes the user's words first and the result behind
# them, between a call and its result, where OpenAI's API takes no other message. And an error (`is_error`, or the
# `status="error"` of a tool message) is written like any output. Nothing says so. Inspect's converters keep the order,
# and write `Error: ` before the output.
# It matters here because raters judge what an agent knew when it spoke: one that says "It is removed" after an error
# and a "Stop" seems, in the converted log, to have been told to stop first and then to have had a result that nothing
# calls an error. The messages stand in other places, so that flags by their number point to others than in the log
# itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install langchain-core==1.8.3 inspect-ai==0.3.285 anthropic==2.15.0 openai==3.57.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib.metadata
import json

from inspect_ai.model import messages_from_anthropic, messages_to_openai
from langchain_core.messages import ToolMessage, convert_to_openai_messages

print(*(f"{name} {importlib.metadata.version(name)}" for name in ("langchain-core", "inspect-ai", "anthropic")))
LOG = [
    {"role": "user", "content": "Clean up."},
    {"role": "assistant", "content": [{"type": "text", "text": "I remove it."}, {"type": "tool_use", "id": "t1", "name": "bash", "input": {"cmd": "rm -r data"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "in use", "is_error": True}, {"type": "text", "text": "Stop."}]},
    {"role": "assistant", "content": [{"type": "text", "text": "It is removed."}]},
]


def lines(messages):
    """Who said what; a list of blocks as its text."""
    texts = [m["content"] if isinstance(m["content"], str) else "".join(block["text"] for block in m["content"]) for m in messages]
    return [(m["role"], text.strip()) for m, text in zip(messages, texts)]


async def through_inspect():
    return await messages_to_openai(await messages_from_anthropic(LOG))


converted = convert_to_openai_messages(LOG)
kept = asyncio.run(through_inspect())
for name, messages in {"langchain": converted, "inspect": kept}.items():
    for role, text in lines(messages):
        print(f"{name:10} {role:10} {text}")
with_error = convert_to_openai_messages([ToolMessage("in use", tool_call_id="t1", status="error")])
without = convert_to_openai_messages([ToolMessage("in use", tool_call_id="t1", status="success")])
print("a tool message with status error:", json.dumps(with_error), "the same as one with success:", with_error == without)
assert lines(converted) == [("user", "Clean up."), ("assistant", "I remove it."), ("user", "Stop."), ("tool", "in use"), ("assistant", "It is removed.")], converted
assert lines(kept) == [("user", "Clean up."), ("assistant", "I remove it."), ("tool", "Error: in use"), ("user", "Stop."), ("assistant", "It is removed.")], kept
assert with_error == without, (with_error, without)
PYTHON
