// Code, and the address of a section, copied at a press. Browsers offer the clipboard to pages that came over a safe
// connection, or from a folder; elsewhere there are no buttons.
"use strict";

(() => {
  if (!navigator.clipboard) return;

  const button = (name, label, text) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: name });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        made.textContent = "Copied";
      } catch {
        made.textContent = "Not copied";
      }
      setTimeout(() => (made.textContent = name), 2_000);
    });
    return made;
  };

  for (const code of document.querySelectorAll(".prose pre > code")) {
    if (code.closest(".step")) continue;
    const around = Object.assign(document.createElement("div"), { className: "code" });
    code.parentElement.replaceWith(around);
    around.append(
      code.parentElement,
      button("Copy", "Copy this code", () => code.textContent),
    );
  }

  for (const heading of document.querySelectorAll(".prose :is(h2, h3, h4)[id]")) {
    const here = () => `${location.href.split("#")[0]}#${encodeURIComponent(heading.id)}`;
    heading.append(button("#", "Copy the link to this section", here));
  }
})();
