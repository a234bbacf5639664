#!/usr/bin/env bash
# A comment that begins with `=` does not survive pandas' `to_excel` and `read_excel`; polars' `write_excel` keeps it.
#
# One would guess that a column of strings is written as strings. pandas' engines (openpyxl and xlsxwriter alike) write
# a string that begins with `=` as a formula without asking. Nobody has computed it: xlsxwriter stores 0 as its value
# and openpyxl none, so that whoever reads the workbook back gets 0 or a missing value in the comment's place. polars
# writes the same column as text.
# It matters here because raters write comments such as `=see step 3`, vendors send workbooks, and what a rater said
# would be gone without a word. Goldbook reads stored values for answers and the formula's text in columns of notes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install pandas==2.3.3 openpyxl==3.1.5 xlsxwriter==3.2.9 polars==1.35.2
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import openpyxl
import pandas
import polars
import xlsxwriter

print("pandas", pandas.__version__, "openpyxl", openpyxl.__version__, "xlsxwriter", xlsxwriter.__version__, "polars", polars.__version__)
comments = ["=see step 3", "fine"]


def cell(path):
    plain = openpyxl.load_workbook(path).active["A2"]
    stored = openpyxl.load_workbook(path, data_only=True).active["A2"]
    return plain.data_type, plain.value, stored.value


found = {}
for engine in ("openpyxl", "xlsxwriter"):
    pandas.DataFrame({"comment": comments}).to_excel(f"{engine}.xlsx", index=False, engine=engine)
    back = pandas.read_excel(f"{engine}.xlsx")["comment"].tolist()
    found[engine] = (*cell(f"{engine}.xlsx"), None if pandas.isna(back[0]) else back[0])
polars.DataFrame({"comment": comments}).write_excel("polars.xlsx")
found["polars"] = (*cell("polars.xlsx"), pandas.read_excel("polars.xlsx")["comment"].tolist()[0])
for writer, (kind, written, stored, back) in found.items():
    print(f"{writer}: written as {kind!r} {written!r}, stored value {stored!r}, read back by pandas as {back!r}")
assert found["openpyxl"][0] == found["xlsxwriter"][0] == "f", found
assert found["openpyxl"][3] is None and found["xlsxwriter"][3] == 0, found
assert found["polars"] == ("s", "=see step 3", "=see step 3", "=see step 3"), found
PYTHON
