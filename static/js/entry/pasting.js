// A block from Excel or WPS goes into as many cells, as one step; Ctrl+D fills the cell from the one above. What is no
// figure stays in its cell and is refused there; what does not fit on the sheet is told.
import { announce } from "./speaking.js";
import { cellOf, fields, rows, say, table } from "./sheet.js";
import { beside, isComposing, isList } from "./moving.js";
import { change } from "./undoing.js";

// Rows of texts: tabs between cells, newlines between rows, both also within quotes, where a quote is doubled.
export function readBlock(text) {
  const block = [[]];
  let at = 0;
  while (at <= text.length) {
    const quoted = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)/y;
    const plain = /[^\t\r\n]*/y;
    quoted.lastIndex = plain.lastIndex = at;
    const found = quoted.exec(text);
    const cell = found ? found[1].replaceAll('""', '"') : plain.exec(text)[0];
    block.at(-1).push(cell.trim().replace(/[\t\r\n]+/g, " ")); // a field drops newlines: 7⏎7 is not 77
    at += found ? found[0].length : cell.length;
    if (at >= text.length) break;
    if (text[at] === "\t") at += 1;
    else {
      at += text.startsWith("\r\n", at) ? 2 : 1;
      block.push([]);
    }
  }
  const last = block.at(-1);
  if (block.length > 1 && last.length === 1 && last[0] === "") block.pop(); // a block ends with an empty line
  return block;
}

// A column pasted where one field stands under the other goes down the fields.
function placed(field, block) {
  if (isList() && block.every((line) => line.length === 1)) {
    const from = fields.indexOf(field);
    return block.map((line, at) => [fields[from + at], line[0]]);
  }
  const row = rows.indexOf(field.closest("tr"));
  const heads = columnsWithFields();
  const from = heads.indexOf(field.closest("td").cellIndex);
  return block.flatMap((line, down) => line.map((text, right) => {
    const td = rows[row + down] && rows[row + down].cells[heads[from + right]];
    return [td ? td.querySelector("input") : null, text];
  }));
}

// The columns somebody fills, by their place in a row; a computed one takes nothing.
function columnsWithFields() {
  const found = new Set(fields.map((field) => field.closest("td").cellIndex));
  return [...found].sort((one, other) => one - other);
}

function onPaste(event) {
  const field = event.target;
  if (!field.matches("input") || field.readOnly) return;
  const block = readBlock(event.clipboardData.getData("text/plain"));
  if (block.length === 1 && block[0].length === 1) return; // one plain cell: the browser's own
  event.preventDefault();
  const found = placed(field, block).filter(([, text]) => text !== ""); // a blank leaves its cell as it is
  const taken = found.filter(([target]) => target && !target.readOnly);
  const count = change(taken.map(([target, text]) => [cellOf(target), text]));
  const over = found.length - taken.length;
  field.select();
  announce([say("pasted", { n: count }), over ? say("overflow", { n: over }) : ""].filter(Boolean).join("；"));
}

function onKey(event) {
  if (!event.target.matches("input") || isComposing(event) || event.key.toLowerCase() !== "d") return;
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const field = event.target;
  const above = isList() ? null : beside(field, -1, 0);
  if (!above || above.value.trim() === "" || field.readOnly) {
    announce(say("no_above"));
    return;
  }
  change([[cellOf(field), above.value]]);
  field.select();
}

export function startPasting() {
  table.addEventListener("paste", onPaste);
  table.addEventListener("keydown", onKey);
}
