#!/usr/bin/env bash
# Argilla's JSON export has drafts and discarded responses among the submitted ones, and does not say which is which.
#
# One would guess that what `records.to_json` writes holds the status of each response, as the flat list of the same
# records does (`to_list(flatten=True)`, `….responses.status`), or the submitted ones alone. It holds the value and the
# user of every response, and nothing else: a draft that its user never submitted looks like an answer.
# It matters here because such a file would count what people did not say as their ratings, and a discarded record as
# one without an answer. Goldbook reads these files with a warning, and asks for the flat ones.
# (argilla 2.8.0 also imports `requests` without asking for it to be installed.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install argilla==2.8.0 requests==2.32.5
"$folder/venv/bin/python" - "$folder/records.json" <<'PYTHON'
import json
import sys
import uuid

import argilla as rg
from argilla.records._io import GenericIO, JsonIO

said = [("yes", "submitted"), ("no", "draft")]
said = [rg.Response("reached", value, user_id=uuid.uuid4(), status=status) for value, status in said]
records = [rg.Record(id="run-1", fields={"run": "Start."}, responses=said)]
JsonIO.to_json(records, sys.argv[1])
print("to_json: ", [sorted(response) for response in json.load(open(sys.argv[1]))[0]["responses"]["reached"]])
flat = GenericIO.to_list(records, flatten=True)[0]
print("flat:    ", flat["reached.responses"], flat["reached.responses.status"])
PYTHON
