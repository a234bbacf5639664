// Moves through a run by keys and buttons, folds all its steps, and says in the list of steps where the reader is.
// Without it, or where nothing may be stored, the page is the same but for these.
"use strict";

(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  const decoded = hash => {
    try {
      return decodeURIComponent(hash.slice(1));
    } catch {
      return "";
    }
  };

  // A step that stands on another page is here as the line of the list that leads there.
  const follow = () => {
    const at = document.getElementById(decoded(location.hash));
    if (at?.matches(".step-list li")) location.replace(at.querySelector("a").href);
  };
  follow();
  addEventListener("hashchange", follow);

  const steps = all(".run > .run-body > .steps > .step[id]");
  if (!steps.length) return;
  const marked = () => steps.filter(step => step.classList.contains("marked"));
  // There the list is a column beside the steps; it never is between two runs.
  const wide = matchMedia("(min-width: 80rem)");

  // Where two runs stand beside each other, the reader moves through the one that was led to, clicked or focused last.
  const areBeside = matchMedia("(min-width: 64rem)");
  const sideOf = element => element?.closest?.(".pair > .side");
  let chosen = null;
  const choose = element => (chosen = sideOf(element) ?? chosen);
  const led = () => choose(document.getElementById(decoded(location.hash)));
  led();
  addEventListener("hashchange", led);
  ["focusin", "pointerdown"].forEach(name => addEventListener(name, event => choose(event.target)));
  const sideIn = pair => (pair.contains(chosen) ? chosen : pair.querySelector(".side"));
  const isIn = step => {
    const side = sideOf(step);
    return !side || !areBeside.matches || side === sideIn(side.parentElement);
  };

  // The step that was led to, while its head is seen: the last ones can't come to the top of the window. Else the last
  // step that begins above the upper part of the window.
  const current = () => {
    const own = steps.filter(isIn);
    const top = step => step.getBoundingClientRect().top;
    const led = own.find(step => step.matches(":target"));
    const isSeen = led && top(led) > -1 && top(led) < innerHeight;
    return isSeen ? led : own.findLast(step => top(step) < 60);
  };
  const lead = step => {
    location.replace(`#${step.id}`);
    step.querySelector("summary").focus({ preventScroll: true });
  };
  const move = (by, among) => {
    const from = current();
    const at = steps.indexOf(from);
    const isOn = step => isIn(step) && (by > 0 ? steps.indexOf(step) > at : steps.indexOf(step) < at);
    const target = by > 0 ? among.find(isOn) : among.findLast(isOn);
    const run = (from ?? steps.find(isIn)).closest(".run");
    const part = run.querySelector(`:scope > .pager > a[rel=${by > 0 ? "next" : "prev"}]`);
    // The rest of a run comes before the run below it.
    if (target && (!from || !part || run.contains(target))) lead(target);
    else part?.click();
  };
  const pair = document.querySelector(".pair");
  const cross = () => {
    const side = pair && sideIn(pair);
    const other = pair && all(":scope > .side", pair).find(one => one !== side);
    if (!other) return;
    // To the step that is beside this one.
    const top = step => step.getBoundingClientRect().top;
    const from = areBeside.matches && current();
    const line = from ? top(from) + 1 : 60;
    chosen = other;
    const there = steps.filter(step => sideOf(step) === other);
    if (there.length) lead(there.findLast(step => top(step) < line) ?? there[0]);
  };
  const button = (text, name, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  };

  // Keys, which a reader whose own tools use them can switch off.
  const KEY = "goldbook: keys";
  const keys = document.createElement("input");
  keys.type = "checkbox";
  keys.checked = true;
  try {
    keys.checked = localStorage.getItem(KEY) !== "off";
  } catch {
    // Then they are on.
  }
  keys.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, keys.checked ? "on" : "off");
    } catch {
      // Then they are so on this page.
    }
  });
  const flag = () => (current() ?? steps[0]).querySelector(".flag-this > button:not([hidden])")?.click();
  const acts = {
    j: () => move(1, steps),
    k: () => move(-1, steps),
    n: () => move(1, marked()),
    p: () => move(-1, marked()),
    f: flag,
    o: cross,
  };
  addEventListener("keydown", event => {
    const isTyped = event.target.closest?.("textarea, select, input:not([type=checkbox])");
    if (!keys.checked || isTyped || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });

  const named = document.createElement("span");
  const foldAll = (run, selector, open) => all(selector, run).forEach(fold => (fold.open = open));
  all(".run").forEach(run => {
    const tools = run.querySelector(":scope > .run-head > .run-tools");
    const list = run.querySelector(":scope > .run-body > .step-list");
    if (!tools || !list) return;
    const label = document.createElement("label");
    label.className = "keys";
    if (!keys.isConnected) label.append(keys, " ", named);
    tools.append(
      " ",
      button("Fold all", "Fold all steps", () => foldAll(run, ":scope > .run-body > .steps > .step > details", false)),
      " ",
      button("Open all", "Open all steps, and all that is folded in them", () => foldAll(run, ".steps details", true)),
      " ",
      label,
    );
    const bar = document.createElement("p");
    bar.className = "moves";
    const toMarks = [button("‹ mark", "Mark before", acts.p), button("mark ›", "Next mark", acts.n)];
    const offer = () => {
      toMarks.forEach(way => (way.hidden = !run.querySelector(".step.marked")));
      const isFlagged = document.querySelector(".flag-this > button:not([hidden])");
      named.textContent = `Keys: j k for steps${marked().length ? ", n p for marks" : ""}${isFlagged ? ", f to flag a step" : ""}${pair ? ", o for the other run" : ""}`;
    };
    document.addEventListener("goldbook-marks", offer);
    offer();
    bar.append(...toMarks, button("‹ step", "Step before", () => move(-1, steps)), button("step ›", "Next step", () => move(1, steps)));
    list.append(bar);
    list.addEventListener("click", event => {
      if (event.target.closest("a") && !(wide.matches && !sideOf(list))) list.querySelector("details").open = false;
    });
  });

  // Where the reader is, in the list.
  const lines = new Map(all(".step-list a").map(link => [decoded(link.hash), link]));
  const watchOver = own => {
    const seen = new Set();
    let here;
    const watch = new IntersectionObserver(
      changes => {
        changes.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target) : seen.delete(target)));
        const line = lines.get(own.find(step => seen.has(step))?.id);
        if (!line || line === here) return;
        here?.removeAttribute("aria-current");
        line.setAttribute("aria-current", "step");
        here = line;
        const list = line.closest("ol");
        const [box, around] = [line.getBoundingClientRect(), list.getBoundingClientRect()];
        if (box.top < around.top || box.bottom > around.bottom) list.scrollTop += box.top - around.top - around.height / 2;
      },
      { rootMargin: "-60px 0px -70% 0px" },
    );
    own.forEach(step => watch.observe(step));
  };
  const sides = all(".pair > .side");
  [null, ...sides].forEach(side => watchOver(steps.filter(step => (sideOf(step) ?? null) === side)));
})();
