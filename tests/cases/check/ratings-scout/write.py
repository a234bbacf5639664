"""Has Inspect Scout judge four made-up runs, as its users do, with a model that is made up too.

In: a folder. Out: logs/*.eval, and scans/first, scans/second (the same judge again, two runs), scans/broken (one reply
failed). `tests/tools scout` runs it with pinned versions. What is recorded of a scan is what Scout wrote without the runs
themselves, what they scored, and where they lay on the machine.
"""

import json
import pathlib
import shutil
import sys
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
import tiktoken
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import Sample
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageTool,
    ChatMessageUser,
    GenerateConfig,
    ModelOutput,
    get_model,
)
from inspect_ai.solver import solver
from inspect_ai.tool import ToolCall
from inspect_scout import (
    AnswerMultiLabel,
    AnswerStructured,
    Result,
    Scanner,
    Transcript,
    llm_scanner,
    scan,
    scanner,
    transcripts_from,
)
from pydantic import BaseModel, Field

RUNS = ["run-1", "run-2", "run-3", "run-4"]


class Words:
    """Stands in for the tokenizer, whose table would be fetched."""

    def encode(self, text, **_):
        return text.split()


tiktoken.get_encoding = lambda name: Words()


@solver
def recorded():
    async def solve(state, generate):
        run = state.sample_id
        call = ToolCall(id=f"c-{run}", function="bash", arguments={"command": "server start"})
        state.messages = [
            ChatMessageUser(content="Start the server.", id=f"user-{run}"),
            ChatMessageAssistant(content=f"I start it ({run}).", tool_calls=[call], id=f"start-{run}"),
            ChatMessageTool(content="error: port in use", tool_call_id=call.id, function="bash", id=f"tool-{run}"),
            ChatMessageAssistant(content="The server runs.", id=f"end-{run}"),
        ]
        state.output = ModelOutput.from_content("mockllm/model", "The server runs.")
        return state

    return solve


class Flag(BaseModel):
    kind: Literal["ignored-error", "false-claim"] = Field(alias="label", description="The kind of mistake.")
    found: bool = Field(alias="value", description="Whether it is one.")
    why: str = Field(alias="explanation", description="Why, with the message in brackets.")


FLAGS = {
    "run-1": [{"kind": "ignored-error", "found": True, "why": "It goes on at [M3]."}],
    "run-2": [],
    "run-3": [
        {"kind": "false-claim", "found": True, "why": "At [M4], as in [M2]."},
        {"kind": "ignored-error", "found": True, "why": "Nobody says where."},
        {"kind": "ignored-error", "found": False, "why": "Not at [M2]."},
    ],
}
REPLIES = {
    "REACHED": {"run-1": "See [M4].\n\nANSWER: yes", "run-2": "No.\n\nANSWER: no", "run-3": "I was going to say"},
    "KIND": {"run-1": "Well.\n\nANSWER: A", "run-2": "Well.\n\nANSWER: B"},
    "CAUSES": {"run-1": "Well.\n\nANSWER: A,B", "run-2": "Well.\n\nANSWER: C"},
    "SEVERITY": {"run-1": "Well.\n\nANSWER: 1", "run-2": "Well.\n\nANSWER: 3.0", "run-3": "I can not tell."},
}


def reply(messages, tools, tool_choice, config):
    text = "\n".join(message.text for message in messages)
    run = next(run for run in RUNS if f"({run})" in text)
    if tools and run != "run-4":
        return ModelOutput.for_tool_call("mockllm/model", tools[0].name, {"results": FLAGS[run]})
    question = next((question for question in REPLIES if question in text), None)
    if question == "SEVERITY" and run == "run-4":
        raise ValueError("the provider is down")
    said = REPLIES.get(question, {}).get(run, "I will not say.")
    is_cut = said == "I was going to say"
    return ModelOutput.from_content("mockllm/model", said, stop_reason="max_tokens" if is_cut else "stop")


@scanner(messages="all", name="length")
def length() -> Scanner[Transcript]:
    async def run(transcript: Transcript) -> Result:
        return Result(value=len(transcript.messages))

    return run


SCANNERS = {
    "reached": llm_scanner(question="REACHED: is the goal reached?", answer="boolean"),
    "kind": llm_scanner(question="KIND: which error is it?", answer=["timeout", "crash", "other"]),
    "causes": llm_scanner(question="CAUSES: what caused it?", answer=AnswerMultiLabel(labels=["tool", "prompt", "model"])),
    "mistakes": llm_scanner(question="MISTAKES: flag each.", answer=AnswerStructured(type=list[Flag])),
    "length": length(),
}
BROKEN = {"severity": llm_scanner(question="SEVERITY: how bad is it?", answer="numeric")}

# What a row holds beside what its scanner found.
NOT_RECORDED = [
    "input", "input_data", "scan_events", "scan_error_traceback", "scanner_file", "transcript_metadata",
    "transcript_source_uri",
]


def record(written: pathlib.Path, folder: pathlib.Path):
    """Keeps of a scan what is read, and no run, no place on the machine."""
    folder.mkdir(parents=True)
    spec = json.loads((written / "_scan.json").read_text())
    ids = spec["transcripts"]["transcript_ids"]
    spec["transcripts"]["transcript_ids"] = {id: pathlib.Path(log).name for id, log in ids.items()}
    for of_scanner in spec["scanners"].values():
        of_scanner.pop("file", None)
    (folder / "_scan.json").write_text(json.dumps(spec, indent=2) + "\n")
    shutil.copy(written / "_summary.json", folder)
    errors = [json.loads(line) for line in (written / "_errors.jsonl").read_text().splitlines()]
    kept = [{key: error[key] for key in ("transcript_id", "scanner", "error")} for error in errors]
    (folder / "_errors.jsonl").write_text("".join(json.dumps(error) + "\n" for error in kept))
    for path in sorted(written.glob("*.parquet")):
        table = pq.read_table(path)
        for name in NOT_RECORDED:
            nothing = pa.nulls(table.num_rows, table.schema.field(name).type)
            table = table.set_column(table.schema.get_field_index(name), name, nothing)
        pq.write_table(table, folder / path.name, compression="zstd", use_dictionary=True)


def main(folder: pathlib.Path):
    task = Task(
        dataset=[Sample(id=run, input="Start the server.", target="") for run in RUNS], solver=recorded(), name="setup"
    )
    inspect_eval(task, model="mockllm/model", log_dir=str(folder / "logs"), display="none")
    model = get_model("mockllm/model", custom_outputs=reply, config=GenerateConfig(temperature=0.5))
    logs = transcripts_from(str(folder / "logs"))
    metadata = {"rater": "judge-a", "goldbook.version": "1.0.0"}
    for name, scanners, limit in [("first", SCANNERS, None), ("second", SCANNERS, 2), ("broken", BROKEN, None)]:
        status = scan(
            scanners=scanners,
            transcripts=logs,
            scans=str(folder / "written"),
            model=model,
            limit=limit,
            metadata=metadata,
            max_processes=1,
            display="none",
        )
        record(pathlib.Path(status.location), folder / "scans" / name)
        assert status.complete == (name != "broken"), (name, status.errors)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
