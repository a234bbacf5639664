#!/usr/bin/env bash
# Parquet files whose ordered categories differ are read as one table with an order that nobody gave, called ordered.
#
# One would guess that a folder of them reads as `pandas.concat` joins the same frames: as plain text, since no < partly
# < yes and no < yes are two orders. `pandas.read_parquet` of the folder (and pyarrow's `read_table` and
# `concat_tables`) puts what the first file lacks at the end and keeps the mark `ordered`: no < yes < partly. Two files
# with opposite orders read with the first one's. No warning; each file alone has its order right.
# It matters here because a rubric that gains a value between two, or a week written without the values that nobody
# gave, makes just such files: the codes, the maximum, `>= "partly"` and every weighted kappa or ordinal alpha of the
# codes then say that a "partly" is better than a "yes". Goldbook reads the words, and takes their order from the rubric
# or from --categories.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pandas==3.1.1 pyarrow==26.0.1 krippendorff==0.9.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import pathlib

import krippendorff
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

print("pandas", pd.__version__, "pyarrow", pa.__version__)


def write(path, scale, rows):
    path = pathlib.Path(path)
    path.parent.mkdir(exist_ok=True)
    frame = pd.DataFrame(rows, columns=["item", "rater", "label"])
    frame["label"] = pd.Categorical(frame["label"], scale, ordered=True)
    frame.to_parquet(path)
    return frame


def order(series):
    return list(series.cat.categories), series.cat.ordered


older = write("ratings/week-1.parquet", ["no", "yes"], [("a", "r1", "no"), ("a", "r2", "no"), ("b", "r1", "yes"), ("b", "r2", "yes"), ("c", "r1", "no"), ("c", "r2", "no")])
newer = write("ratings/week-2.parquet", ["no", "partly", "yes"], [("d", "r1", "partly"), ("d", "r2", "yes"), ("e", "r1", "partly"), ("e", "r2", "yes"), ("f", "r1", "no"), ("f", "r2", "partly")])
alone = [order(pd.read_parquet(f"ratings/week-{week}.parquet")["label"]) for week in (1, 2)]
joined = pd.concat([older, newer])["label"]
folder = pd.read_parquet("ratings")
combined = pa.concat_tables([pq.read_table(f"ratings/week-{week}.parquet") for week in (1, 2)])["label"].combine_chunks()
print("each file alone:", *alone)
print("pandas.concat of both:", joined.dtype)
print("pandas.read_parquet of the folder:", order(folder["label"]), "maximum:", folder["label"].max())
print("pyarrow.concat_tables:", combined.dictionary.to_pylist(), combined.type)

write("opposite/1.parquet", ["low", "high"], [("a", "r1", "low"), ("b", "r1", "high")])
write("opposite/2.parquet", ["high", "low"], [("c", "r1", "low"), ("d", "r1", "high")])
opposite = order(pd.read_parquet("opposite")["label"])
print("low < high, then high < low:", opposite)


def alpha(codes):
    table = folder.assign(code=codes).pivot(index="rater", columns="item", values="code").to_numpy(float)
    return krippendorff.alpha(table, level_of_measurement="ordinal")


of_codes = alpha(folder["label"].cat.codes)
of_rubric = alpha(folder["label"].map({"no": 0, "partly": 1, "yes": 2}).astype(int))
print(f"ordinal alpha of the folder's codes: {of_codes:.4f}, of the rubric's order: {of_rubric:.4f}")
assert alone == [(["no", "yes"], True), (["no", "partly", "yes"], True)], alone
assert not isinstance(joined.dtype, pd.CategoricalDtype), joined.dtype
assert order(folder["label"]) == (["no", "yes", "partly"], True) and folder["label"].max() == "partly", folder["label"].dtype
assert combined.dictionary.to_pylist() == ["no", "yes", "partly"] and combined.type.ordered, combined.type
assert opposite == (["low", "high"], True), opposite
assert abs(of_codes - of_rubric) > 0.05, (of_codes, of_rubric)
PYTHON
