#!/usr/bin/env bash
# Hugging Face `datasets` reads the number 3 in JSON as the label "4", and the 3 in a CSV file as the label "3".
#
# One would guess that a `ClassLabel` with the names "1" to "5" takes the rating 3 for the label "3", from wherever it
# comes. It takes a *number* for the place of the label, counted from 0, and *text* for its name. `load_dataset` reads
# the 3 of a CSV file as text; the same rating as a number in JSON or Parquet, in a list or in a column that is cast is
# one value higher. A 5 is stored as a place that has no label; only `from_list` and `from_dict` refuse it, the others
# say nothing. `class_encode_column` gives a scale of 1 to 10 the order 1, 10, 2, 3, …
# It matters here because ratings are published as `datasets`, and scales begin with 1: gold from a CSV file and ratings
# from JSON, read with the same features, differ by one everywhere: whoever is always right is always wrong, and the
# raters agree with one another as before. The Parquet files of such a set hold the places, and the values only in their
# metadata: Goldbook reads those.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install datasets==5.2.0 pyarrow==26.0.1
cd "$folder"
HF_HOME="$folder/home" HF_HUB_OFFLINE=1 HF_DATASETS_DISABLE_PROGRESS_BARS=1 "$folder/venv/bin/python" -W error::UserWarning - <<'PYTHON'
import json

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
from datasets import ClassLabel, Dataset, Features, Value, load_dataset

print("datasets", datasets.__version__)
datasets.disable_progress_bars()
RATINGS = [1, 2, 3, 4, 2]
SCALE = ClassLabel(names=["1", "2", "3", "4", "5"])
FEATURES = Features({"item": Value("string"), "severity": SCALE})
rows = [{"item": f"run-{n}", "severity": rating} for n, rating in enumerate(RATINGS)]
with open("ratings.csv", "w") as file:
    file.write("item,severity\n" + "".join(f"{row['item']},{row['severity']}\n" for row in rows))
with open("ratings.jsonl", "w") as file:
    file.write("".join(json.dumps(row) + "\n" for row in rows))
with open("text.jsonl", "w") as file:
    file.write("".join(json.dumps({**row, "severity": str(row["severity"])}) + "\n" for row in rows))
pq.write_table(pa.Table.from_pylist(rows), "ratings.parquet")


def load(kind, path):
    return load_dataset(kind, data_files=path, features=FEATURES, split="train")


def names(dataset):
    return [dataset.features["severity"].int2str(place) for place in dataset["severity"]]


found = {
    "CSV": names(load("csv", "ratings.csv")),
    "JSON, text": names(load("json", "text.jsonl")),
    "JSON, numbers": names(load("json", "ratings.jsonl")),
    "Parquet, numbers": names(load("parquet", "ratings.parquet")),
    "from_list, numbers": names(Dataset.from_list(rows, features=FEATURES)),
    "cast_column of numbers": names(Dataset.from_list(rows).cast_column("severity", SCALE)),
}
print(f"{'rated':24} {RATINGS}")
for source, labels in found.items():
    print(f"{source:24} {labels}")
kept, moved = [str(rating) for rating in RATINGS], [str(rating + 1) for rating in RATINGS]
wide = Dataset.from_dict({"severity": [1, 2, 3, 10, 9]}).class_encode_column("severity")
print("class_encode_column of 1, 2, 3, 10, 9:", wide.features["severity"].names, wide["severity"][:])
with open("five.jsonl", "w") as file:
    file.write(json.dumps({"item": "run-5", "severity": 5}) + "\n")
places = load("json", "five.jsonl")["severity"][:]
try:
    refused = Dataset.from_list([{"item": "run-5", "severity": 5}], features=FEATURES)["severity"][:]
except ValueError as error:
    refused = f"ValueError: {error}"
print("a 5: JSON gives the place", places, "and from_list", refused)
load("csv", "ratings.csv").to_parquet("published.parquet")
published = pq.read_table("published.parquet")
print("published as Parquet:", published["severity"].to_pylist(), published.schema.metadata[b"huggingface"].decode()[-75:])
assert found["CSV"] == found["JSON, text"] == kept, found
assert found["JSON, numbers"] == found["Parquet, numbers"] == found["from_list, numbers"] == found["cast_column of numbers"] == moved, found
assert wide.features["severity"].names == ["1", "10", "2", "3", "9"] and wide["severity"][:] == [0, 2, 3, 1, 4], wide.features
assert places == [5] and str(refused).startswith("ValueError"), (places, refused)
assert published["severity"].to_pylist() == [rating - 1 for rating in RATINGS], published
PYTHON
