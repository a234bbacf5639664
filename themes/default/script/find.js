// Opens the search at its link and at the key `/`. What searches is loaded by then, and not before.
"use strict";

(() => {
  const opener = document.querySelector("a[data-search]");
  if (!opener) return;
  let script = null;
  const find = () => {
    if (script) {
      document.dispatchEvent(new Event("goldbook-find"));
      return;
    }
    script = document.createElement("script");
    script.src = opener.dataset.script;
    script.addEventListener("error", () => location.assign(opener.href));
    document.head.append(script);
  };

  opener.setAttribute("aria-keyshortcuts", "/");
  opener.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find();
  });
  addEventListener("keydown", event => {
    const isTyping = event.target.closest?.("input, textarea, select");
    const isOther = event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
    if (event.key !== "/" || isTyping || isOther) return;
    event.preventDefault();
    find();
  });
  if (document.getElementById("page/search")) find();
})();
