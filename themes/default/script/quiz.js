// Makes fields of the answers to a quiz, and says after a click which are right. Nothing is kept or sent. Without it the
// answers are a list, and which are right can be opened below.
"use strict";

document.querySelectorAll(".quiz").forEach((quiz, number) => {
  const [question, list, solution] = ["question", "choices", "solution"].map(name => quiz.querySelector(`:scope > .${name}`));
  if (!question || !list || !solution) return;
  const made = (tag, given = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), given);
    element.append(...inside);
    return element;
  };
  const right = new Set([...solution.querySelectorAll(":scope > .right strong")].map(one => Number(one.textContent)));
  const type = right.size > 1 ? "checkbox" : "radio";
  const choices = [...list.children].map((item, at) => {
    const input = made("input", { type, name: `quiz-${number}`, value: String(at + 1) });
    const fate = made("span", { className: "fate" });
    const label = made("label", { className: "choice" }, input, made("span", {}, ...item.childNodes));
    item.append(label, fate);
    return { item, input, fate, isRight: right.has(at + 1) };
  });
  const result = made("p", { className: "result" });
  result.setAttribute("role", "status");

  const forget = () => {
    result.textContent = "";
    result.className = "result";
    choices.forEach(({ item, fate }) => {
      item.className = "";
      fate.textContent = "";
    });
  };
  const check = () => {
    forget();
    if (!choices.some(({ input }) => input.checked)) {
      result.textContent = type === "radio" ? "Choose an answer first." : "Choose one answer or more first.";
      return;
    }
    for (const { item, input, fate, isRight } of choices.filter(({ input, isRight }) => input.checked || isRight)) {
      item.className = isRight ? "right" : "wrong";
      fate.textContent = !isRight ? "✕ Wrong" : input.checked ? "✓ Right" : "✓ Right, and not chosen";
    }
    const isRight = choices.every(({ input, isRight }) => input.checked === isRight);
    result.textContent = isRight ? "Right." : "Not right: see the answer below.";
    result.classList.add(isRight ? "right" : "wrong");
    solution.hidden = false;
    solution.open = true;
  };

  // The first paragraph of the question names the fields.
  const first = question.firstElementChild;
  const legend = made("legend", {}, ...first.childNodes);
  first.remove();
  const hint = type === "checkbox" ? [made("p", { className: "fine", textContent: "More than one answer is right." })] : [];
  const button = made("button", { type: "button", textContent: "Check" });
  quiz.prepend(made("fieldset", {}, legend, question, ...hint, list, made("p", {}, button), result));
  list.addEventListener("change", forget);
  button.addEventListener("click", check);
  solution.hidden = true;
  quiz.removeAttribute("role");
  quiz.removeAttribute("aria-label");
});
