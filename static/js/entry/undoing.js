// One stack of edits: what was typed in a cell, a pasted block, a fill or a state is each one step back or forward.
// The browser's own undo knows nothing of values set by a script, so it is not used.
import { announceText } from "./speaking.js";
import { cellOf, changed, table, write } from "./sheet.js";
import { isComposing } from "./moving.js";

const MOST = 200;
const done = [];
const undone = [];
let open = null; // the cell being typed in, and its text when that began

function push(step) {
  done.push(step);
  if (done.length > MOST) done.shift();
  undone.length = 0;
}

// What was typed since the cell was entered becomes a step.
export function close() {
  if (open && open.cell.field.value !== open.before) {
    push([{ cell: open.cell, before: open.before, after: open.cell.field.value }]);
  }
  if (open) open.before = open.cell.field.value;
}

// Change several cells as one step; cells already holding their text are left out. How many changed.
export function change(pairs, options) {
  close();
  const step = pairs
    .map(([cell, after]) => ({ cell, before: cell.field.value, after }))
    .filter((one) => one.before !== one.after);
  if (!step.length) return 0;
  push(step);
  for (const one of step) write(one.cell, one.after, options);
  if (open) open.before = open.cell.field.value;
  return step.length;
}

function take(from, to, side, word) {
  close();
  const step = from.pop();
  if (!step) {
    announceText("nothing_to_undo");
    return;
  }
  to.push(step);
  for (const one of step) write(one.cell, one[side], { clear: one[side] === "" }); // he asked for the empty cell
  if (open) open.before = open.cell.field.value;
  step[0].cell.field.focus();
  step[0].cell.field.select();
  announceText(word, { n: step.length });
}

function onKey(event) {
  if (!event.target.matches("input") || isComposing(event) || event.altKey) return;
  if (!event.ctrlKey && !event.metaKey) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) take(undone, done, "after", "redone");
  else take(done, undone, "before", "undone");
}

export function startUndoing() {
  table.addEventListener("keydown", onKey);
  table.addEventListener("focusin", (event) => {
    if (!event.target.matches("input")) return;
    open = { cell: cellOf(event.target), before: event.target.value };
  });
  table.addEventListener("focusout", () => { close(); open = null; });
  table.addEventListener("input", (event) => {
    if (!event.target.matches("input")) return;
    const cell = cellOf(event.target);
    cell.clear = false;
    changed(cell);
  });
}
