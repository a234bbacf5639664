// Keeps a reader's answers to an example in this browser, writes them as rows of ratings, and of practice sets the gold
// beside them once they are submitted. Without it the questions are a list, and the gold below can be opened.
"use strict";

(() => {
  const root = document.getElementById("page/answers");
  if (!root) return;
  const all = (selector, from = root) => [...from.querySelectorAll(selector)];
  const made = (tag, given = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), given);
    element.append(...inside.filter(part => part !== null && part !== undefined));
    return element;
  };
  const button = (text, act, given = {}) => {
    const element = made("button", { type: "button", textContent: text, ...given });
    element.addEventListener("click", act);
    return element;
  };

  const form = JSON.parse(root.dataset.form);
  const inBytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const gold = root.dataset.gold ? JSON.parse(new TextDecoder().decode(inBytes(root.dataset.gold.split(",")[1]))) : null;
  const reveal = gold && document.querySelector("details.reveal");
  const end = root.querySelector(".form-end");
  const state = end.querySelector(".form-state");
  const todo = end.querySelector(".form-todo");
  const act = name => end.querySelector(`[data-act=${name}]`);

  // What is kept in this browser. Another form's draft is set aside, and never taken for this one's.
  let isKept = true;
  const stored = (key, value) => {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      isKept = false;
    }
    return null;
  };
  const random = () => [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, "0")).join("");
  const fresh = () => ({ format: form.format, use: form.use, id: random(), seconds: 0, answers: {}, flags: [], submitted: null });
  const isFlag = flag => Number.isInteger(flag?.step) && [flag.criterion, flag.kind].every(text => typeof text === "string");
  const isDraft = draft =>
    draft?.format === form.format && draft.use === form.use && Object(draft.answers) === draft.answers && Array.isArray(draft.flags) && draft.flags.every(isFlag);
  let setAside = false;
  const read = () => {
    const text = stored(form.draftKey);
    if (!text) return fresh();
    try {
      const draft = JSON.parse(text);
      if (isDraft(draft)) return { ...fresh(), ...draft };
    } catch {
      // Then it is no draft of ours.
    }
    stored(`${form.draftKey} / set aside`, text);
    setAside = true;
    return fresh();
  };
  let draft = read();
  // By item, what is finished of those that are answered for the same end, in their order.
  const finished = () => {
    const start = form.draftKey.slice(0, -form.item.length);
    return form.together.flatMap(item => {
      if (item === form.item) return [[item, draft]];
      try {
        const other = JSON.parse(localStorage.getItem(start + item));
        return isDraft(other) && other.submitted ? [[item, other]] : [];
      } catch {
        return [];
      }
    });
  };
  const save = () => stored(form.draftKey, JSON.stringify(draft));

  // Another page of the same run, or the same in another window, may have kept something since.
  const readAgain = () => {
    draft = read();
    restore();
    show();
  };
  addEventListener("storage", event => event.key === form.draftKey && readAgain());
  addEventListener("pageshow", event => event.persisted && readAgain());

  // The time spent, while somebody reads.
  let acted = Date.now();
  ["pointerdown", "keydown", "scroll"].forEach(name => addEventListener(name, () => (acted = Date.now()), { passive: true }));
  setInterval(() => {
    if (draft.submitted || document.hidden || Date.now() - acted > 120_000) return;
    draft.seconds += 5;
    save();
  }, 5_000);

  const fields = new Map(all("fieldset[data-criterion]").map(field => [field.dataset.criterion, field]));
  const answer = (id, of = draft) => of.answers[id] ?? { values: [], outcome: "", comment: "" };
  const flagsOf = (id, of = draft) => of.flags.filter(flag => flag.criterion === id).sort((one, other) => one.step - other.step);
  const outcomes = field => all("[data-outcome]", field);
  const chosen = field => all("input[value]:not([data-outcome]):checked", field).map(input => input.value);
  const typed = field => field.querySelector("input[type=number], textarea:not([data-comment])");

  const collect = () => {
    for (const [id, field] of fields) {
      const text = typed(field)?.value.trim();
      draft.answers[id] = {
        values: text === undefined ? chosen(field) : [text].filter(Boolean),
        outcome: outcomes(field).find(input => input.checked)?.dataset.outcome ?? "",
        comment: field.querySelector("[data-comment]")?.value.trim() ?? "",
      };
    }
    save();
  };
  const restore = () => {
    for (const [id, field] of fields) {
      const { values, outcome, comment } = answer(id);
      all("input[value]:not([data-outcome], [type=number])", field).forEach(input => (input.checked = values.includes(input.value)));
      outcomes(field).forEach(input => (input.checked = input.dataset.outcome === outcome));
      if (typed(field)) typed(field).value = values[0] ?? "";
      const remark = field.querySelector("[data-comment]");
      if (remark) remark.value = comment;
      if (comment) remark.closest("details").open = true;
    }
  };
  // Either a value or the reason why there is none.
  const settle = (field, input) => {
    const isOutcome = Boolean(input.dataset.outcome);
    if (input.type === "radio" || input.dataset.comment !== undefined) return;
    outcomes(field).forEach(other => (other.checked &&= isOutcome && other === input));
    if (!isOutcome || !input.checked) return;
    all("input[value]:not([data-outcome], [type=number])", field).forEach(other => (other.checked = false));
    if (typed(field)) typed(field).value = "";
    draft.flags = draft.flags.filter(flag => flag.criterion !== field.dataset.criterion);
    showFlags();
  };
  root.addEventListener("input", ({ target }) => {
    const field = target.closest("fieldset[data-criterion]");
    if (!field) return;
    settle(field, target);
    collect();
    tell();
  });

  // Steps, and the flags set at them: of two runs, the first one's, for a flag does not say of which run it is.
  const steps = new Map(
    all(".run > .run-body > .steps > .step[id^=step-]", document).map(step => [Number(step.querySelector(".number").textContent), step]),
  );
  const line = number => all(".step-list a", document).find(link => link.hash === `#${steps.get(number)?.id}` || link.hash === `#step-${number}`);
  const tag = text => made("span", { className: "tag", textContent: text });
  const said = flag => [made("strong", { textContent: flag.kind }), ...Object.values(flag.attributes ?? {}).flatMap(value => [" ", tag(value)])];
  const way = flag => made("a", { href: `#step-${flag.step}`, textContent: `Step ${flag.step}` });
  const drop = flag => {
    draft.flags = draft.flags.filter(other => other !== flag);
    save();
    show();
  };
  const removal = flag =>
    draft.submitted ? null : button("Remove", () => drop(flag), { className: "quiet", ariaLabel: `Remove the flag ${flag.kind} at step ${flag.step}` });

  const showFlags = () => {
    all(".own-flag", document).forEach(element => element.remove());
    for (const flag of draft.flags) {
      const step = steps.get(flag.step);
      const place = step?.querySelector(":scope > details > .flag-this");
      place?.before(made("p", { className: "own-flag" }, "Your flag: ", ...said(flag), flag.comment ? ` ${flag.comment}` : null, " ", removal(flag)));
      const mark = () => made("span", { className: "mark own-flag", textContent: flag.kind });
      step?.querySelector(":scope > details > summary").append(" ", mark());
      line(flag.step)?.append(" ", mark());
    }
    for (const [id, field] of fields) {
      const list = field.querySelector(".flags.set-here");
      if (!list) continue;
      const flags = flagsOf(id);
      list.replaceChildren(...flags.map(flag => made("li", {}, way(flag), " ", ...said(flag), flag.comment ? ` ${flag.comment}` : null, " ", removal(flag))));
      list.hidden = !flags.length;
      if (flags.length) outcomes(field).forEach(input => (input.checked = false));
    }
  };

  const open = (step, number, opener) => {
    const panel = root.querySelector("template").content.firstElementChild.cloneNode(true);
    panel.setAttribute("aria-label", `Flag step ${number}`);
    const kinds = all("[data-flag]", panel);
    const own = kind => all(`[data-of="${CSS.escape(kind.dataset.flag)}"]`, panel);
    const attributes = () => kinds.forEach(kind => own(kind).forEach(of => (of.closest("label").hidden = !kind.value)));
    const close = () => {
      panel.remove();
      opener.hidden = false;
      opener.focus();
    };
    const set = () => {
      const comment = panel.querySelector("[data-comment]").value.trim();
      for (const kind of kinds.filter(kind => kind.value)) {
        const given = own(kind).filter(of => of.value).map(of => [of.dataset.attribute, of.value]);
        draft.flags.push({ criterion: kind.dataset.flag, step: number, kind: kind.value, attributes: Object.fromEntries(given), comment });
        if (draft.answers[kind.dataset.flag]) draft.answers[kind.dataset.flag].outcome = "";
      }
      save();
      close();
      show();
    };
    panel.addEventListener("change", attributes);
    panel.addEventListener("keydown", event => event.key === "Escape" && close());
    panel.querySelector("[data-act=set]").addEventListener("click", set);
    panel.querySelector("[data-act=leave]").addEventListener("click", close);
    attributes();
    opener.hidden = true;
    opener.closest(".flag-this").append(panel);
    kinds[0]?.focus();
  };
  const prepare = () => {
    if (!root.querySelector("template").content.querySelector("[data-flag]")) return;
    for (const [number, step] of steps) {
      const opener = button("Flag this step", () => open(step, number, opener), { ariaLabel: `Flag this step: ${number}` });
      step.querySelector(":scope > details").append(made("div", { className: "flag-this" }, opener));
    }
  };

  // What is missing, and what can't be.
  const isAnswered = ({ id, input }) =>
    input === "text" || Boolean(answer(id).outcome) || (input === "flags" ? flagsOf(id) : answer(id).values).length > 0;
  const titles = criteria => criteria.map(({ title }) => title).join(", ");
  const tell = () => {
    const asked = form.criteria.filter(({ input }) => input !== "text");
    const done = asked.filter(isAnswered).length;
    const flags = draft.flags.length === 1 ? "1 flag is set" : `${draft.flags.length} flags are set`;
    const where = isKept ? "kept in this browser" : "this browser keeps nothing, so save the file before you leave";
    const before = setAside ? "What was kept here is of another form: it is set aside in this browser, and this is a new one. " : "";
    if (!draft.submitted) state.textContent = `${before}${fields.size ? `${done} of ${asked.length} questions are answered` : flags}: ${where}.`;
    todo.hidden = true;
    if (act("submit")) act("submit").textContent = act("submit").dataset.text ??= act("submit").textContent;
  };

  const submit = () => {
    collect();
    const wrong = form.criteria.filter(({ id }) => typed(fields.get(id))?.checkValidity() === false);
    const missing = form.criteria.filter(of => !isAnswered(of));
    if (wrong.length || (missing.length && todo.hidden)) {
      todo.textContent = wrong.length ? `Not on the scale: ${titles(wrong)}.` : `Not answered: ${titles(missing)}.`;
      todo.hidden = false;
      if (!wrong.length) act("submit").textContent = "Go on without them";
      else typed(fields.get(wrong[0].id)).focus();
      return;
    }
    draft.submitted = new Date().toISOString();
    save();
    show();
    state.focus();
  };

  // The rows of ratings that the answers to an item are.
  const rows = (rater, item, of) => {
    const whole = { task: form.task, item, rater, version: form.version, submission: of.id, submitted_at: of.submitted, seconds: of.seconds };
    const row = (criterion, given) => ({ ...whole, criterion, value: "", outcome: "", step: "", comment: "", ...given });
    return form.criteria.flatMap(({ id, input }) => {
      const { values, outcome, comment } = answer(id, of);
      if (outcome) return [row(id, { outcome, comment })];
      if (input === "flags") {
        // A comment on all of them stands where a flag has none; else beside that of the first.
        const all = flagsOf(id, of);
        const spare = all.every(flag => flag.comment) ? comment : "";
        const said = (flag, at) => [flag.comment || comment, at ? "" : spare].filter(Boolean).join(" ");
        const flags = all.map((flag, at) => row(id, { ...flag.attributes, step: flag.step, value: flag.kind, comment: said(flag, at) }));
        if (flags.length) return flags;
      } else if (values.length) return [row(id, { value: values.join("|"), comment })];
      return input === "text" ? [] : [row(id, { outcome: "skipped", comment })];
    });
  };
  // As spreadsheets take it: free text that would run has an apostrophe before it. Names and values stay what they are.
  const cell = (value, isFree) => {
    const text = isFree && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const asCsv = list => {
    const attributes = form.criteria.flatMap(({ attributes }) => attributes);
    const head = ["task", "version", "item", "rater", "criterion", "step", "value", ...new Set(attributes), "outcome", "submission", "submitted_at", "seconds", "comment"];
    const isText = new Set(form.criteria.filter(({ input }) => input === "text").map(({ id }) => id));
    const cells = row => head.map(name => cell(row[name], name === "comment" || (name === "value" && isText.has(row.criterion))));
    return [head.map(name => cell(name)), ...list.map(cells)].map(line => `${line.join(",")}\r\n`).join("");
  };
  const asJson = list => `${JSON.stringify(list.map(row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ""))), null, 2)}\n`;
  const hand = (items, write, ending, kind) => () => {
    const field = end.querySelector("[name=rater]");
    const rater = field.value.trim();
    if (!rater) {
      state.textContent = "Your rater id is missing: the file says whose answers these are.";
      field.focus();
      return;
    }
    stored(form.raterKey, rater);
    const all = items();
    const name = [form.task, all.length > 1 ? `${all.length}-items` : form.item, rater].join("-").replace(/[^\p{L}\p{N}.-]+/gu, "-");
    const way = made("a", { href: URL.createObjectURL(new Blob([write(all.flatMap(([item, of]) => rows(rater, item, of)))], { type: kind })), download: `${name}.${ending}` });
    document.body.append(way);
    way.click();
    way.remove();
    state.textContent = `Saved as ${name}.${ending}.`;
  };

  // Gold beside the answers. Flags are matched one to one within the tolerance: most pairs, then most equal kinds, then the
  // least distance, as reports match them.
  const matched = (wanted, given, tolerance) => {
    const cost = (one, other) => (one.kind === other.kind ? 0 : 1_000) + Math.abs(one.step - other.step) / 1_000;
    const pairs = new Map();
    for (;;) {
      // The cheapest way to one pair more, by way of exchanges of those that are.
      const best = new Map(wanted.filter(one => !pairs.has(one)).map(one => [one, { cost: 0, way: [] }]));
      const reached = new Map();
      for (let again = true; again; ) {
        again = false;
        for (const [one, { cost: soFar, way }] of best) {
          for (const other of given) {
            if (Math.abs(one.step - other.step) > tolerance || pairs.get(one) === other) continue;
            const total = soFar + cost(one, other);
            if (total >= (reached.get(other)?.cost ?? Infinity) - 1e-9) continue;
            reached.set(other, { cost: total, way: [...way, [one, other]] });
            const holder = [...pairs].find(([, held]) => held === other)?.[0];
            const freed = total - (holder ? cost(holder, other) : 0);
            if (holder && freed < (best.get(holder)?.cost ?? Infinity) - 1e-9) {
              best.set(holder, { cost: freed, way: [...way, [one, other]] });
              again = true;
            }
          }
        }
      }
      const taken = [...pairs.values()];
      const free = [...reached].filter(([other]) => !taken.includes(other)).sort(([, one], [, other]) => one.cost - other.cost)[0];
      if (!free) return pairs;
      free[1].way.forEach(([one, other]) => pairs.set(one, other));
    }
  };
  const compared = of => {
    const wanted = gold.find(({ criterion }) => criterion === of.id);
    const { values, outcome } = answer(of.id);
    if (!wanted) return null;
    if (of.input === "flags" && (wanted.flags || wanted.outcome === "none")) {
      const [expected, given] = [wanted.flags ?? [], flagsOf(of.id)];
      const pairs = matched(expected, given, of.tolerance);
      const found = [...pairs].filter(([one, other]) => one.kind === other.kind).length;
      const counts = { wanted: expected.length, found, otherwise: pairs.size - found, more: given.length - pairs.size, pairs };
      const right = isAnswered(of) && outcome !== "unsure" && found === expected.length && !counts.more;
      return { wanted, right, counts };
    }
    const value = values.join("|");
    const near = right => Math.abs(Number(right) - Number(value)) <= of.tolerance + 1e-9 * Math.max(1, Math.abs(Number(right)));
    const isRight = right => right === value || (of.input === "number" && value !== "" && near(right));
    return { wanted, right: wanted.values ? !outcome && wanted.values.some(isRight) : wanted.outcome === outcome && !values.length };
  };
  const words = ({ wanted, right, counts }) => {
    if (counts) {
      const { found, otherwise, more } = counts;
      const parts = [`${found} of ${counts.wanted} found and named as in the gold`];
      if (otherwise) parts.push(`${otherwise} named otherwise`);
      if (more) parts.push(`${more} that the gold does not have`);
      return `${counts.wanted ? "" : "The gold flags nothing. "}${parts.join(", ")}.`;
    }
    const value = wanted.values?.join(" or ") ?? wanted.outcome;
    return right ? `As the gold has it: ${value}.` : `The gold has: ${value}.`;
  };
  const fate = (flag, given) => {
    if (!given) return "missed";
    const at = given.step === flag.step ? "found" : `found at step ${given.step}`;
    return given.kind === flag.kind ? at : `${at}, named ${given.kind}`;
  };
  const links = rules => rules.flatMap(({ title, url }, at) => [at ? ", " : "", made("a", { href: url, textContent: title })]);
  const showGold = () => {
    const judged = form.criteria.map(of => [of, compared(of)]).filter(([, judgement]) => judgement);
    for (const [{ id }, judgement] of judged) {
      const beside = fields.get(id)?.querySelector(".beside");
      if (!beside) continue;
      const { wanted, right } = judgement;
      beside.replaceChildren(made("p", {}, made("strong", { textContent: right ? "Right. " : "Other than the gold. " }), words(judgement)));
      if (wanted.why) beside.append(made("p", { textContent: wanted.why }));
      if (wanted.rules.length) beside.append(made("p", {}, "By ", ...links(wanted.rules)));
      if (wanted.flags) beside.append(made("ul", { className: "flags" }, ...wanted.flags.map(flag => made("li", {}, way(flag), " ", ...said(flag), ` ${fate(flag, judgement.counts.pairs.get(flag))}`, ...(flag.rules.length ? [". By ", ...links(flag.rules)] : [])))));
      beside.className = `beside ${right ? "right" : "other"}`;
      beside.hidden = false;
    }
    for (const [, { wanted }] of judged) {
      for (const flag of wanted.flags ?? []) {
        const step = steps.get(flag.step);
        if (!step) continue;
        const note = made("div", { className: "gold-mark" }, made("p", {}, made("strong", { textContent: `Gold: ${flag.kind}` }), ...Object.values(flag.attributes).flatMap(value => [" ", tag(value)])));
        note.setAttribute("role", "note");
        note.setAttribute("aria-label", "Gold");
        if (flag.quote) note.append(made("blockquote", { textContent: flag.quote }));
        if (flag.why) note.append(made("p", { textContent: flag.why }));
        step.classList.add("marked");
        step.querySelector(":scope > details > .flag-this").before(note);
        const mark = () => made("span", { className: "mark", textContent: flag.kind });
        step.querySelector(":scope > details > summary").append(" ", mark());
        line(flag.step)?.append(" ", mark());
      }
    }
    const right = judged.filter(([, { right }]) => right).length;
    const missed = judged.filter(([, { right }]) => !right).map(([{ id }]) => fields.get(id)?.querySelector("legend a"));
    state.textContent = `${right} of ${judged.length} answers are as the gold has them.`;
    if (missed.some(Boolean)) {
      const ways = missed.filter(Boolean).flatMap(link => [" ", made("a", { href: link.href, textContent: link.textContent }), ","]);
      state.append(" Read next:", ...ways.slice(0, -1), ", and the discussion below.");
    }
  };

  let isGoldShown = false;
  const render = () => {
    showFlags();
    tell();
    if (reveal) reveal.hidden = !draft.submitted;
    if (!draft.submitted) return;
    all("fieldset[data-criterion]").forEach(field => all("input, textarea", field).forEach(input => (input.disabled = true)));
    all(".flag-this > button", document).forEach(opener => (opener.hidden = true));
    end.querySelector(".form-save").hidden = !fields.size;
    if (act("submit")) act("submit").hidden = true;
    state.textContent = "Finished. Save the file, and send it to whom your team names.";
    const count = finished().length;
    act("all").hidden = count < 2;
    act("all").textContent = `Save all ${count} finished items as one CSV`;
    if (gold && !isGoldShown) showGold();
    isGoldShown = Boolean(gold);
    if (reveal) reveal.open = true;
  };
  const show = () => {
    render();
    document.dispatchEvent(new Event("goldbook-marks"));
  };

  prepare();
  restore();
  end.hidden = false;
  end.querySelector("[name=rater]").value = stored(form.raterKey) ?? "";
  act("submit")?.addEventListener("click", submit);
  const only = () => [[form.item, draft]];
  act("csv").addEventListener("click", hand(only, asCsv, "csv", "text/csv"));
  act("json").addEventListener("click", hand(only, asJson, "json", "application/json"));
  act("all").addEventListener("click", hand(finished, asCsv, "csv", "text/csv"));
  act("anew").addEventListener("click", ({ target }) => {
    if (target.dataset.sure) {
      stored(form.draftKey, null);
      location.reload();
    }
    target.dataset.sure = "yes";
    target.textContent = "Answer anew: the answers here go";
  });
  show();
})();
