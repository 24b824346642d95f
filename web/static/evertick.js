// The pages work without this. It adds the keyboard, ticking clocks, forms that answer in place, and kept drafts.

const root = document.documentElement;
root.classList.add("js");
const ahead = Date.parse(root.dataset.now) - Date.now(); // what the server's clock is ahead of this one
const main = () => document.getElementById("main");
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// ---- clocks

const SOON = 3600, VERY_SOON = 1800;

function span(seconds) {
  let rest = Math.floor(Math.abs(seconds));
  if (rest < 60) return root.dataset.moment;
  const words = [];
  for (const [unit, length] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    const n = Math.floor(rest / length);
    if (n) words.push(root.dataset[unit].replace("#", n));
    else if (words.length) break;
    rest -= n * length;
    if (words.length === 2) break;
  }
  return words.join(" ");
}

function tick() {
  for (const face of all("[data-due]")) {
    const left = (Date.parse(face.dataset.due) - Date.now() - ahead) / 1000;
    const late = left < 0;
    const words = face.querySelector(".face-words");
    const said = span(left);
    words.textContent = face.dataset.say ? root.dataset[late ? "over" : "left"].replace("#", said) : (late ? "−" : "") + said;
    const tone = late ? "late" : left < VERY_SOON ? "red" : left < SOON ? "amber" : "calm";
    for (const old of ["calm", "amber", "red", "late"]) face.classList.toggle(`tone-${old}`, old === tone);
    const row = face.closest(".row");
    for (const old of ["amber", "red", "late"]) row?.classList.toggle(`edge-${old}`, old === tone);
  }
}

// ---- conditional fields: the same as web/conditions.py; the server has the last word

function holds(when, values) {
  const [kind, name, wanted] = when;
  switch (kind) {
    case "always": return name;
    case "not": return !holds(name, values);
    case "and": return name.every((part) => holds(part, values));
    case "or": return name.some((part) => holds(part, values));
    case "is": return values[name] === "true";
    case "in": return wanted.some((one) => same(values[name], one));
    case "==": return same(values[name], wanted);
    case "!=": return !same(values[name], wanted);
  }
  const value = values[name] ? Number(values[name]) : NaN;
  return kind === "<" ? value < wanted : kind === "<=" ? value <= wanted : kind === ">" ? value > wanted : value >= wanted;
}

const same = (value, wanted) => (value ?? "") === (wanted === null ? "" : String(wanted));

function showFields(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) if (name.startsWith("f.")) values[name.slice(2)] = value;
  for (const field of all("[data-when]", form)) {
    const needed = holds(JSON.parse(field.dataset.when), values);
    field.hidden = !needed;
    for (const control of all("input, select, textarea", field)) control.disabled = !needed;
  }
}

// ---- forms that answer in place: the answer is the whole page, its main part is taken over

let sending = false;

async function send(form, button) {
  if (sending) return;
  sending = true;
  form.classList.add("sending");
  const body = new URLSearchParams(new FormData(form, button));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (answer.status >= 500 || !answer.headers.get("content-type")?.startsWith("text/html")) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.redirected) forget(form);
    take(page, answer.redirected ? answer.url : location.href);
  } catch {
    toast(root.dataset.lost);
  } finally {
    sending = false;
    form.classList.remove("sending");
  }
}

function take(page, url) {
  const moved = new URL(url).pathname !== location.pathname;
  history[moved ? "pushState" : "replaceState"](null, "", url.split("#")[0]);
  document.title = page.title;
  document.body.className = page.body.className;
  for (const id of ["main", "rail"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(fresh);
  }
  if (moved) scrollTo(0, 0);
  begin();
  (main().querySelector('[aria-invalid="true"]') ?? main().querySelector(".panel.open") ?? main()).focus({ preventScroll: !main().querySelector(".panel.open") });
}

function toast(words) {
  const place = document.getElementById("toast");
  place.textContent = words;
  place.hidden = false;
  setTimeout(() => { place.hidden = true; }, 6000);
}

// ---- drafts: what was typed survives a closed tab

const draftKey = (form) => `evertick:${form.dataset.draft}`;
const forget = (form) => form.dataset.draft && localStorage.removeItem(draftKey(form));

function keepDraft(form) {
  const typed = all("textarea, input[type=text]", form).map((one) => [one.name, one.value]).filter(([, value]) => value);
  if (typed.length) localStorage.setItem(draftKey(form), JSON.stringify(typed));
  else forget(form);
}

function bringDraft(form) {
  const kept = JSON.parse(localStorage.getItem(draftKey(form)) ?? "[]");
  for (const [name, value] of kept) {
    const control = form.elements.namedItem(name);
    if (control && "value" in control && !control.value) control.value = value;
  }
}

// ---- panels

function open(id, wanted = true) {
  for (const panel of all(".panel")) {
    const here = panel.id === id && wanted;
    panel.classList.toggle("open", here);
    document.querySelector(`[data-open="${panel.id}"]`)?.setAttribute("aria-expanded", here);
    if (here) panel.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  }
  for (const menu of all("details.more[open]")) menu.open = false;
}

// ---- keyboard

let chord = "";

function select(step) {
  const rows = all(".row");
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("current"));
  const next = Math.max(0, Math.min(rows.length - 1, now + step));
  rows[now]?.classList.remove("current");
  rows[next].classList.add("current");
  rows[next].querySelector(".row-link").focus({ preventScroll: true });
  rows[next].scrollIntoView({ block: "nearest" });
}

const go = (path) => { location.href = path; };
const keys = {
  "/": () => document.getElementById("search")?.focus(),
  j: () => select(1),
  k: () => select(-1),
  Enter: () => document.querySelector(".row.current .row-link")?.click(),
  a: () => (document.querySelector(".row.current [data-assign]") ?? document.querySelector("header [data-assign]"))?.requestSubmit(),
  c: () => go("/new"),
  "?": () => document.getElementById("keys")?.togglePopover(),
  gq: () => go("/"),
  gm: () => go("/?assignee=me"),
};

addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    if (typing && !event.target.closest("[popover]")) typing.blur();
    else if (document.querySelector(".panel.open")) open("", false);
    for (const shown of all("details.more[open], details.why-priority[open]")) shown.open = false;
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return event.target.closest("form.composer")?.requestSubmit();
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const name = chord + event.key;
  chord = event.key === "g" && !chord ? "g" : "";
  if (chord) setTimeout(() => { chord = ""; }, 1000);
  const act = keys[name];
  if (!act || !document.getElementById("keys")) return; // nobody is signed in
  event.preventDefault();
  act();
});

// ---- wiring

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-inplace], [data-assign]")) return;
  event.preventDefault();
  send(form, event.submitter);
});
addEventListener("hashchange", () => location.hash.startsWith("#do-") && open(location.hash.slice(1)));
addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form) return;
  if (form.querySelector("[data-when]")) showFields(form);
  if (form.dataset.draft) keepDraft(form);
});
addEventListener("change", (event) => {
  if (event.target.form?.matches("[data-filters]") && event.target.type !== "search") submitFilters(event.target.form);
});
addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const closer = event.target.closest("[data-close]");
  if (opener) open(opener.dataset.open, !document.getElementById(opener.dataset.open).classList.contains("open"));
  if (closer) open("", false);
  if (opener || closer) event.preventDefault();
  for (const shown of all("details.more[open], details.why-priority[open]")) if (!shown.contains(event.target)) shown.open = false;
});

function submitFilters(form) {
  const told = new URLSearchParams([...new FormData(form)].filter(([name, value]) => value && !(name === "state" && value === "open")));
  go(`/${told.size ? `?${told}` : ""}`);
}

function begin() {
  for (const form of all("form:has([data-when])")) showFields(form);
  for (const form of all("form[data-draft]")) bringDraft(form);
  for (const opener of all("[data-open]")) opener.setAttribute("aria-expanded", document.getElementById(opener.dataset.open).classList.contains("open"));
  if (document.querySelector("[data-pending]")) setTimeout(() => { if (!document.querySelector(".panel.open, textarea:focus")) location.reload(); }, 2000);
  tick();
}

const offset = (zone) => new Date(Date.now() + ahead).toLocaleString("en", { timeZone: zone });
if (offset(root.dataset.zone) !== offset(undefined)) root.classList.add("zone-differs");
if (location.hash.startsWith("#do-")) open(location.hash.slice(1));
begin();
setInterval(tick, 5000);

export { holds };
