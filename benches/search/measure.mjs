// Recall, what is loaded, and the first result's time, in one Chromium: measure.mjs WORK QUERIES [LOADS [recall|times]]
// Writes WORK/measure.json; where one of the two is asked for, the other stays in it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import zlib from "node:zlib";
import puppeteer from "puppeteer-core";

const [work, queriesFile, loads = "5", part = "both"] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const RATE = 6;
// After this long without a new result the results are taken as they stand.
const SETTLED = 700;
const READING = 5000;
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

const TOOLS = {
  goldbook: {
    page: "/pages/docs/skills/index.html",
    open: "a[data-search]",
    field: "dialog.searching input",
    links: "ol.found > li > a",
    told: "dialog.searching [role=status]",
    index: /^\/search\/[^/]*\.js$/,
    code: /^\/theme\/(search|find)\.js$/,
  },
  pagefind: {
    page: "/pages/docs/skills/index.html",
    open: ".pagefind-ui__search-input",
    field: ".pagefind-ui__search-input",
    links: ".pagefind-ui__result-title:not(.pagefind-ui__result-nested .pagefind-ui__result-title) > a.pagefind-ui__result-link",
    more: ".pagefind-ui__button",
    told: ".pagefind-ui__message",
    index: /^\/pagefind\/((index|fragment|filter)\/|.*(pf_meta|entry\.json))/,
    code: /^\/pagefind\/[^/]*\.(js|css|pagefind)$/,
  },
  material: {
    page: "/docs/skills/",
    open: "input.md-search__input",
    field: "input.md-search__input",
    links: ".md-search-result__item > a.md-search-result__link",
    told: ".md-search-result__meta",
    index: /^\/search\//,
    code: /\/javascripts\/(workers|lunr)\//,
  },
  mdbook: {
    page: "/docs/skills.html",
    open: "#mdbook-search-toggle",
    field: "#mdbook-searchbar",
    links: "#mdbook-searchresults li > a",
    told: "#mdbook-searchresults-header",
    index: /^\/searchindex/,
    code: /^\/(elasticlunr|mark|searcher)[^/]*\.js$/,
  },
};

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const packed = new Map();
const serve = async (name, tool) => {
  const root = path.join(work, "sites", name);
  tool.requests = [];
  const server = http.createServer((request, response) => {
    const address = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const file = path.join(root, address.endsWith("/") ? `${address}index.html` : address);
    if (!fs.existsSync(file) || fs.statSync(file).isDirectory()) return void response.writeHead(404).end();
    const type = TYPES[path.extname(file)];
    if (!packed.has(file)) {
      const bytes = fs.readFileSync(file);
      packed.set(file, [bytes, type ? zlib.gzipSync(bytes, { level: 9 }) : bytes]);
    }
    const [bytes, zipped] = packed.get(file);
    tool.requests.push([address, bytes.length, zipped.length]);
    const headers = { "content-type": type ?? "application/octet-stream", "cache-control": "no-store", "content-length": zipped.length };
    if (type) headers["content-encoding"] = "gzip";
    response.writeHead(200, headers).end(zipped);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  tool.origin = `http://127.0.0.1:${server.address().port}`;
  return server;
};

// What a link leads to, as the name of the handbook's file, in lower case as Goldbook writes it.
const nameOf = href => {
  const { pathname } = new URL(href);
  return decodeURIComponent(pathname).toLowerCase().replace(/^\/+/, "").replace(/^pages\//, "").replace(/(\/?index)?\.html$/, "").replace(/\/(index)?$/, "");
};
const wantedNames = text => text.toLowerCase().split("|").map(name => name.replace(/(^|\/)index$/, ""));

const queries = fs.readFileSync(queriesFile, "utf8").split("\n").filter(line => line && !line.startsWith("#"))
  .map(line => line.split("\t")).map(([kind, query, expected]) => ({ kind, query, expected: wantedNames(expected) }));

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-extensions", "--disable-background-networking"],
  protocolTimeout: 600_000,
});
const watch = links => {
  window.opened = null;
  window.first = null;
  addEventListener("click", () => { window.opened ??= performance.now(); }, true);
  new MutationObserver(() => {
    if (window.first === null && document.querySelector(links)) window.first = performance.now();
  }).observe(document, { subtree: true, childList: true });
};
const fresh = async tool => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.evaluateOnNewDocument(watch, tool.links);
  return [context, page];
};
const open = async (page, tool) => {
  await page.waitForSelector(tool.open, { visible: true });
  await page.click(tool.open);
  await page.waitForSelector(tool.field, { visible: true });
  await page.focus(tool.field);
};
const type = async (page, query) => {
  await page.keyboard.sendCharacter(query);
  // Some listen to keys and not to what is entered.
  await page.keyboard.press("End");
};
const shown = (page, tool) => page.$$eval(tool.links, links => links.map(link => link.href));
// What is told of a search that has ended; nothing before.
const told = (page, tool) => page.$$eval(tool.told, found => found.map(one => one.textContent.trim()).join("")
  .replace(/^(Words, or their|Type to start|Initializing|Searching for).*/s, ""));
const wait = async (page, tool, wanted) => {
  const start = Date.now();
  while (wanted(await told(page, tool)) === false) {
    if (Date.now() - start > 20_000) return console.log("waited in vain:", await told(page, tool));
    await sleep(30);
  }
};
const settled = async (page, tool) => {
  let [last, since] = ["", Date.now()];
  while (Date.now() - since < SETTLED) {
    await sleep(50);
    const now = JSON.stringify(await shown(page, tool));
    if (now !== last) [last, since] = [now, Date.now()];
  }
  return JSON.parse(last);
};

const servers = await Promise.all(Object.entries(TOOLS).map(([name, tool]) => serve(name, tool)));
const file = path.join(work, "measure.json");
const known = part !== "both" && fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : { recall: {}, loaded: {}, times: [] };
const result = { ...known, chromium: await browser.version(), ...(part === "recall" ? {} : { loaded: {}, times: [] }) };

// Recall: one page of each, query after query, without slowing down.
for (const [name, tool] of part === "times" ? [] : Object.entries(TOOLS)) {
  const [context, page] = await fresh(tool);
  await page.goto(tool.origin + tool.page, { waitUntil: "networkidle0" });
  await open(page, tool);
  await type(page, "agent");
  await page.waitForSelector(tool.links, { timeout: 60_000 });
  await settled(page, tool);
  result.recall[name] = [];
  for (const { kind, query, expected } of queries) {
    await page.focus(tool.field);
    await page.$eval(tool.field, field => field.select());
    await page.keyboard.press("Backspace");
    // mdBook keeps what it told; it is told anew at once.
    if (name !== "mdbook") await wait(page, tool, text => text === "");
    await sleep(400);
    await type(page, query);
    await wait(page, tool, text => text !== "");
    let links = await settled(page, tool);
    if (tool.more && links.length < 10 && (await page.$(tool.more))) {
      await page.$eval(tool.more, button => button.click());
      links = await settled(page, tool);
    }
    const names = links.map(nameOf);
    const distinct = [...new Set(names)];
    const rank = list => 1 + list.findIndex(found => expected.includes(found));
    result.recall[name].push({ kind, query, row: rank(names), page: rank(distinct), rows: names.length, first: distinct.slice(0, 10) });
  }
  await context.close();
  console.log("recall", name, result.recall[name].filter(({ row }) => row > 0 && row <= 10).length, "of", queries.length);
}

const save = () => fs.writeFileSync(file, JSON.stringify(result, null, 1));
save();

const firstResult = async (tool, query, slowed, when) => {
  const [context, page] = await fresh(tool);
  let slow;
  try {
    tool.requests.length = 0;
    if (slowed === "page") await page.emulateCPUThrottling(RATE);
    else {
      slow = spawn("python3", [path.join(here, "slow.py"), String(browser.process().pid), String(RATE)], { stdio: ["pipe", "pipe", "inherit"] });
      await once(slow.stdout, "data");
    }
    await page.goto(tool.origin + tool.page, { waitUntil: "load" });
    if (when === "later") await sleep(READING);
    await open(page, tool);
    await type(page, query);
    // The time is taken in the page; this only looks whether it was, or that it is said that nothing was found.
    const ended = told => window.first !== null || /^(No |Nothing )/.test(document.querySelector(told)?.textContent.trim() ?? "");
    await page.waitForFunction(ended, { timeout: 120_000, polling: 200 }, tool.told);
    return await page.evaluate(() => (window.first === null ? null : window.first - window.opened));
  } finally {
    if (slow) {
      slow.stdin.end("end\n");
      await once(slow, "exit");
    }
    await context.close();
  }
};

const sum = (requests, pattern, at) => requests.filter(([address]) => pattern.test(address)).reduce((all, one) => all + one[at], 0);
const CASES = [
  ["page", "later", "working memory"],
  ["page", "later", "gaurdrails"],
  ["process", "later", "working memory"],
  ["process", "later", "gaurdrails"],
  ["process", "at once", "working memory"],
];
for (let load = 0; part !== "recall" && load < Number(loads); load++) {
  for (const [slowed, when, query] of CASES) {
    for (const [name, tool] of Object.entries(TOOLS)) {
      let took = null;
      try {
        const measured = await firstResult(tool, query, slowed, when);
        took = measured === null ? null : Math.round(measured);
      } catch (error) {
        console.log("no result:", name, slowed, when, query, String(error).split("\n")[0]);
      }
      result.times.push({ name, slowed, when, query, took });
      if (slowed === "page" && when === "later" && took !== null) {
        const [index, code] = [tool.index, tool.code].map(pattern => ({ raw: sum(tool.requests, pattern, 1), gzip: sum(tool.requests, pattern, 2) }));
        const files = [...new Set(tool.requests.filter(([a]) => tool.index.test(a) || tool.code.test(a)).map(([a, , zipped]) => `${a} ${zipped}`))];
        (result.loaded[name] ??= {})[query] = { index, code, files };
      }
      console.log(load + 1, slowed, when, JSON.stringify(query), name, took);
    }
  }
  save();
}

await browser.close();
servers.forEach(server => server.close());
