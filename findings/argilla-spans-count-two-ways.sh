#!/usr/bin/env bash
# Argilla's page counts the characters of a span in another way than its server and its SDK.
#
# One would guess that the numbers with which a span begins and ends are of one kind. The page sends the offsets of the
# browser's selection, which count an emoji, and many a Chinese character, as two; the server compares them with the
# length of the field in Python, which counts each as one. So a span at the end of such a text is refused, with a message
# about limits that the rater can't have crossed; any other span behind an emoji is taken, and stands for other letters.
# It matters here because a mark is a flag at a step of a run, and runs are full of emoji: a mark may move to the next
# step. Goldbook takes a span only if it is in the same steps by both counts, and names it otherwise.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install argilla-server==2.8.0
"$folder/venv/bin/python" - <<'PYTHON' 2>/dev/null
import pathlib
import re
from types import SimpleNamespace

import argilla_server
from argilla_server.api.schemas.v1.questions import SpanQuestionSettings
from argilla_server.api.schemas.v1.responses import SpanQuestionResponseValueItem
from argilla_server.validators.response_values import ResponseValueValidator

pages = (pathlib.Path(argilla_server.__file__).parent / "static/_nuxt").glob("*.js")
pattern = r"\w\.anchorOffset,\w=\w\.focusOffset,\w=\{from:Math\.min"
print("the page sends", *{found for page in pages for found in re.findall(pattern, page.read_text())})

run = "😀😀😀 It runs. It fails."
settings = SpanQuestionSettings(
    type="span", field="run", options=[{"value": "bad", "text": "bad"}], allow_overlapping=True
)
for marked in ("It runs.", "It fails."):
    before = run[: run.index(marked)]
    start, end = (len(text.encode("utf-16-le")) // 2 for text in (before, before + marked))
    value = [SpanQuestionResponseValueItem(label="bad", start=start, end=end)]
    try:
        ResponseValueValidator.validate(value, settings, SimpleNamespace(fields={"run": run}), "submitted")
        print(f"marked {marked!r} ({start} to {end}): taken, as {run[start:end]!r}")
    except Exception as error:
        print(f"marked {marked!r} ({start} to {end}): refused, {error}")
PYTHON
