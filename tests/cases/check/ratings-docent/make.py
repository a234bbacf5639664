"""Makes labels and judges' results as Docent's models dump them: make.py FOLDER. What they hold is made up: no server and
no model is asked, and ids are counted instead of drawn. `tests/tools docent` runs this with the pinned Docent.

Out: logs/*.json of Inspect; docent/labels.json, results.json, docent-runs.json, docent-rubrics.json.
"""

import asyncio
import datetime
import itertools
import json
import pathlib
import sys
import uuid

import docent.data_models.agent_run
import docent.data_models.judge
import docent.data_models.transcript
import docent.judges.types
from docent._llm_util.data_models.exceptions import ContextWindowException
from docent._llm_util.data_models.llm_output import LLMCompletion, LLMOutput
from docent._llm_util.llm_svc import BaseLLMService
from docent.data_models.general_label import GeneralLabel, LabelTarget
from docent.data_models.judge import Label
from docent.judges.impl import build_judge
from docent.judges.types import JudgeResultWithCitations, Rubric
from docent.loaders.load_inspect import runs_from_file
from inspect_ai import Task
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageTool, ChatMessageUser, ModelOutput
from inspect_ai.scorer import Score, scorer
from inspect_ai.solver import solver
from inspect_ai.tool import ToolCall

FOLDER = pathlib.Path(sys.argv[1])
numbers = itertools.count(1)


def counted():
    return uuid.UUID(int=next(numbers) << 64 | 4 << 76)


for module in (docent.data_models.agent_run, docent.data_models.transcript, docent.data_models.judge, docent.judges.types):
    module.uuid4 = counted


@solver
def recorded():
    async def solve(state, generate):
        run = f"{state.sample_id}-{state.epoch}"
        call = ToolCall(id=f"c-{run}", function="bash", arguments={"command": "server start"})
        state.messages = [
            ChatMessageSystem(content="Work with care.", id=f"system-{run}"),
            ChatMessageUser(content="Start the server.", id=f"user-{run}"),
            ChatMessageAssistant(content=f"I start it ({run}).", tool_calls=[call], id=f"start-{run}"),
            ChatMessageTool(content="error: port in use", tool_call_id=call.id, function="bash", id=f"tool-{run}"),
            ChatMessageAssistant(content="The server runs.", id=f"end-{run}"),
        ]
        state.output = ModelOutput.from_content("mockllm/model", "The server runs.")
        return state

    return solve


@scorer(metrics=[])
def goal():
    async def score(state, target):
        return Score(value="I", explanation="SECRET reason")

    return score


def log(name, samples, epochs):
    dataset = [Sample(id=sample, input="Start the server.", target="SECRET target") for sample in samples]
    task = Task(dataset=dataset, solver=recorded(), scorer=goal(), name="setup", epochs=epochs)
    [log] = inspect_eval(task, model="mockllm/model", log_dir=str(FOLDER / "logs"), display="none", log_format="json")
    return pathlib.Path(log.location).rename(FOLDER / "logs" / name)


def runs(log):
    with open(log, "rb") as file:
        return list(runs_from_file(file, "json")[1])


ANN, BEN = "0b0d6f52-59a1-4c5b-9a65-5d7f2f9f1d10", "6f0f5a3e-1c0a-4a57-8a52-3a0f8a6c7e21"


def at(minute):
    return datetime.datetime(2026, 11, 3, 9, minute, tzinfo=datetime.timezone.utc)


def label(minute, run, by, email, **value):
    made = dict(created_by=by, creator_email=email, created_at=at(minute))
    return Label(label_set_id="set-1", label_value=value, agent_run_id=run, **made)


def general(minute, value, *items):
    target = LabelTarget.model_validate({"items": items})
    return GeneralLabel(
        id=f"general-{minute}", general_label_set_id="set-2", target=target, label_value=value, created_by=ANN,
        created_at=at(minute), updated_at=at(minute + 1),
    )  # fmt: skip


def slice(run, first, last):
    ends = dict(transcript_slice_start_idx=first, transcript_slice_end_idx=last)
    return dict(object_type="transcript_slice", transcript_id=run.transcripts[0].id, **ends)


SCHEMA = {
    "type": "object",
    "properties": {
        "reached": {"type": "string", "enum": ["yes", "no"]},
        "severity": {"type": "integer", "enum": [1, 2, 3]},
        "explanation": {"type": "string", "citations": True},
    },
    "required": ["reached", "explanation"],
}
REPLIES = {
    "s-1-1": {"reached": "no", "severity": 2, "explanation": "It is not: [T0B3:<RANGE>port in use</RANGE>]."},
    "s-2-1": {"reached": "yes", "explanation": "It says so at [T0B4]."},
}


class MadeUp(BaseLLMService):
    async def get_completions(self, *, inputs, validation_callback=None, **_):
        [messages] = inputs
        text = "\n".join(str(message.content) for message in messages)
        reply = next((reply for run, reply in REPLIES.items() if f"({run})" in text), None)
        if reply is None:
            return [LLMOutput(model="made-up", completions=[], errors=[ContextWindowException("too long")])]
        said = f"<response>{json.dumps(reply)}</response>"
        return [LLMOutput(model="made-up", completions=[LLMCompletion(text=said)])]


async def judged(rubric, runs):
    judge = build_judge(rubric, MadeUp())
    results = [(run, await judge(run)) for run in runs]
    cited = [
        JudgeResultWithCitations.from_judge_result(result, SCHEMA, run) if result.output else result
        for run, result in results
    ]
    # A result as it was before citations were looked up, which is the same one; and one more of the same judge.
    return [results[0][1], *cited, await judge(runs[0])]


def write(name, all):
    text = json.dumps([one.model_dump(mode="json") for one in all], indent=1)
    (FOLDER / "docent" / name).write_text(text + "\n")


def main():
    (FOLDER / "docent").mkdir(parents=True)
    first, second, third = runs(log("one.json", ["s-1", "s-2", "s-3"], 1))
    again, once_more = runs(log("two.json", ["s-4"], 2))
    labels = [
        label(0, first.id, ANN, "ann@example.org", reached="no", severity=3, mistakes=[{"step": 3, "value": "ignored-error"}]),
        label(2, first.id, BEN, "ben@example.org", reached="no", mistakes=[], explanation="As it says."),
        label(4, second.id, ANN, "ann@example.org", reached="yes", severity=None),
        label(6, third.id, "Cleo Example", None, reached="yes"),
        label(7, third.id, None, "dan@example.org", reached="no"),
        label(8, again.id, BEN, "ben@example.org", reached=True),
        label(9, once_more.id, BEN, "ben@example.org", reached=False),
        label(10, "no-such-run", BEN, "ben@example.org", reached="yes"),
        general(20, {"mistakes": "ignored-error"}, slice(second, 2, 3)),
        general(22, {"mistakes": ["false-claim", "ignored-error"]}, slice(third, 2, 4)),
        general(24, {"severity": 2}, dict(object_type="agent_run", agent_run_id=second.id)),
        general(26, {"severity": 1}, *[dict(object_type="agent_run", agent_run_id=run.id) for run in (first, second)]),
        general(28, {"severity": 1}, dict(object_type="reading_result", reading_result_id="reading-1")),
        general(30, {"mistakes": "ignored-error"}, slice(second, 2, 9)),
    ]
    rubric = Rubric(rubric_text="Is the goal reached?", output_schema=SCHEMA, version=2)
    write("labels.json", labels)
    write("results.json", asyncio.run(judged(rubric, [first, second, third])))
    write("docent-runs.json", [first, second, third, again, once_more])
    write("docent-rubrics.json", [rubric])


main()
