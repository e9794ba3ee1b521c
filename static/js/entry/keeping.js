// What is typed and not yet stored, kept in this tab alone (sessionStorage) by person, form, place and month: found
// again after a reload, a lost connection or an ended session, gone once it is saved and on signing out (page.js).
import { cells, changed, isChanged, told } from "./sheet.js";

const KEY = told.kept;
let signingOut = false;

// page.js empties what is kept; nothing is put back while the page goes.
document.addEventListener("submit", (event) => {
  signingOut = (event.target.getAttribute("action") || "").endsWith("/account/logout/");
});

export function keep() {
  if (signingOut) return;
  const waiting = [...cells.values()].filter(isChanged).map((cell) => [
    cell.name, { text: cell.field.value, note: cell.note, version: cell.version, clear: cell.clear },
  ]);
  try {
    if (waiting.length) sessionStorage.setItem(KEY, JSON.stringify(waiting));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage what is typed is still on the page, and leaving it is still asked about.
  }
}

// Puts back what a page before this one could not save; how many cells.
export function findAgain() {
  const person = KEY.split(" ", 2).join(" ");
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("sheet ") && !key.startsWith(`${person} `)) sessionStorage.removeItem(key); // another person's
  }
  let waiting = [];
  try {
    waiting = JSON.parse(sessionStorage.getItem(KEY) || "[]");
  } catch {
    sessionStorage.removeItem(KEY);
  }
  let count = 0;
  for (const [name, { text, note, version, clear }] of waiting) {
    const cell = cells.get(name);
    if (!cell || (cell.field.value === text && cell.note === note)) continue;
    cell.field.value = text;
    Object.assign(cell, { note, version, clear });
    changed(cell);
    count += 1;
  }
  return count;
}
