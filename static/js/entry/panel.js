// Beside the sheet, of the current cell: its definition and what uses it, what the checks ask, its note, its states.
import { announce } from "./speaking.js";
import { asksToClear, cellOf, changed, isChanged, onChange, phone, rows, say, table, told, write } from "./sheet.js";
import { isComposing } from "./moving.js";
import { line, linesOf, problemsOf } from "./checks.js";
import { setState } from "./states.js";

const at = (id) => document.getElementById(id);
const panel = at("cell-panel");
const states = at("cell-states");
const asks = at("cell-asks");
const choices = at("cell-choices");
const note = at("cell-note");
let current = null;

function columnOf(cell) {
  const [row, column] = cell.field.getAttribute("aria-labelledby").split(" k-");
  return { row, ...(told.columns[`k-${column}`] || { title: "", text: "", uses: [] }) };
}

function show(cell) {
  current = cell;
  const { row, title, text, uses } = columnOf(cell);
  at("cell-name").textContent = `${at(row).textContent} · ${title}`;
  at("cell-text").textContent = text;
  at("cell-uses").hidden = uses.length === 0;
  at("cell-uses-list").replaceChildren(...uses.flatMap((one, index) => {
    const link = document.createElement("a");
    link.href = one.url;
    link.textContent = one.text;
    return index ? ["、", link] : [link];
  }));
  showHistory(cell);
  panel.hidden = false;
  states.hidden = cell.field.readOnly;
  note.value = cell.note;
  showAsked();
  const home = phone.matches ? cell.td : panel;
  for (const piece of [asks, choices, states]) if (piece.parentElement !== home) home.append(piece);
}

function showHistory(cell) {
  const history = at("cell-history");
  const [, area, item, category] = cell.name.split(".");
  history.hidden = !cell.td.querySelector(".before");
  history.href = told.history.replace("ITEM", item).replace("AREA", area) + (category ? `?category=${category}` : "");
}

// What is asked of the current cell: a note where a figure is unusual, a yes where a figure would go.
function showAsked() {
  const soft = problemsOf(current).some((one) => one.severity === "soft");
  const lines = linesOf(current);
  asks.hidden = !lines.length && !current.note;
  at("cell-found").replaceChildren(...(phone.matches ? [] : lines.map(([kind, text]) => line(kind, text))));
  at("cell-note-field").hidden = !soft && !current.note;
  note.readOnly = current.field.readOnly;
  if (document.activeElement !== note) note.value = current.note;
  const asking = isChanged(current) && asksToClear(current);
  choices.hidden = !asking;
  if (asking) at("cell-back").textContent = say("unchanged", { v: current.stored });
}

function onKey(event) {
  if (isComposing(event) || !current) return;
  if (event.key === "F1") {
    event.preventDefault();
    panel.scrollIntoView({ block: "nearest" });
    announce(`${at("cell-name").textContent}：${at("cell-text").textContent}`);
  }
  if (event.ctrlKey && event.key.toLowerCase() === "m") {
    event.preventDefault();
    asks.hidden = at("cell-note-field").hidden = false;
    note.focus();
  }
}

function onNoteKey(event) {
  if (isComposing(event) || !current) return;
  const done = event.key === "Escape" || (event.key === "Enter" && !event.shiftKey);
  if (!done) return;
  event.preventDefault();
  current.field.focus();
}

export function startPanel() {
  table.classList.toggle("with-panel", rows.length > 1);
  const here = document.activeElement;
  if (here.closest("table.grid") && here.matches("input")) show(cellOf(here));
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("input")) show(cellOf(event.target));
  });
  table.addEventListener("keydown", onKey);
  states.addEventListener("click", (event) => {
    const button = event.target.closest("[data-state]");
    if (button && current) setState(current, button.dataset.state);
  });
  note.addEventListener("input", () => {
    current.note = note.value.trim();
    if (current.refused) current.refused = null;
    changed(current);
  });
  note.addEventListener("keydown", onNoteKey);
  at("cell-clear").addEventListener("click", () => {
    current.clear = true;
    changed(current);
    current.field.focus();
  });
  at("cell-back").addEventListener("click", () => {
    write(current, current.stored);
    current.field.focus();
  });
  onChange((cell) => {
    if (cell !== current) return;
    showAsked();
    if (isChanged(cell) && asksToClear(cell)) announce(say("ask", { v: cell.stored }));
  });
  document.addEventListener("checked", () => { if (current) showAsked(); });
}
