// The sheet as the other modules see it: its fields, what is stored of each, and one way to change a field.
import { plain } from "./grammar.js";

export const form = document.getElementById("grid");
export const table = form.querySelector("table.grid");
export const fields = [...table.querySelectorAll("td input")];
export const rows = [...table.tBodies[0].rows].filter((row) => row.querySelector("input"));
export const told = JSON.parse(document.getElementById("sheet-data").textContent);
export const phone = window.matchMedia("(max-width: 767px)");
export const locked = fields.length > 0 && fields[0].readOnly;

// name → {field, td, version, stored text and note, note as it stands, what holds it back from being saved}
export const cells = new Map(fields.map((field) => {
  const [version, note] = told.cells[field.name] || [0, ""];
  const cell = {
    name: field.name, field, td: field.closest("td"), version, stored: field.defaultValue, storedNote: note, note,
    as: null, clear: false, refused: null, conflict: null,
  };
  return [field.name, cell];
}));

export function cellOf(field) {
  return cells.get(field.name);
}

export function say(name, values = {}) {
  return told.texts[name].replace(/%\((\w+)\)[sd]/g, (_all, key) => values[key]);
}

// Is there anything in the cell that is not stored? `as` is what was written where the stored text reads otherwise.
export function isChanged(cell) {
  const text = cell.field.value.trim();
  return (text !== cell.stored && text !== cell.as) || (cell.note !== cell.storedNote && text !== "");
}

export function asksToClear(cell) {
  return cell.field.value.trim() === "" && cell.version > 0 && cell.stored !== "" && !cell.clear;
}

// Every change of a cell, typed or made, is told to whoever listens.
export function changed(cell) {
  table.dispatchEvent(new CustomEvent("cell", { detail: cell }));
}

export function onChange(listener) {
  table.addEventListener("cell", (event) => listener(event.detail));
}

export function write(cell, text, { clear = false } = {}) {
  cell.field.value = text;
  cell.clear = clear;
  changed(cell);
}

// The text the field shows from now on is what is stored.
export function settle(cell, { text, version, note }) {
  const sent = cell.field.value.trim();
  cell.stored = text;
  cell.version = version;
  cell.as = null;
  if (sent === text || document.activeElement !== cell.field) cell.field.value = text;
  else cell.as = sent;
  cell.storedNote = note;
  cell.note = note;
  cell.clear = false;
}

// Numbers exactly, in ten-thousandths: no floating point between the cell and what is shown.
export const ONE = 10000n;
const WIDE = /[\uff01-\uff5e]/g;

export function units(text) {
  const narrow = text.replace(WIDE, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  const found = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(plain(narrow).replace(/[,\s]/g, "").replace("−", "-"));
  if (!found) return null;
  const size = BigInt(found[2]) * ONE + BigInt((found[3] || "").padEnd(4, "0"));
  return found[1] ? -size : size;
}

export function grouped(value, decimals = null) {
  const size = value < 0n ? -value : value;
  let fraction = (size % ONE).toString().padStart(4, "0");
  fraction = decimals === null ? fraction.replace(/0+$/, "") : fraction.slice(0, decimals);
  const whole = (size / ONE).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  return `${value < 0n ? "−" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
}
