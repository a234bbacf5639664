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
  const lead = () => {
    const at = document.getElementById(decoded(location.hash));
    if (at?.matches(".step-list li")) location.replace(at.querySelector("a").href);
  };
  lead();
  addEventListener("hashchange", lead);

  const steps = all(".steps > .step[id]");
  if (!steps.length) return;
  const marked = () => steps.filter(step => step.classList.contains("marked"));
  const wide = matchMedia("(min-width: 80rem)");

  // The step that was led to, while its head is seen: the last ones can't come to the top of the window. Else the last
  // step that begins above the upper part of the window.
  const current = () => {
    const top = step => step.getBoundingClientRect().top;
    const led = steps.findIndex(step => step.matches(":target"));
    const isSeen = led >= 0 && top(steps[led]) > -1 && top(steps[led]) < innerHeight;
    return isSeen ? led : steps.findLastIndex(step => top(step) < 60);
  };
  const move = (by, among) => {
    const at = current();
    const isOn = step => (by > 0 ? steps.indexOf(step) > at : steps.indexOf(step) < at);
    const target = by > 0 ? among.find(isOn) : among.findLast(isOn);
    if (target) {
      location.replace(`#${target.id}`);
      target.querySelector("summary").focus({ preventScroll: true });
    } else {
      document.querySelector(`.run a[rel=${by > 0 ? "next" : "prev"}]`)?.click();
    }
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
  const flag = () => steps[Math.max(current(), 0)].querySelector(".flag-this > button:not([hidden])")?.click();
  const acts = {
    j: () => move(1, steps),
    k: () => move(-1, steps),
    n: () => move(1, marked()),
    p: () => move(-1, marked()),
    f: flag,
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
      named.textContent = `Keys: j k for steps${marked().length ? ", n p for marks" : ""}${isFlagged ? ", f to flag a step" : ""}`;
    };
    document.addEventListener("goldbook-marks", offer);
    offer();
    bar.append(...toMarks, button("‹ step", "Step before", () => move(-1, steps)), button("step ›", "Next step", () => move(1, steps)));
    list.append(bar);
    list.addEventListener("click", event => {
      if (event.target.closest("a") && !wide.matches) list.querySelector("details").open = false;
    });
  });

  // Where the reader is, in the list.
  const lines = new Map(all(".step-list a").map(link => [decoded(link.hash), link]));
  const seen = new Set();
  let here;
  const watch = new IntersectionObserver(
    changes => {
      changes.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target) : seen.delete(target)));
      const line = lines.get(steps.find(step => seen.has(step))?.id);
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
  steps.forEach(step => watch.observe(step));
})();
