// The sheet as fields: arrows and Enter move, the panel tells of the current cell and sets its state, what is not yet
// saved is marked and guarded, a phone shows one place at a time. Without it every field and button still works.
const form = document.getElementById("grid");
const table = form.querySelector("table.grid");
const fields = [...table.querySelectorAll("input")];
const rows = [...table.tBodies[0].rows].filter((row) => row.querySelector("input"));
const told = JSON.parse(document.getElementById("sheet-data").textContent);
const panel = document.getElementById("cell-panel");
const states = document.getElementById("cell-states");
const phone = window.matchMedia("(max-width: 767px)");
let current = null;
let leaving = false;

function unsaved() {
  return fields.filter((field) => field.value !== field.defaultValue);
}

function tellUnsaved() {
  const count = unsaved().length;
  const badge = document.getElementById("unsaved");
  if (badge) badge.textContent = count ? badge.dataset.text.replace("0", count) : "";
}

function changed(field) {
  field.closest("td").classList.toggle("unsaved", field.value !== field.defaultValue);
  tellUnsaved();
}

// --- Moving -------------------------------------------------------------------------------------
function fieldAt(row, column) {
  return row && row.cells[column] ? row.cells[column].querySelector("input") : null;
}

function beside(field, down, right) {
  const cell = field.closest("td");
  const row = cell.parentElement;
  if (right) {
    const line = [...row.querySelectorAll("input")];
    return line[line.indexOf(field) + right];
  }
  for (let at = rows.indexOf(row) + down; at >= 0 && at < rows.length; at += down) {
    const next = fieldAt(rows[at], cell.cellIndex);
    if (next) return next;
  }
  return null;
}

function step(event) {
  const field = event.target;
  const start = field.selectionStart === 0 && field.selectionEnd === 0;
  const end = field.selectionStart === field.value.length;
  const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  switch (event.key) {
    case "ArrowUp": return [-1, 0];
    case "ArrowDown": return [1, 0];
    case "Enter": return [event.shiftKey ? -1 : 1, 0];
    case "ArrowLeft": return start || whole ? [0, -1] : null;
    case "ArrowRight": return end || whole ? [0, 1] : null;
    default: return null;
  }
}

function onKey(event) {
  if (!event.target.matches("input") || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    event.target.value = event.target.defaultValue;
    changed(event.target);
    return;
  }
  const way = step(event);
  if (!way) return;
  event.preventDefault(); // Enter moves on, it does not send the form
  const list = phone.matches || rows.length === 1; // one field under the other
  const next = list && way[0] ? beside(event.target, 0, way[0]) : beside(event.target, ...way);
  if (next) next.focus();
}

// --- The current cell ---------------------------------------------------------------------------
function onFocus(event) {
  if (!event.target.matches("input")) return;
  current = event.target;
  if (!phone.matches) current.select();
  const cell = current.closest("td");
  const [row, column] = current.getAttribute("aria-labelledby").split(" ");
  const { title, text } = told.columns[column] || { title: "", text: "" };
  document.getElementById("cell-name").textContent = `${document.getElementById(row).textContent} · ${title}`;
  document.getElementById("cell-text").textContent = text;
  const history = document.getElementById("cell-history");
  const [, area, item, category] = current.name.split(".");
  history.hidden = !cell.querySelector(".before");
  history.href = told.history.replace("ITEM", item).replace("AREA", area) + (category ? `?category=${category}` : "");
  panel.hidden = false;
  states.hidden = current.readOnly;
  const home = phone.matches ? cell : panel;
  if (states.parentElement !== home) home.append(states);
}

function plain(text) {
  return text.replace(/^(暂估|估|沿用上月|沿用|沿)\s*/, "").replace(/^(不适用|不)$/, "");
}

function setState(event) {
  const button = event.target.closest("[data-state]");
  if (!button || !current) return;
  const before = current.closest("td").querySelector(".before");
  const last = before && /^[\d,.-]+$/.test(before.textContent) ? before.textContent : "";
  const made = {
    value: () => plain(current.value),
    estimate: () => `估${plain(current.value)}`,
    carried: () => `沿${last}`,
    na: () => "不适用",
    clear: () => "",
  };
  current.value = made[button.dataset.state]();
  changed(current);
  current.focus();
}

// --- One place at a time ------------------------------------------------------------------------
const steps = form.querySelector(".place-steps");
let place = 0;

function showPlace(wanted) {
  place = Math.max(0, Math.min(rows.length - 1, wanted));
  rows.forEach((row, at) => row.classList.toggle("shown", at === place));
  for (const button of steps.querySelectorAll("button")) {
    const next = rows[place + Number(button.dataset.step)];
    button.disabled = !next;
    button.querySelector("span").textContent = next ? next.cells[0].textContent : "—";
  }
}

function goTo(link) {
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  if (steps) showPlace(rows.indexOf(field.closest("tr")));
  field.focus();
}

if (steps) {
  steps.hidden = false;
  table.classList.add("one-place");
  const amiss = table.querySelector("[aria-invalid]");
  showPlace(amiss ? rows.indexOf(amiss.closest("tr")) : 0);
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    showPlace(place + Number(button.dataset.step));
    rows[place].scrollIntoView({ block: "nearest" });
  });
}

table.addEventListener("keydown", onKey);
table.addEventListener("focusin", onFocus);
table.addEventListener("input", (event) => changed(event.target));
states.addEventListener("click", setState);
form.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#c-"]');
  if (!link) return;
  event.preventDefault();
  goTo(link);
});
form.addEventListener("submit", () => { leaving = true; });
window.addEventListener("pageshow", () => { leaving = false; fields.forEach(changed); });
window.addEventListener("beforeunload", (event) => {
  if (!leaving && (unsaved().length || form.dataset.unsaved)) event.preventDefault();
});
const refused = document.getElementById("refused");
if (refused) refused.focus();
