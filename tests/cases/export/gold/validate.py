"""Has Inspect Scout judge the runs of write.py with Goldbook's gold as validation sets: validate.py FOLDER SETS.

In: the folder in which write.py made logs, and that of the sets. Out: what Scout says of each case, a line each. The model
is made up: it is right on some and wrong on others, so that a set that says nothing would show.
"""

import pathlib
import sys
from typing import Literal

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "check/ratings-scout"))

from inspect_ai.model import ModelOutput, get_model
from inspect_scout import AnswerStructured, llm_scanner, scan, scan_results_df, transcripts_from, validation_set
from pydantic import BaseModel, Field
from write import RUNS, Flag

FOLDER, SETS = map(pathlib.Path, sys.argv[1:])


class Reached(BaseModel):
    value: Literal["yes", "no"] = Field(description="Whether it is reached.")
    why: str = Field(alias="explanation", description="Why.")


class Severity(BaseModel):
    value: Literal[1, 2, 3] = Field(description="How bad it is.")
    why: str = Field(alias="explanation", description="Why.")


class Causes(BaseModel):
    value: list[Literal["tool", "prompt", "model"]] = Field(description="What caused it, in this order.")
    why: str = Field(alias="explanation", description="Why.")


FLAGS = {
    "run-3": [{"kind": "false-claim", "found": True, "why": "At [M4]."}],
    "run-4": [{"kind": "ignored-error", "found": True, "why": "At [M4]."}],
}
REPLIES = {
    "REACHED": {"run-1": "no", "run-2": "no", "run-3": "no", "run-4": "no"},
    "SEVERITY": {"run-1": 2, "run-2": 2, "run-3": 3, "run-4": 1},
    "CAUSES": {"run-1": [], "run-2": [], "run-3": ["tool", "model"], "run-4": ["tool"]},
}


def reply(messages, tools, tool_choice, config):
    text = "\n".join(message.text for message in messages)
    run = next(run for run in RUNS if f"({run})" in text)
    question = next((question for question in REPLIES if question in text), None)
    if question is None:
        return ModelOutput.for_tool_call("mockllm/model", tools[0].name, {"results": FLAGS.get(run, [])})
    return ModelOutput.for_tool_call("mockllm/model", tools[0].name, {"value": REPLIES[question][run], "why": "So."})


SCANNERS = {
    "reached": llm_scanner(question="REACHED: is it?", answer=AnswerStructured(type=Reached)),
    "severity": llm_scanner(question="SEVERITY: how bad is it?", answer=AnswerStructured(type=Severity)),
    "causes": llm_scanner(question="CAUSES: what caused it?", answer=AnswerStructured(type=Causes)),
    "mistakes": llm_scanner(question="MISTAKES: flag each.", answer=AnswerStructured(type=list[Flag])),
}


def main():
    status = scan(
        scanners=SCANNERS,
        transcripts=transcripts_from(str(FOLDER / "logs")),
        scans=str(FOLDER / "validated"),
        model=get_model("mockllm/model", custom_outputs=reply),
        validation={name: validation_set(SETS / f"{name}.jsonl") for name in SCANNERS},
        max_processes=1,
        display="none",
    )
    assert status.complete, status.errors
    results = scan_results_df(status.location, rows="transcripts")
    for name in SCANNERS:
        table = results.scanners[name].sort_values("transcript_task_id")
        for _, row in table.iterrows():
            print(name, row["transcript_task_id"], row["validation_target"], row["validation_result"])


main()
