#!/usr/bin/env bash
# NLTK's `masi_distance` rounds the thirds of MASI, and has no distance for two empty sets.
#
# One would guess that it computes MASI as Passonneau (2006) defines it: Jaccard's index times 1, 2/3, 1/3 or 0, so that
# {a, b} and {a, b, c, d} have the distance 1 - 1/2 · 2/3 = .6667. NLTK multiplies by .67 and .33 and says .665; and for
# two raters who both flag nothing it raises ZeroDivisionError, so that a table with one such item has no alpha.
# It matters here because alphas of sets are compared with NLTK's: its own distance gives another third decimal, and
# empty sets have to be left out or given a distance of one's own. Goldbook takes the thirds in full, and two empty sets
# as the same.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install nltk==3.9.2
"$folder/venv/bin/python" - <<'PYTHON'
import nltk
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import masi_distance

print("nltk", nltk.__version__)
held, overlapping = masi_distance({1, 2}, {1, 2, 3, 4}), masi_distance({1, 2}, {2, 3})
print("one set holds the other:", held, "defined:", 1 - 1 / 2 * 2 / 3)
print("two sets overlap:", overlapping, "defined:", 1 - 1 / 3 * 1 / 3)
try:
    empty = masi_distance(set(), set())
except ZeroDivisionError:
    empty = "ZeroDivisionError"
print("two empty sets:", empty)

rows = [("a", 1, "x"), ("b", 1, "xy"), ("a", 2, "y"), ("b", 2, "y"), ("a", 3, "xyz"), ("b", 3, "xy"), ("a", 4, "z"), ("b", 4, "yz")]
data = [(rater, item, frozenset(labels)) for rater, item, labels in rows]


def masi(one, other):
    common = len(one & other)
    held = common == min(len(one), len(other))
    factor = 1 if one == other else 2 / 3 if held else 1 / 3
    return 1 - common / len(one | other) * factor


theirs = AnnotationTask(data, distance=masi_distance).alpha()
defined = AnnotationTask(data, distance=masi).alpha()
print("alpha with NLTK's distance:", theirs, "with the thirds in full:", defined)
assert abs(held - 0.665) < 1e-12 and abs(overlapping - 0.89) < 1e-12, "the distances changed"
assert empty == "ZeroDivisionError", "two empty sets have a distance now"
assert abs(theirs - defined) > 1e-4, "both alphas are the same now"
PYTHON
