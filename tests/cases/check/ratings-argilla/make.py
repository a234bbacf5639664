"""Makes records with responses as Argilla exports them: make.py FOLDER. What they hold is made up, and no server is asked.
`tests/tools argilla` runs this with the pinned Argilla. Keys are sorted, since Argilla's come in another order each time.

Out: flat.json, which its `to_list(flatten=True)` gives, and nested.json, which `to_list()` and its JSON files hold.
"""

import json
import pathlib
import sys
import uuid

import argilla as rg
from argilla.records._io._generic import GenericIO

FOLDER = pathlib.Path(sys.argv[1])
ANN, BEN, CLEO = (uuid.UUID(int=number << 64 | 4 << 76) for number in (1, 2, 3))


def record(id, responses, suggestions=(), **metadata):
    return rg.Record(
        id=id,
        fields={"run": "Start the server."},
        metadata=metadata,
        responses=[rg.Response(question, value, user_id=user, status=status) for user, question, value, status in responses],
        suggestions=[rg.Suggestion(question, value, agent="judge-v1", score=0.7) for question, value in suggestions],
    )


RECORDS = [
    record(
        "run-3",
        [
            (ANN, "reached", "no", "submitted"),
            (BEN, "reached", "yes", "draft"),
            (CLEO, "reached", None, "discarded"),
            (ANN, "severity", 3, "submitted"),
            (BEN, "severity", 7, "submitted"),
            (ANN, "why", "It fails.", "submitted"),
        ],
        [("reached", "yes"), ("severity", 2)],
        vendor="acme",
    ),
    record("run-5", [(BEN, "reached", "yes", "submitted"), (BEN, "spans", [dict(start=0, end=5, label="bad")], "submitted")]),
    record("run-6", []),
]

FOLDER.mkdir(parents=True, exist_ok=True)
for name, is_flat in [("flat.json", True), ("nested.json", False)]:
    text = json.dumps(GenericIO.to_list(RECORDS, flatten=is_flat), indent=1, sort_keys=True)
    (FOLDER / name).write_text(text + "\n")
