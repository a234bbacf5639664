// Light or dark as the reader chooses, in this browser. It runs before anything is drawn, so that no page flashes; without it
// pages follow the reader's system.
"use strict";

(() => {
  const key = "goldbook: colours";
  const names = ["system", "light", "dark"];
  const dark = document.querySelector("link[data-dark]");
  const kept = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const keep = name => {
    try {
      localStorage.setItem(key, name);
    } catch {
      // Then it holds for this page.
    }
  };
  let chosen = names.includes(kept()) ? kept() : "system";
  const show = () => {
    if (chosen === "system") delete document.documentElement.dataset.colours;
    else document.documentElement.dataset.colours = chosen;
    if (dark) dark.media = { system: dark.dataset.dark, light: "not all", dark: "screen" }[chosen];
  };
  show();

  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.addEventListener("click", () => act(made));
    return made;
  };

  const offerColours = () => {
    const bar = document.querySelector("footer.site .bar");
    if (!bar || !dark) return;
    const group = Object.assign(document.createElement("p"), { className: "scheme", textContent: "Colours: " });
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Colours");
    const buttons = names.map(name =>
      button({ system: "as the system", light: "light", dark: "dark" }[name], () => {
        chosen = name;
        keep(name);
        show();
        mark();
      }),
    );
    const mark = () => buttons.forEach((of, at) => of.setAttribute("aria-pressed", String(names[at] === chosen)));
    mark();
    group.append(...buttons);
    bar.append(group);
  };

  addEventListener("DOMContentLoaded", offerColours);
})();
