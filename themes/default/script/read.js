// Remembers, in this browser alone, which version of a task was read last, and says what changed since then.
// Without it, or where nothing may be stored, pages are the same but for that line.
"use strict";

(() => {
  const line = document.getElementById("page/since");
  if (!line) return;
  const { key, version, script, changes, versions, tells } = line.dataset;

  const remembered = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return version;
    }
  };
  const remember = () => {
    try {
      localStorage.setItem(key, version);
    } catch {
      // Then there is nothing to come back to.
    }
    line.hidden = true;
  };

  const last = remembered();
  if (last === version) return;
  if (last === null) {
    remember();
    return;
  }

  // `detail` has all versions, newest first, and how many changes there are since those that have a page of it.
  const tell = ({ detail }) => {
    const at = detail.versions.indexOf(last);
    const told = tells ? detail.versions.indexOf(tells) : -1;
    const count = detail.changes[last];
    if (at < 0 || told >= at || count === 0) {
      remember();
      return;
    }
    const way = document.createElement("a");
    way.href = count === undefined ? versions : `${changes}from-${last}/index.html`;
    if (count === undefined) way.textContent = "see what is new";
    else way.textContent = count === 1 ? "1 thing changed" : `${count} things changed`;
    const hide = document.createElement("button");
    hide.type = "button";
    hide.textContent = "Hide this";
    hide.addEventListener("click", remember);
    line.replaceChildren(`You last read ${last}; `, way, ". ", hide);
    line.hidden = false;
  };
  document.addEventListener("goldbook-since", tell, { once: true });
  const data = document.createElement("script");
  data.src = script;
  document.head.append(data);
})();
