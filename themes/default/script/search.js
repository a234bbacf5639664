// Searches what the pages of this site say, by scripts beside them that are loaded when somebody searches, and not before.
// Without it the link leads to a page of headings. Words are cut as in src/site/search/words.rs.
"use strict";

(() => {
  const opener = document.querySelector("a[data-search]");
  if (!opener) return;
  const { search: folder, root } = opener.dataset;
  const MOST_RESULTS = 30;
  // Words that a typed one may stand for, and how many if it is a word itself.
  const MOST_WORDS = 40;
  const FEW_WORDS = 9;
  const MOST_LETTERS = 48;
  const DIGITS = "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|";
  const BASE = DIGITS.length / 2;
  const UNSPACED =
    /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\u{20000}-\u{323af}]/u;

  // Scripts of the index, each loaded once.
  const loading = new Map();
  const arrived = new Map();
  document.addEventListener("goldbook-search", ({ detail }) => arrived.set(detail.name, detail.said));
  const load = (name) => {
    if (!loading.has(name)) {
      const script = document.createElement("script");
      script.src = `${folder}${name}.js`;
      loading.set(name, new Promise((resolve, reject) => {
        script.addEventListener("load", () => resolve(arrived.get(name)));
        script.addEventListener("error", () => {
          loading.delete(name);
          reject(new Error(name));
        });
      }));
      document.head.append(script);
    }
    return loading.get(name);
  };

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ς", "σ");
  const wordsOf = (text) => {
    const words = [];
    for (const run of plain(text).match(/[\p{Alphabetic}\p{N}]+/gu) ?? []) {
      let [word, wasUnspaced] = ["", false];
      for (const letter of run) {
        const unspaced = UNSPACED.test(letter);
        if (word && unspaced !== wasUnspaced) {
          words.push(word);
          word = "";
        }
        wasUnspaced = unspaced;
        word += letter;
      }
      words.push(word);
    }
    return words.flatMap((word) => {
      const letters = [...word];
      if (!UNSPACED.test(letters[0])) return [letters.slice(0, MOST_LETTERS).join("")];
      if (letters.length < 3) return [word];
      return letters.slice(1).map((letter, at) => letters[at] + letter);
    });
  };

  // How many letters must change, at most `most`; more is told as one more.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let above = Array.from({ length: other.length + 1 }, (_, at) => at);
    let before = above;
    for (let at = 1; at <= one.length; at++) {
      const row = [at];
      for (let to = 1; to <= other.length; to++) {
        const same = one[at - 1] === other[to - 1];
        row[to] = Math.min(above[to] + 1, row[to - 1] + 1, above[to - 1] + (same ? 0 : 1));
        const swapped = at > 1 && to > 1 && one[at - 1] === other[to - 2] && one[at - 2] === other[to - 1];
        if (swapped) row[to] = Math.min(row[to], before[to - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, above] = [above, row];
    }
    return above[other.length];
  };

  // The words of the index that a typed one may mean, each with how well it fits.
  const meant = (typed, words) => {
    const found = [];
    words.forEach((word, at) => {
      if (word === typed) found.push([at, 1]);
      else if (word.startsWith(typed)) found.push([at, 0.5 + (0.4 * typed.length) / word.length]);
      else if (typed.length > 2 && word.includes(typed)) found.push([at, 0.2 + (0.2 * typed.length) / word.length]);
    });
    const most = typed.length > 7 ? 2 : typed.length > 3 ? 1 : 0;
    if (most > 0 && !found.some(([, fits]) => fits > 0.5)) {
      words.forEach((word, at) => {
        const off = distance(typed, word, most);
        if (off > 0 && off <= most) found.push([at, 0.4 / off]);
      });
    }
    const atMost = found.some(([, fits]) => fits === 1) ? FEW_WORDS : MOST_WORDS;
    return found.sort((a, b) => b[1] - a[1]).slice(0, atMost);
  };

  const numbersOf = (text) => {
    const numbers = [];
    let [number, weight, section] = [0, 1, 0];
    for (const letter of text) {
      const digit = DIGITS.indexOf(letter);
      number += (digit % BASE) * weight;
      weight *= BASE;
      if (digit >= BASE) continue;
      section += number >> 1;
      numbers.push([section, number & 1]);
      [number, weight] = [0, 1];
    }
    return numbers;
  };

  // Which of the scripts holds what has this number, and its place there.
  const holder = (firsts, number) => {
    let [low, high] = [0, firsts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (firsts[middle] <= number) low = middle;
      else high = middle;
    }
    return [low, number - firsts[low]];
  };

  // The sections that have one of these words, each with the best score.
  const sectionsWith = async (index, words) => {
    const scores = new Map();
    const postings = await Promise.all(words.map(async ([word]) => {
      const [script, place] = holder(index.firstWords, word);
      return numbersOf((await load(`postings-${script}`)).split(" ")[place]);
    }));
    postings.forEach((sections, at) => {
      const rare = Math.log(1 + index.sections / sections.length);
      for (const [section, names] of sections) {
        const score = words[at][1] * rare * (names ? 4 : 1);
        if (score > (scores.get(section) ?? 0)) scores.set(section, score);
      }
    });
    return scores;
  };

  const placeOf = async (index, section) => {
    const [script, place] = holder(index.firstSections, section);
    let left = place;
    for (const [path, sections] of await load(`sections-${script}`)) {
      if (left >= sections.length) {
        left -= sections.length;
        continue;
      }
      const [level, id, title] = sections[left];
      const trail = [];
      let above = level;
      for (let at = left - 1; at >= 0; at--) {
        if (sections[at][0] >= above) continue;
        above = sections[at][0];
        trail.unshift(sections[at][2]);
      }
      return { address: `${root}${path}${id && "#"}${encodeURIComponent(id)}`, title, trail };
    }
    return null;
  };

  const results = async (text) => {
    const index = await load("words");
    index.list ??= index.words.split(" ");
    const typed = [...new Set(wordsOf(text))];
    const found = await Promise.all(typed.map((word) => sectionsWith(index, meant(word, index.list))));
    // Two words that stand beside each other may be one in the text: "create tool" is "createTool" there.
    const joined = typed.slice(1).map((word, at) => index.list.indexOf(typed[at] + word));
    await Promise.all(joined.map(async (word, at) => {
      if (word < 0) return;
      for (const [section, score] of await sectionsWith(index, [[word, 1]])) {
        for (const part of [found[at], found[at + 1]]) part.set(section, Math.max(score, part.get(section) ?? 0));
      }
    }));
    // A word counts by how few sections have it: "how" and "a" need not be there.
    const rare = found.map((sections) => Math.log(1 + index.sections / Math.max(1, sections.size)));
    const sought = rare.reduce((sum, one) => sum + one, 0);
    const scores = new Map();
    found.forEach((sections, at) => {
      for (const [section, score] of sections) {
        const [words, weight, sum] = scores.get(section) ?? [0, 0, 0];
        scores.set(section, [words + 1, weight + rare[at], sum + score]);
      }
    });
    const best = [...scores].map(([section, [, weight, sum]]) => [section, sum * (weight / sought) ** 2])
      .sort(([a, s], [b, t]) => t - s || a - b).slice(0, MOST_RESULTS);
    const places = await Promise.all(best.map(async ([section, score]) => [await placeOf(index, section), score]));
    // What is called just what was typed stands first, and a page before the sections of others.
    const wanted = plain(text).trim();
    const isPage = (place) => place.trail.length === 0;
    const named = (place) => (plain(place.title) !== wanted ? 0 : isPage(place) ? 2 : 1);
    const ranked = places.filter(([place]) => place).map(([place, score]) => [named(place), score * (isPage(place) ? 1.3 : 1), place]);
    return {
      places: ranked.sort(([a, s], [b, t]) => b - a || t - s).map(([, , place]) => place),
      whole: [...scores.values()].filter(([words]) => words === typed.length).length,
      count: scores.size,
    };
  };

  const element = (name, attributes, ...inside) => {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...inside);
    return made;
  };

  // A field and the list below it.
  const field = () => {
    const input = element("input", { type: "search", autocomplete: "off", spellcheck: "false", "aria-label": "Search", enterkeyhint: "search" });
    const told = element("p", { role: "status", class: "fine" }, "Words, or their beginnings.");
    const list = element("ol", { class: "found" });
    let round = 0;
    const show = async () => {
      const own = ++round;
      if (wordsOf(input.value).length === 0) {
        told.textContent = "Words, or their beginnings.";
        list.replaceChildren();
        return;
      }
      try {
        const { places, whole, count } = await results(input.value);
        if (own !== round) return;
        list.replaceChildren(...places.map(({ address, title, trail }) =>
          element("li", {}, element("a", { href: address }, element("strong", {}, title || "(without a title)"),
            ...(trail.length > 0 ? [element("span", { class: "fine" }, trail.join(" › "))] : [])))));
        const sections = count === 1 ? "1 section" : `${count} sections`;
        const first = count > places.length ? `, the first ${places.length}` : "";
        const all = whole === 0 ? "none has all" : whole === 1 ? "1 has all" : `${whole} have all`;
        told.textContent = count === 0
          ? "Nothing has these words. Try fewer, or shorter ones."
          : `${sections}${first}${whole === count ? "" : `, with some of these words: ${all}`}`;
      } catch {
        if (own === round) told.textContent = "The index can't be loaded. Try once more, or look a heading up on the page “Search”.";
      }
    };
    input.addEventListener("input", show);
    const move = (event) => {
      const links = [...list.querySelectorAll("a")];
      const at = links.indexOf(document.activeElement);
      if (event.key === "ArrowDown" && at + 1 < links.length) links[at + 1].focus();
      else if (event.key === "ArrowUp" && at > 0) links[at - 1].focus();
      else if (event.key === "ArrowUp" && at === 0) input.focus();
      else if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
      else return;
      event.preventDefault();
    };
    const line = element("div", { class: "line" }, input);
    const box = element("div", { class: "search", role: "search" }, line, told, list);
    box.addEventListener("keydown", move);
    return { box, line, input };
  };

  const place = document.getElementById("page/search");
  let open;
  if (place) {
    const { box, input } = field();
    place.replaceChildren(box);
    document.getElementById("page/search-note")?.remove();
    open = () => input.focus();
  } else {
    const { box, line, input } = field();
    const close = element("button", { type: "button" }, "Close");
    line.append(close);
    const dialog = element("dialog", { class: "searching", "aria-label": "Search" }, box);
    close.addEventListener("click", () => dialog.close());
    // The key would empty the field first.
    box.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close());
    box.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => opener.focus());
    document.body.append(dialog);
    open = () => {
      if (!dialog.open) dialog.showModal();
      input.select();
    };
  }
  document.addEventListener("goldbook-find", open);
  open();
})();
