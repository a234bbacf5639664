// Waits for news of the page it stands on: reloads it when it changed, and shows what was found in the sources.
// News come as a script, because a page's policy lets it fetch nothing.
"use strict";
(() => {
  const { page, looks } = document.currentScript.dataset;
  const kept = "goldbook:" + location.pathname;
  let round = 0;

  // A reload keeps the place: how far the page is scrolled, and which of its parts are open.
  const parts = () => [...document.querySelectorAll("details")];
  const remember = () => {
    const open = parts().map((part) => part.open);
    sessionStorage.setItem(kept, JSON.stringify({ top: scrollY, left: scrollX, open }));
  };
  const restore = () => {
    const place = JSON.parse(sessionStorage.getItem(kept) ?? "null");
    sessionStorage.removeItem(kept);
    if (!place) return;
    const here = parts();
    if (here.length === place.open.length) here.forEach((part, at) => (part.open = place.open[at]));
    scrollTo(place.left, place.top);
    addEventListener("load", () => scrollTo(place.left, place.top), { once: true });
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
    if (news.reload) {
      remember();
      location.reload();
      return;
    }
    if (news.round !== round) overlay(news.findings);
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
    summary.textContent = counts.join(", ") + (errors ? ": this page is the last one without errors" : "");
    const text = document.createElement("pre");
    text.textContent = findings.text;
    box.append(summary, text);
    shadow.append(box);
    document.body.append(host);
  };

  restore();
  if (document.readyState === "complete") ask();
  else addEventListener("load", ask, { once: true });
})();
