"""Makes annotations as Potato keeps and exports them: make.py FOLDER. They are made up: its own state of a user is filled as
its server does, saved, and exported by its command. `tests/tools potato` runs this with the pinned Potato.

Out: annotations.jsonl.
"""

import pathlib
import subprocess
import sys
import tempfile

from potato.item_state_management import Label, SpanAnnotation
from potato.phase import UserPhase
from potato.user_state_management import InMemoryUserState

FOLDER = pathlib.Path(sys.argv[1])
CONFIG = """
annotation_task_name: runs
task_dir: .
output_annotation_dir: annotation_output
data_files: [runs.json]
item_properties: {id_key: id, text_key: text}
annotation_schemes:
  - {annotation_type: radio, name: reached, description: "Reached?", labels: ["yes", "no"]}
  - {annotation_type: likert, name: severity, description: "How bad?", size: 3, min_label: small, max_label: large}
  - {annotation_type: multiselect, name: causes, description: "Why?", labels: [tool, prompt]}
  - {annotation_type: text, name: why, description: "Why?"}
  - {annotation_type: span, name: bad, description: "Where?", labels: [wrong]}
"""
SAID = {
    "ann": [("run-3", "reached", "no"), ("run-3", "severity", "3"), ("run-3", "causes", "tool"), ("run-3", "causes", "prompt")],
    "ben": [("run-3", "reached", "yes"), ("run-5", "severity", "2")],
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "config.yaml").write_text(CONFIG)
        (project / "runs.json").write_text('[{"id": "run-3", "text": "It fails."}, {"id": "run-5", "text": "It runs."}]')
        for user, said in SAID.items():
            state = InMemoryUserState(user)
            state.advance_to_phase(UserPhase.ANNOTATION, "annotation")
            for instance, question, option in said:
                state.add_label_annotation(instance, Label(question, option), option)
            if user == "ann":
                state.add_label_annotation("run-3", Label("why", "text"), "As it says.")
                state.add_span_annotation("run-3", SpanAnnotation("bad", "wrong", "wrong", 0, 2, id="span-1"), "It")
            (project / "annotation_output" / user).mkdir(parents=True)
            state.save(str(project / "annotation_output" / user))
        export = [sys.executable, "-m", "potato.export", "-c", str(project / "config.yaml"), "-f", "jsonl", "-o", folder]
        subprocess.run(export, check=True, capture_output=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        lines = sorted((project / "annotations.jsonl").read_text().splitlines(keepends=True))
        (FOLDER / "annotations.jsonl").write_text("".join(lines))


main()
