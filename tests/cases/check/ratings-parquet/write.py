"""Writes the Parquet files of this case: what five programs make of the same answers, each with types of its own.

In: a folder. Out: pyarrow.parquet, pandas.parquet, polars.parquet, duckdb.parquet, datasets.parquet. `tests/tools parquet` runs it with
pinned versions. The rater of each file is the program that wrote it, so that whoever reads all five must find that they
agree in everything.
"""

import datetime as dt
import decimal
import pathlib
import sys

import datasets
import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

# item, reached, severity, causes, minutes
ANSWERS = [
    ("run-1", "yes", None, [], None),
    ("run-2", "no", 3, ["tool", "prompt"], decimal.Decimal("12.5")),
    ("run-3", "no", 1, ["tool"], decimal.Decimal("4")),
    ("run-4", "yes", 2, ["model"], decimal.Decimal("0.5")),
    ("run-5", "yes", 1, None, None),
]
ITEMS, REACHED, SEVERITY, CAUSES, MINUTES = (list(column) for column in zip(*ANSWERS))
LOCAL = [dt.datetime(2026, 11, 2, 10, minute) for minute in range(len(ANSWERS))]
UTC = [(time - dt.timedelta(hours=1)).replace(tzinfo=dt.timezone.utc) for time in LOCAL]


def with_pyarrow(path):
    """A row an answer: required columns, dictionaries, large strings, instants of Berlin, two row groups, zstd."""
    rows = []
    for (item, reached, severity, causes, minutes), time in zip(ANSWERS, UTC):
        said = {"reached": reached, "severity": severity, "causes": "|".join(causes or []), "minutes": minutes}
        rows += [(item, time, name, str(value)) for name, value in said.items() if value not in (None, "")]
    items, times, criteria, values = zip(*rows)
    criterion = pa.array(criteria, pa.string()).dictionary_encode()
    schema = pa.schema(
        [
            pa.field("item", pa.string(), nullable=False),
            pa.field("rater", pa.dictionary(pa.int8(), pa.string()), nullable=False),
            pa.field("criterion", pa.dictionary(pa.int8(), pa.string(), ordered=True), nullable=False),
            pa.field("value", pa.large_string()),
            pa.field("submitted_at", pa.timestamp("us", tz="Europe/Berlin")),
        ]
    )
    rater = pa.array(["pyarrow"] * len(rows)).dictionary_encode()
    columns = [items, rater.cast(schema.field("rater").type), criterion.cast(schema.field("criterion").type), values, times]
    table = pa.table([column if isinstance(column, pa.Array) else pa.array(column) for column in columns], schema.names)
    pq.write_table(table.cast(schema), path, compression="zstd", row_group_size=7)


def with_pandas(path):
    """A column a criterion: a category, numbers that became floats for one is missing, an index that was left, snappy."""
    frame = pd.DataFrame(
        {
            "item": ITEMS,
            "rater": pd.Categorical(["pandas"] * len(ITEMS)),
            "submitted_at": pd.to_datetime(UTC),
            "reached": [answer == "yes" for answer in REACHED],
            "severity": SEVERITY,
            "causes": CAUSES,
            "minutes": [None if value is None else float(value) for value in MINUTES],
        },
        index=[value + 7 for value in range(len(ITEMS))],
    )
    assert frame["severity"].dtype == "float64"
    frame.to_parquet(path, engine="pyarrow", compression="snappy")


def with_polars(path):
    """An enum, small whole numbers, a true NaN, times without a zone, LZ4."""
    minutes = [float("nan") if value is None else float(value) for value in MINUTES]
    frame = pl.DataFrame(
        {
            "item": ITEMS,
            "rater": ["polars"] * len(ITEMS),
            "submitted_at": pl.Series(LOCAL, dtype=pl.Datetime("ms")),
            "reached": pl.Series(REACHED, dtype=pl.Enum(["yes", "no"])),
            "severity": pl.Series(SEVERITY, dtype=pl.UInt8),
            "causes": pl.Series(CAUSES, dtype=pl.List(pl.String)),
            "minutes": pl.Series(minutes, dtype=pl.Float32),
        }
    )
    frame.write_parquet(path, compression="lz4")


def with_duckdb(path):
    """Decimals, an enum, a sum, a list, instants, a structure that says nothing of ratings, gzip."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'; CREATE TYPE answer AS ENUM ('yes', 'no')")
    connection.execute(
        "CREATE TABLE ratings (item TEXT NOT NULL, rater TEXT, submitted_at TIMESTAMPTZ, reached answer,"
        " severity BIGINT, causes TEXT[], minutes DECIMAL(3, 1), source STRUCT(batch INT, tool TEXT))"
    )
    for item, reached, severity, causes, minutes, time in zip(ITEMS, REACHED, SEVERITY, CAUSES, MINUTES, UTC):
        connection.execute(
            "INSERT INTO ratings VALUES (?, 'duckdb', ?, ?, ?, ?, ?, {batch: 45, tool: 'form'})",
            [item, time, reached, severity, causes, minutes],
        )
    connection.execute(
        "COPY (SELECT item, rater, submitted_at, reached, sum(severity) AS severity, any_value(causes) AS causes,"
        " any_value(minutes) AS minutes, any_value(source) AS source FROM ratings GROUP BY ALL ORDER BY item)"
        f" TO '{path}' (FORMAT parquet, COMPRESSION gzip)"
    )


def with_datasets(path):
    """Labels, which are stored as their places from 0 on: 1 of a severity is 0, and none is null or -1."""
    severity = datasets.ClassLabel(names=["1", "2", "3"])
    features = datasets.Features(
        {
            "item": datasets.Value("string"),
            "rater": datasets.ClassLabel(names=["datasets"]),
            "submitted_at": datasets.Value("timestamp[us, tz=UTC]"),
            "reached": datasets.ClassLabel(names=["no", "yes"]),
            "severity": severity,
            "causes": datasets.List(datasets.ClassLabel(names=["model", "prompt", "tool"])),
            "minutes": datasets.Value("float64"),
        }
    )
    columns = {
        "item": ITEMS,
        "rater": ["datasets"] * len(ITEMS),
        "submitted_at": UTC,
        "reached": REACHED,
        "severity": [-1 if value is None else severity.str2int(str(value)) for value in SEVERITY],
        "causes": CAUSES,
        "minutes": [None if value is None else float(value) for value in MINUTES],
    }
    written = datasets.Dataset.from_dict(columns, features=features)
    assert written.with_format("arrow")["severity"].to_pylist() == [-1, 2, 0, 1, 0]
    written.to_parquet(path)


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name, write in [
        ("pyarrow", with_pyarrow),
        ("pandas", with_pandas),
        ("polars", with_polars),
        ("duckdb", with_duckdb),
        ("datasets", with_datasets),
    ]:
        write(folder / f"{name}.parquet")
