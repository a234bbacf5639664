#!/usr/bin/env bash
# Label Studio's JSON_MIN and CSV give ground truth as one more annotator's answer, and what was skipped not at all.
#
# One would guess that the smaller exports leave out details of an annotation and keep which annotations there are. The
# converter writes an annotation that is marked as ground truth like any other, with its annotator and no mark; it drops
# each cancelled one, so that a task which was only skipped is gone; and an answer about a region stands like one about
# the whole item, beside the region, with nothing that joins the two. The raw JSON has all of it.
# It matters here because gold that counts as a rater's work lifts that rater's accuracy to 100 %, and because "skipped"
# is a part of right out of asked. Goldbook reads the raw JSON, and these forms only with a warning that says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install label-studio-sdk==2.1.2
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import json

from label_studio_sdk.converter import Converter

labels = """<View>
<Text name="text" value="$text"/>
<Labels name="spans" toName="text"><Label value="claim"/></Labels>
<Choices name="tone" toName="text" perRegion="true"><Choice value="rude"/></Choices>
<Choices name="verdict" toName="text"><Choice value="yes"/><Choice value="no"/></Choices>
</View>"""


def choice(name, value, **more):
    return {"id": more.pop("id", "c"), "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": [value], **more}}


def annotation(number, user, result, **more):
    times = {"created_at": "2026-11-02T09:00:00Z", "updated_at": "2026-11-02T09:05:00Z", "lead_time": 5.0}
    return {"id": number, "completed_by": user, "result": result, "was_cancelled": False, "ground_truth": False, **times, **more}


span = {"id": "r", "from_name": "spans", "to_name": "text", "type": "labels", "value": {"start": 0, "end": 2, "text": "It", "labels": ["claim"]}}
about = choice("tone", "rude", id="r", start=0, end=2)
tasks = [
    {"id": 1, "data": {"text": "It works."}, "predictions": [], "annotations": [
        annotation(11, 1, [choice("verdict", "no"), span, about]),
        annotation(12, 2, [choice("verdict", "yes")], ground_truth=True),
    ]},
    {"id": 2, "data": {"text": "It fails."}, "predictions": [], "annotations": [annotation(13, 1, [], was_cancelled=True)]},
]
json.dump(tasks, open("raw.json", "w"))
converter = Converter(labels, project_dir=None, upload_dir=".")
converter.convert("raw.json", "min", "JSON_MIN", is_dir=False)
rows = json.load(open("min/result.json"))
print("label-studio-sdk", importlib.metadata.version("label-studio-sdk"))
print("annotations in: 11, 12 (ground truth), 13 (skipped, the only one of task 2)")
for row in rows:
    print("out:", {key: row[key] for key in row if key not in ("text", "created_at", "updated_at", "lead_time")})
assert [row["annotation_id"] for row in rows] == [11, 12], rows
assert not any("ground_truth" in row for row in rows), rows
assert rows[0]["tone"] == "rude" and rows[0]["verdict"] == "no", rows
PYTHON
