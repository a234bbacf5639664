// Waits for news of the page it stands on: shows the page as it is now, and what was found in the sources.
// News come as a script, because a page's policy lets it fetch nothing.
"use strict";
(() => {
  const { looks } = document.currentScript.dataset;
  let { page } = document.currentScript.dataset;
  const kept = "goldbook:" + location.pathname;
  let round = 0;

  // A new page keeps the place: how far the old one was scrolled, and which of its parts were open.
  const parts = () => [...document.querySelectorAll("details")];
  const place = () => ({ top: scrollY, left: scrollX, open: parts().map((part) => part.open) });
  const restore = (place) => {
    const here = parts();
    if (here.length === place.open.length) here.forEach((part, at) => (part.open = place.open[at]));
    scrollTo(place.left, place.top);
  };
  const reload = () => {
    sessionStorage.setItem(kept, JSON.stringify(place()));
    location.reload();
  };
  const restoreAfterReload = () => {
    const place = JSON.parse(sessionStorage.getItem(kept) ?? "null");
    sessionStorage.removeItem(kept);
    if (!place) return;
    restore(place);
    addEventListener("load", () => restore(place), { once: true });
  };

  // The text takes the place of the old one without a navigation: nothing flickers, and it is there sooner.
  const show = (html) => {
    const before = place();
    const next = new DOMParser().parseFromString(html, "text/html");
    document.title = next.title;
    for (const { name, value } of next.documentElement.attributes) document.documentElement.setAttribute(name, value);
    document.body.replaceWith(next.body);
    // What the address points at is marked anew.
    if (location.hash) location.replace(location.hash);
    restore(before);
  };

  const ask = () => {
    const query = new URLSearchParams({ round, path: location.pathname, page, looks });
    const script = document.createElement("script");
    script.src = "/_goldbook/news.js?" + query;
    script.onload = () => script.remove();
    script.onerror = () => {
      script.remove();
      setTimeout(ask, 1000);
    };
    document.head.append(script);
  };

  const hear = (news) => {
    if (news.reload) return reload();
    if (news.page) {
      show(news.page.html);
      page = news.page.digest;
    }
    if (news.page || news.round !== round) overlay(news.findings);
    round = news.round;
    ask();
  };
  globalThis.goldbook = { hear };

  const style = `
    :host { all: initial; }
    details { position: fixed; right: 0; bottom: 0; left: 0; z-index: 9999; max-height: 60vh; overflow: auto;
      font: 14px/1.5 system-ui, sans-serif; color: #f4f4f4; background: #26262b; border-top: 4px solid #8a8a94; }
    details:not([open]) { left: auto; border: 0; border-left: 4px solid #8a8a94; border-radius: 4px 0 0 0; }
    details.errors { border-color: #ff6b6b; }
    details.warnings { border-color: #f2b84b; }
    summary { padding: 6px 14px; cursor: pointer; }
    summary:focus-visible { outline: 2px solid #9ecbff; outline-offset: -4px; }
    pre { margin: 0; padding: 4px 14px 14px; font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; }
  `;

  const counted = (count, what) => (count ? [`${count} ${what}${count === 1 ? "" : "s"}`] : []);

  // Text only, and in a shadow of its own: neither the page's style nor anything in a finding gets at it.
  const overlay = (findings) => {
    document.querySelector("goldbook-findings")?.remove();
    const { errors, warnings, notes } = findings;
    if (!errors && !warnings && !notes) return;
    const host = document.createElement("goldbook-findings");
    const shadow = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
    const box = document.createElement("details");
    box.open = errors > 0;
    box.className = errors ? "errors" : warnings ? "warnings" : "notes";
    const summary = document.createElement("summary");
    const counts = [...counted(errors, "error"), ...counted(warnings, "warning"), ...counted(notes, "note")];
    summary.textContent = counts.join(", ") + (errors && page ? ": this page is the last one without errors" : "");
    const text = document.createElement("pre");
    text.textContent = findings.text;
    box.append(summary, text);
    shadow.append(box);
    document.body.append(host);
  };

  restoreAfterReload();
  if (document.readyState === "complete") ask();
  else addEventListener("load", ask, { once: true });
})();
