"""The handbook's Markdown, the same for each tool: prepare.py PACKAGE PAGES

Taken are the pages that mastra.ai/docs publishes (they begin with a note to language models, the same on each; the package's
course does not). Taken out: that note, and pictures, which the package does not have (logos in headings, screenshots).
"""
import pathlib, re, shutil, sys

package, out = map(pathlib.Path, sys.argv[1:])
NOTE = re.compile(r"\A> Mastra docs are the canonical[^\n]*\n\n> Discover all available pages[^\n]*\n\n")
PICTURE = re.compile(r"!\[[^\]\n]*\]\((?:https?:/|/assets|/img)/[^)\s]*\)")
shutil.rmtree(out, ignore_errors=True)
count = words = 0
for file in sorted((package / ".docs").rglob("*.md")):
    text = file.read_text("utf-8")
    if not NOTE.match(text):
        continue
    text = PICTURE.sub("", NOTE.sub("", text))
    to = out / file.relative_to(package / ".docs")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, "utf-8")
    count, words = count + 1, words + len(text.split())
print(f"{count} pages, {words} words, {sum(f.stat().st_size for f in out.rglob('*.md'))} bytes")
