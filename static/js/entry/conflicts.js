// A cell a colleague changed meanwhile: both values, who and when; one of them is chosen, by button.
import { cells, changed, onChange, say, settle } from "./sheet.js";

const section = document.getElementById("sheet-conflicts");
const list = document.getElementById("sheet-conflict-list");
const template = document.getElementById("sheet-conflict");

export function showConflicts(found) {
  for (const theirs of found) {
    const cell = cells.get(theirs.cell);
    cell.conflict = theirs;
    changed(cell);
  }
  draw();
}

function draw() {
  const disputed = [...cells.values()].filter((cell) => cell.conflict);
  list.replaceChildren(...disputed.map(drawn));
  section.hidden = disputed.length === 0;
}

function drawn(cell) {
  const piece = template.content.cloneNode(true);
  const link = piece.querySelector("legend a");
  link.href = `#${cell.field.id}`;
  link.textContent = cell.conflict.where;
  const sides = {
    mine: [cell.field.value.trim() || say("empty"), say("mine")],
    theirs: [cell.conflict.text || say("empty"), cell.conflict.who],
  };
  for (const button of piece.querySelectorAll("[data-keep]")) {
    const [value, who] = sides[button.dataset.keep];
    button.querySelector(".value").textContent = value;
    button.querySelector(".note").textContent = who;
    button.addEventListener("click", () => choose(cell, button.dataset.keep));
  }
  return piece;
}

function choose(cell, side) {
  const theirs = cell.conflict;
  cell.conflict = null;
  if (side === "theirs") {
    cell.field.value = theirs.text;
    settle(cell, theirs);
  } else {
    Object.assign(cell, { stored: theirs.text, as: null, version: theirs.version, storedNote: theirs.note, clear: true });
  }
  changed(cell);
  draw();
  cell.field.focus();
}

export function startConflicts() {
  onChange(() => { if (!section.hidden) draw(); });
}
