#!/usr/bin/env bash
# polars' `read_excel` turns a word in a column of numbers into null, if it first comes after the hundredth row.
#
# One would guess that a word which does not fit the numbers above it is an error, as it is for `read_csv`, or that the
# column becomes text, as it does when the word stands higher up. Below the 100 rows from which it infers the types,
# `read_excel` with its own engine (calamine) gives null for it, without a warning: `unsure` and `4 (see note)` look
# like cells that nobody filled in. `infer_schema_length=None` keeps them. Of its other engines, openpyxl keeps them,
# and xlsx2csv raises an error; so does the same table as CSV.
# It matters here because "unsure" and an empty cell are different things: what was asked and declined is part of right
# out of asked, and a week's workbook is longer than 100 rows. Sorted by date, it is the later answers that are gone.
# Goldbook infers no type of a column: it reads each cell for itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install polars==2.1.0 fastexcel==0.21.0 xlsx2csv==0.8.6 pandas==3.1.1 openpyxl==3.1.5 pyarrow==26.0.1
cd "$folder"
"$folder/venv/bin/python" -W error::UserWarning - <<'PYTHON'
import fastexcel
import openpyxl
import pandas
import polars

print("polars", polars.__version__, "fastexcel", fastexcel.__version__, "pandas", pandas.__version__)
ANSWERS = [1 + row % 5 for row in range(300)]
WORDS = ["unsure", "4 (see note)"]


def write(first):
    """A workbook and a CSV file of 300 answers, with two words among them, the first in row `first` (from 1)."""
    answers = [*ANSWERS[: first - 1], *WORDS, *ANSWERS[first + 1 :]]
    book = openpyxl.Workbook()
    for line in [("item", "severity"), *((f"run-{row}", answer) for row, answer in enumerate(answers))]:
        book.active.append(line)
    book.save("week.xlsx")
    polars.DataFrame({"severity": [str(answer) for answer in answers]}).write_csv("week.csv")


def read(first, reader, path, **options):
    """The type of the column, what stands in place of the words, and how many answers there are in all."""
    write(first)
    try:
        column = reader(path, **options)["severity"]
    except polars.exceptions.ComputeError:
        return "ComputeError"
    return str(column.dtype), list(column[first - 1 : first + 1]), len(column.drop_nulls())


excel = polars.read_excel
found = {
    "read_excel, from row 100": read(100, excel, "week.xlsx"),
    "read_excel, from row 101": read(101, excel, "week.xlsx"),
    "read_excel, from row 250": read(250, excel, "week.xlsx"),
    "the same, all rows inferred from": read(250, excel, "week.xlsx", infer_schema_length=None),
    "the same, engine openpyxl": read(250, excel, "week.xlsx", engine="openpyxl"),
    "the same, engine xlsx2csv": read(250, excel, "week.xlsx", engine="xlsx2csv"),
    "the same as CSV, read_csv": read(250, polars.read_csv, "week.csv"),
}
for name, seen in found.items():
    print(f"{name:34} {seen}")
write(250)
in_pandas = pandas.read_excel("week.xlsx")["severity"]
print("pandas:", in_pandas.tolist()[249:251], in_pandas.count())
text, gone = ("String", WORDS, 300), ("Int64", [None, None], 298)
assert found["read_excel, from row 100"] == text, found
assert found["read_excel, from row 101"] == found["read_excel, from row 250"] == gone, found
assert found["the same, all rows inferred from"] == found["the same, engine openpyxl"] == text, found
assert found["the same, engine xlsx2csv"] == found["the same as CSV, read_csv"] == "ComputeError", found
assert in_pandas.tolist()[249:251] == WORDS and in_pandas.count() == 300, in_pandas
PYTHON
