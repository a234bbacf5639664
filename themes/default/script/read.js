// Remembers, in this browser alone, which version of a task was read last and which of its pages, marks these beside the
// text, and says what changed since then. Without it, or where nothing may be stored, pages are the same but for that.
"use strict";

(() => {
  const line = document.getElementById("page/since");
  if (!line) return;
  const { key, version, script, changes, versions, tells } = line.dataset;

  // A page was read once its end was in sight; the same page of a version has the same name.
  const pagesRead = `${key} / pages`;
  const top = new URL("..", new URL(changes, location.href)).href;
  const nameOf = (url) => {
    const name = url.split(/[?#]/)[0].slice(top.length).replace(`v/${version}/`, "");
    return name === "" || name.endsWith("/") ? `${name}index.html` : name;
  };
  const allRead = () => {
    try {
      return JSON.parse(localStorage.getItem(pagesRead)) ?? {};
    } catch {
      return {};
    }
  };
  const mark = () => {
    const read = allRead();
    for (const link of document.querySelectorAll("nav.section a")) {
      const then = link.href.startsWith(top) ? read[nameOf(link.href)] : undefined;
      if (!then) continue;
      const sign = link.querySelector(".read") ?? document.createElement("span");
      sign.className = "read";
      sign.textContent = then === version ? " ✓ read" : ` read in ${then}`;
      link.append(sign);
    }
  };
  mark();
  new IntersectionObserver((seen, observer) => {
    if (!seen.some((end) => end.isIntersecting)) return;
    observer.disconnect();
    try {
      localStorage.setItem(pagesRead, JSON.stringify({ ...allRead(), [nameOf(location.href)]: version }));
    } catch {
      return;
    }
    mark();
  }).observe(document.querySelector("footer.site"));

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
