"""The four sites, and what their indexes cost to make: build.py WORK GOLDBOOK MDBOOK [RUNS]

Writes WORK/sites/{goldbook,pagefind,material,mdbook} and WORK/build.json. Processor time is that of the whole command and of
all that it starts. Material and mdBook are run with their search and without, in turn; Goldbook has no switch for that. Pagefind is no part of a generator: its own command is measured, over the pages that Goldbook made.
"""
import json, os, pathlib, re, resource, shutil, subprocess, sys, time

work, goldbook, mdbook = pathlib.Path(sys.argv[1]), *map(os.path.abspath, sys.argv[2:4])
runs = int(sys.argv[4]) if len(sys.argv) > 4 else 3
pages, sites = work / "pages", work / "sites"
mkdocs = [sys.executable, "-m", "mkdocs"]


def run(command, cwd):
    """Processor seconds in all, those in the program itself (without the system's), seconds of the clock."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[:3]} ended with {done.returncode}:\n" + done.stdout.decode()[-4000:])
    own = after.ru_utime - before.ru_utime
    return round(own + after.ru_stime - before.ru_stime, 3), round(own, 3), round(time.monotonic() - start, 3)


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def build_goldbook(_):
    folder = fresh(work / "goldbook")
    (folder / "goldbook.yaml").write_text("title: Mastra\naudiences: {readers: []}\ndefault_audience: readers\n")
    shutil.copytree(pages, folder / "content/pages")
    spent = run([goldbook, "build"], folder)
    shutil.rmtree(sites / "goldbook", ignore_errors=True)
    shutil.copytree(folder / "public/readers", sites / "goldbook")
    return spent


def build_material(searched):
    folder = fresh(work / "material")
    (folder / "mkdocs.yml").write_text(
        "site_name: Mastra\ntheme: {name: material, font: false, features: [navigation.prune]}\n"
        # What mkdocs-material's own page names for tables, code and lists of this kind of Markdown.
        "markdown_extensions: [tables, admonition, pymdownx.superfences, {toc: {permalink: false}}]\n"
        f"plugins: {'[search]' if searched else '[]'}\n"
    )
    shutil.copytree(pages, folder / "docs")
    spent = run([*mkdocs, "build", "--quiet"], folder)
    if searched:
        shutil.rmtree(sites / "material", ignore_errors=True)
        shutil.copytree(folder / "site", sites / "material")
    return spent


def build_mdbook(searched):
    folder = fresh(work / "mdbook")
    (folder / "book.toml").write_text(
        f'[book]\ntitle = "Mastra"\nlanguage = "en"\n[output.html.search]\nenable = {str(searched).lower()}\n'
    )
    shutil.copytree(pages, folder / "src")
    title = lambda file: re.sub(r"[\[\]`]", "", re.search(r"^# (.*)", file.read_text(), re.M).group(1))
    files = sorted(file for file in (folder / "src").rglob("*.md"))
    entries = [f"- [{title(file)}]({file.relative_to(folder / 'src')})\n" for file in files]
    (folder / "src/SUMMARY.md").write_text("# Summary\n\n" + "".join(entries))
    spent = run([mdbook, "build"], folder)
    if searched:
        shutil.rmtree(sites / "mdbook", ignore_errors=True)
        shutil.copytree(folder / "book", sites / "mdbook")
    return spent


INTERFACE = """<link href="{up}pagefind/pagefind-ui.css" rel="stylesheet"><script src="{up}pagefind/pagefind-ui.js"></script>
<div id="pagefind-search"></div><script>addEventListener("DOMContentLoaded", () => new PagefindUI({{
element: "#pagefind-search", showSubResults: true, showImages: false }}));</script>"""


def build_pagefind(searched):
    """Goldbook's pages without Goldbook's search, with Pagefind's interface, as its manual says to add it."""
    site = sites / "pagefind"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(sites / "goldbook", site)
    shutil.rmtree(site / "search", ignore_errors=True)
    (site / "theme/search.js").unlink(missing_ok=True)
    for page in site.rglob("*.html"):
        up = "../" * (len(page.relative_to(site).parts) - 1)
        text = re.sub(r'<a class="find"[^>]*>Search</a>', "", page.read_text())
        # The page's policy allows the site's own scripts alone; Pagefind is WebAssembly, started by a script in the page.
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
        page.write_text(text.replace("<main", INTERFACE.format(up=up) + "<main", 1))
    executable = subprocess.run(
        [sys.executable, "-c", "import pagefind_bin; print(pagefind_bin.get_executable())"], capture_output=True, text=True
    ).stdout.strip()
    return run([executable, "--site", str(site), "--root-selector", "main", "--exclude-selectors", "[data-unsearched]"], work)


sites.mkdir(parents=True, exist_ok=True)
spent = {name: {"with": [], "without": []} for name in ["goldbook", "pagefind", "material", "mdbook"]}
builders = {"goldbook": build_goldbook, "pagefind": build_pagefind, "material": build_material, "mdbook": build_mdbook}
# Goldbook's build is short, and most of it is the writing of files: more pairs.
TIMES = {"goldbook": 5}
for at in range(runs):
    for name, build in [(name, build) for name, build in builders.items() for _ in range(TIMES.get(name, 1))]:
        spent[name]["with"].append(build(True))
        if name in ("material", "mdbook"):
            spent[name]["without"].append(build(False))
        print(f"built {at + 1}/{runs}: {name} {spent[name]['with'][-1]} {spent[name]['without'][-1:]}", flush=True)
(work / "build.json").write_text(json.dumps(spent, indent=1))
