#!/usr/bin/env bash
# Goldbook's search beside Pagefind's, mkdocs-material's and mdBook's, on one public handbook: run.sh GOLDBOOK [MDBOOK]
#
# Fetches the handbook and the tools from npm, PyPI and crates.io at pinned versions, builds four sites of the same Markdown,
# and measures them in Chromium (CHROMIUM, else /usr/bin/chromium). Needs node 20, python 3.11, cargo where MDBOOK is not
# named, and about 30 minutes. WORK keeps what was made; LOADS (5) and RUNS (3) say how often. The queries were written from
# the handbook's text before any engine was run; queries-held-out.tsv holds questions by which changes of the ranking were compared.
set -euo pipefail
goldbook=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
echo "in $work"

# The handbook: Mastra's documentation (Apache-2.0), 912 pages, as its package for editors ships it.
if [ ! -d "$work/pages" ]; then
  (cd "$work" && npm pack --silent @mastra/mcp-docs-server@1.2.27 >pack.log && tar xzf mastra-mcp-docs-server-1.2.27.tgz)
  python3 "$here/prepare.py" "$work/package" "$work/pages"
fi
[ -d "$work/env" ] || python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
mdbook=${2:-$work/cargo/bin/mdbook}
[ -x "$mdbook" ] || cargo install mdbook --version 0.5.4 --locked --no-default-features --features search --root "$work/cargo"
cp "$here"/{package.json,measure.mjs,table.mjs,slow.py} "$work/"
(cd "$work" && npm install --silent --no-audit --no-fund)

"$work/env/bin/python" "$here/build.py" "$work" "$goldbook" "$mdbook" "${RUNS:-3}"
(cd "$work" && node measure.mjs "$work" "$here/queries.tsv" "${LOADS:-5}")
{ date -u +%F; "$goldbook" --version; "$mdbook" --version; "$work/env/bin/pip" list 2>/dev/null | grep -E '^(mkdocs|mkdocs-material|pagefind) '; (cd "$work" && node table.mjs "$work"); } | tee "$work/table.md"
