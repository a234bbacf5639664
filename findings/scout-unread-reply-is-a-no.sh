#!/usr/bin/env bash
# Inspect Scout's llm_scanner writes a reply that it could not read as the value false, of numbers too.
#
# One would guess that a judge's reply without an answer, such as one that was cut off at its limit of tokens or declines,
# has no value or an error in the results. The scanner writes the boolean false, with nothing in `answer`: for a yes/no
# question that is what a "no" looks like too, but for `answer`; and a column of numbers gets a boolean among them. Whether
# the reply was cut off stands in `metadata` alone. The scan ends as complete, without an error.
# It matters here because a judge that often says nothing readable would seem to say "no" often: where "no" is common in
# the gold, that raises its accuracy. Goldbook reads such a result as the outcome `gave-up`, and counts it as asked.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install inspect-scout==0.6.1 inspect-ai==0.3.285
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import json
import pathlib

import pyarrow.parquet as pq
import tiktoken


class Words:
    """Stands in for the tokenizer, whose table would be fetched."""

    def encode(self, text, **_):
        return text.split()


tiktoken.get_encoding = lambda name: Words()

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ModelOutput, get_model
from inspect_scout import llm_scanner, scan, transcripts_from

RUNS = {"said-no": ("ANSWER: no", "ANSWER: 0", "stop"), "cut-off": ("I was going", "I was going", "max_tokens"), "declined": ("I will not say.", "I will not say.", "stop")}
eval(Task(dataset=[Sample(id=run, input=f"Say ({run}).", target="") for run in RUNS]), model="mockllm/model", log_dir="logs", display="none")


def reply(messages, tools, tool_choice, config):
    text = "\n".join(message.text for message in messages)
    run = next(run for run in RUNS if f"({run})" in text)
    yes_no, number, stop = RUNS[run]
    return ModelOutput.from_content("mockllm/model", number if "HOW MANY" in text else yes_no, stop_reason=stop)


status = scan(
    scanners={"reached": llm_scanner(question="Is the goal reached?", answer="boolean"), "steps": llm_scanner(question="HOW MANY steps?", answer="numeric")},
    transcripts=transcripts_from("logs"),
    scans="scans",
    model=get_model("mockllm/model", custom_outputs=reply),
    max_processes=1,
    display="none",
)
print("inspect-scout", importlib.metadata.version("inspect-scout"), "inspect-ai", importlib.metadata.version("inspect-ai"))
print("complete:", status.complete)
found = {}
for name in ["reached", "steps"]:
    columns = ["transcript_task_id", "value", "value_type", "answer", "scan_error", "metadata"]
    for row in pq.read_table(pathlib.Path(status.location) / f"{name}.parquet", columns=columns).to_pylist():
        stop = json.loads(row["metadata"] or "{}").get("stop_reason")
        said = (row["value"], row["value_type"], row["answer"], row["scan_error"], stop)
        found[name, row["transcript_task_id"]] = said
        print(f"{name:8} {row['transcript_task_id']:9} value {said[0]}, type {said[1]}, answer {said[2]!r}, error {said[3]!r}, stop_reason {stop}")
assert status.complete and all(row[3] in (None, "") for row in found.values()), found
assert found["reached", "said-no"][:3] == ("false", "boolean", "No"), found
for name in ["reached", "steps"]:
    for run in ["cut-off", "declined"]:
        assert found[name, run][:2] == ("false", "boolean") and not found[name, run][2], found
PYTHON
