// The table, of what build.py and measure.mjs wrote: table.mjs WORK
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const work = process.argv[2];
const read = name => JSON.parse(fs.readFileSync(path.join(work, name), "utf8"));
const [build, measured] = [read("build.json"), read("measure.json")];
const INDEX = {
  goldbook: /^search\/[^/]*\.js$/,
  pagefind: /^pagefind\/((index|fragment|filter)\/|.*(pf_meta|entry\.json))/,
  material: /^search\//,
  mdbook: /^searchindex/,
};
const names = Object.keys(INDEX);
const kb = bytes => (bytes < 99_500 ? `${(bytes / 1000).toFixed(1)} KB` : bytes < 999_500 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(2)} MB`);
const sorted = list => [...list].sort((a, b) => a - b);
const spread = (list, digits = 0) => {
  const all = sorted(list.filter(one => one !== null));
  if (all.length === 0) return "nothing found";
  const missed = list.length - all.length;
  return `${all[all.length >> 1].toFixed(digits)} (${all[0].toFixed(digits)}–${all.at(-1).toFixed(digits)})${missed ? `, ${missed} of ${list.length} without` : ""}`;
};
const files = name => {
  const root = path.join(work, "sites", name);
  return fs.readdirSync(root, { recursive: true }).map(String).filter(file => INDEX[name].test(file) && fs.statSync(path.join(root, file)).isFile())
    .map(file => fs.readFileSync(path.join(root, file)));
};
const sizes = Object.fromEntries(names.map(name => {
  const all = files(name);
  return [name, { count: all.length, raw: all.reduce((sum, one) => sum + one.length, 0), gzip: all.reduce((sum, one) => sum + zlib.gzipSync(one, { level: 9 }).length, 0) }];
}));
const row = (title, cell) => console.log(`| ${title} | ${names.map(cell).join(" | ")} |`);

console.log(`${measured.chromium}\n`);
console.log(`| | ${names.join(" | ")} |\n|---|${names.map(() => "---").join("|")}|`);
row("index, files", name => sizes[name].count);
row("index, raw", name => kb(sizes[name].raw));
row("index, gzip", name => kb(sizes[name].gzip));
for (const query of ["working memory", "gaurdrails"]) {
  row(`loaded to the first result of "${query}", gzip: index + code`, name => {
    const loaded = measured.loaded[name]?.[query];
    return loaded ? `${kb(loaded.index.gzip)} + ${kb(loaded.code.gzip)}` : "no result";
  });
}
const times = (name, slowed, when, query) => spread(measured.times.filter(one => one.name === name && one.slowed === slowed && one.when === when && one.query === query).map(({ took }) => took));
for (const [slowed, when, query] of [["page", "later", "working memory"], ["page", "later", "gaurdrails"], ["process", "later", "working memory"], ["process", "later", "gaurdrails"], ["process", "at once", "working memory"]]) {
  row(`first result, ms: ${slowed === "page" ? "main thread /6" : "all threads /6"}, ${when === "later" ? "5 s after the page" : "at once"}, "${query}"`, name => times(name, slowed, when, query));
}
const middle = list => sorted(list)[list.length >> 1];
for (const [at, title] of [[0, "processor s"], [1, "processor s without the system's"]]) {
  const cpu = list => list.map(one => one[at]);
  const base = cpu(build.goldbook.with);
  row(`build with the index, ${title}`, name => (name === "pagefind" ? "–" : spread(cpu(build[name].with), 2)));
  row(`the index alone, ${title}`, name => {
    if (name === "pagefind") return spread(cpu(build.pagefind.with), 2);
    const [one, without] = [cpu(build[name].with), cpu(build[name].without)];
    return without.length ? spread(one.map((spent, pair) => spent - without[pair]), 2) : "no switch";
  });
  row(`build with index ÷ without, ${title}`, name => {
    const [one, without] = [cpu(build[name].with), cpu(build[name].without)];
    if (name === "pagefind") return `${spread(one.map(spent => (spent + middle(base)) / middle(base)), 2)} (on Goldbook's build)`;
    return without.length ? spread(one.map((spent, pair) => spent / without[pair]), 2) : "no switch";
  });
}
const kinds = [...new Set(measured.recall.goldbook.map(({ kind }) => kind))];
const hits = (name, kind, within, by = "row") => measured.recall[name].filter(one => (!kind || one.kind === kind) && one[by] > 0 && one[by] <= within).length;
for (const kind of kinds) row(`found among the first ten: ${kind} (of ${measured.recall.goldbook.filter(one => one.kind === kind).length})`, name => hits(name, kind, 10));
row(`found among the first ten, of ${measured.recall.goldbook.length}`, name => `**${hits(name, null, 10)}**`);
row("… counting pages, not rows", name => hits(name, null, 10, "page"));
row("… among the first three", name => hits(name, null, 3));
row("… first", name => hits(name, null, 1));
console.log("\nQueries that not all find (row of the first expected page; 0: not shown):\n");
console.log(`| kind | query | ${names.join(" | ")} |\n|---|---|${names.map(() => "---").join("|")}|`);
measured.recall.goldbook.forEach(({ kind, query }, at) => {
  const rows = names.map(name => measured.recall[name][at].row);
  if (rows.some(one => one < 1 || one > 10)) console.log(`| ${kind} | ${query} | ${rows.join(" | ")} |`);
});
