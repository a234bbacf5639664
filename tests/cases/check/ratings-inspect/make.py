"""Makes logs as Inspect writes them, with scores that people edited, and a table of their samples: make.py FOLDER. What they
hold is made up, and no model is asked. `tests/tools inspect` runs this with the Inspect that is pinned there.
"""

import datetime
import os
import shutil
import sys

from inspect_ai import Task, eval
from inspect_ai.analysis import samples_df
from inspect_ai.dataset import Sample
from inspect_ai.log import ProvenanceData, edit_score, invalidate_samples, read_eval_log, write_eval_log
from inspect_ai.model import ChatMessageAssistant
from inspect_ai.scorer import Score, ScoreEdit, scorer
from inspect_ai.solver import solver

FOLDER = sys.argv[1]
VALUES = {"run-1": "C", "run-2": "I", "run-3": "P"}


@solver
def agent():
    async def solve(state, generate):
        state.messages.append(ChatMessageAssistant(content="It is mended."))
        return state

    return solve


@scorer(metrics=[])
def goal():
    async def score(state, target):
        return Score(value=VALUES[state.sample_id], explanation="Read off the last message.")

    return score


@scorer(metrics=[])
def severity():
    async def score(state, target):
        return Score.unscored(reason="grader_failed") if state.sample_id == "run-3" else Score(value=2)

    return score


@scorer(metrics=[])
def judge():
    async def score(state, target):
        return Score(value={"tone": "polite", "minutes-lost": 12.5})

    return score


def edit(log, name, sample, epoch, minute, author, **changes):
    when = datetime.datetime(2026, 11, 3, 9, minute, tzinfo=datetime.timezone.utc)
    provenance = ProvenanceData(timestamp=when, author=author, reason="Read the run.")
    edit_score(log, sample, name, ScoreEdit(provenance=provenance, **changes), epoch=epoch)


def make(name, epochs):
    task = Task(
        name="support",
        dataset=[Sample(input="Mend it.", target="SECRET", id=sample) for sample in VALUES],
        solver=agent(),
        scorer=[goal(), severity(), judge()],
        epochs=epochs,
    )
    [log] = eval(task, model="mockllm/model", log_dir=f"{FOLDER}/logs", display="none", log_format="eval")
    log = read_eval_log(log.location)
    edit(log, "goal", "run-1", 1, 0, "jo.doe@example.org", value="I", explanation="It never answers.")
    edit(log, "goal", "run-1", 1, 5, "Kim", value="P")
    edit(log, "goal", "run-1", 1, 6, "Kim", explanation="Only in the first minute.")
    edit(log, "severity", "run-2", 1, 10, "Kim", value=3)
    edit(log, "severity", "run-3", 1, 12, "jo.doe@example.org", value=1)
    edit(log, "looked-at", "run-2", 1, 15, "Kim", value=True)
    if epochs > 1:
        edit(log, "goal", "run-2", 2, 20, "Somebody Else", value="C")
    return log


os.makedirs(FOLDER, exist_ok=True)
one, two = make("one", 1), make("two", 2)
write_eval_log(one, f"{FOLDER}/one.json", format="json")
write_eval_log(two, f"{FOLDER}/two.eval", format="eval")
provenance = ProvenanceData(author="Kim", reason="It ran in the wrong container.")
write_eval_log(invalidate_samples(one, [one.samples[0].uuid], provenance), f"{FOLDER}/withdrawn.eval", format="eval")
# Tables are made of archives only.
write_eval_log(one, f"{FOLDER}/logs/one.eval", format="eval")
for log in [f"{FOLDER}/logs/one.eval", f"{FOLDER}/two.eval"]:
    table, name = samples_df(log), os.path.basename(log)
    table["log"] = name
    table.to_csv(f"{FOLDER}/{name.removesuffix('.eval')}-samples.csv", index=False)
shutil.rmtree(f"{FOLDER}/logs")
