// Moving by keyboard: arrows, Enter and Shift+Enter, Tab by itself; F2 lets the arrows move within the text, Esc takes
// a cell back to what it was. An input method keeps its own keys.
import { cellOf, fields, phone, rows, table, write } from "./sheet.js";

const keptBy = { field: null, text: "", editing: false };

export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

export function isEditing(field) {
  return keptBy.field === field && keptBy.editing;
}

export function isList() {
  return phone.matches || rows.length === 1; // one field under the other
}

export function fieldAt(row, column) {
  return row && row.cells[column] ? row.cells[column].querySelector("input") : null;
}

// The field so many steps down or to the right; null at the edge.
export function beside(field, down, right) {
  const td = field.closest("td");
  const row = td.parentElement;
  if (right) {
    const line = [...row.querySelectorAll("input")];
    return line[line.indexOf(field) + right] || null;
  }
  for (let at = rows.indexOf(row) + down; at >= 0 && at < rows.length; at += down) {
    const next = fieldAt(rows[at], td.cellIndex);
    if (next) return next;
  }
  return null;
}

// Enter at the foot of a column goes on at the head of the next.
function below(field, down) {
  const next = beside(field, down, 0);
  if (next) return next;
  const td = field.closest("td");
  const order = down > 0 ? rows : [...rows].reverse();
  for (let at = td.cellIndex + down; at > 0 && at < td.parentElement.cells.length; at += down) {
    const found = order.map((row) => fieldAt(row, at)).find(Boolean);
    if (found) return found;
  }
  return null;
}

export function isWhole(field) {
  return field.selectionStart === 0 && field.selectionEnd === field.value.length;
}

function way(event) {
  const field = event.target;
  const editing = isEditing(field);
  const start = field.selectionStart === 0 && field.selectionEnd === 0;
  const end = field.selectionStart === field.value.length;
  switch (event.key) {
    case "Enter": return [event.shiftKey ? -1 : 1, 0];
    case "ArrowUp": return editing ? null : [-1, 0];
    case "ArrowDown": return editing ? null : [1, 0];
    case "ArrowLeft": return !editing && (start || isWhole(field)) ? [0, -1] : null;
    case "ArrowRight": return !editing && (end || isWhole(field)) ? [0, 1] : null;
    default: return null;
  }
}

function edit(field) {
  keptBy.editing = !keptBy.editing;
  if (keptBy.editing) field.setSelectionRange(field.value.length, field.value.length);
  else field.select();
}

function takeBack(field) {
  const cell = cellOf(field);
  const asking = field.value.trim() === "" && cell.stored !== "";
  const text = asking && keptBy.text.trim() === "" ? cell.stored : keptBy.text;
  keptBy.editing = false;
  if (field.value !== text) write(cell, text);
  field.select();
}

function onKey(event) {
  const field = event.target;
  if (!field.matches("input") || isComposing(event) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "F2" || event.key === "Escape") {
    event.preventDefault();
    if (event.key === "F2") edit(field);
    else takeBack(field);
    return;
  }
  const step = way(event);
  if (!step) return;
  event.preventDefault(); // Enter moves on, it does not send the form
  let next;
  if (isList() && step[0]) next = beside(field, 0, step[0]);
  else if (event.key === "Enter") next = below(field, step[0]);
  else next = beside(field, ...step);
  if (next) next.focus();
}

function enter(field) {
  Object.assign(keptBy, { field, text: field.value, editing: false });
  if (!phone.matches) field.select();
}

export function startMoving() {
  table.addEventListener("keydown", onKey);
  table.addEventListener("focusin", (event) => {
    if (event.target.matches("input")) enter(event.target);
  });
}

// Where a clerk begins: the first cell still 未填, or the first of all.
export function begin() {
  const first = fields.find((field) => field.value === "") || fields[0];
  if (!first || fields.includes(document.activeElement)) return; // or where he is already
  first.focus({ preventScroll: true }); // the sheet moves to it, the page stays at its head
  const scroller = table.closest(".scroller");
  const { offsetTop, offsetLeft } = first.closest("td");
  scroller.scrollTo(offsetLeft - scroller.clientWidth / 2, offsetTop - scroller.clientHeight / 2);
}
