// What the server's checks say, beside each cell: ◆ 须改, ▲ 请核实, △ 已说明; and what is refused, with its reason.
import { isNotApplicable } from "./grammar.js";
import { cells, changed, onChange, say, told } from "./sheet.js";

const marks = document.getElementById("sheet-marks");
const LOOKS = ["hard", "soft", "explained", "missing", "zero", "not-applicable"];
let found = told.problems;

export function problemsOf(cell) {
  return found.filter((one) => one.cell === cell.name);
}

// One line under a cell or in the panel.
export function line(kind, text) {
  const piece = marks.content.querySelector(`[data-mark="${kind}"]`).cloneNode(true);
  piece.removeAttribute("data-mark");
  piece.append(text);
  return piece;
}

export function linesOf(cell) {
  if (cell.refused) return [["hard", cell.refused.fix ? `${cell.refused.rule}；${cell.refused.fix}` : cell.refused.rule]];
  return problemsOf(cell).map((one) => {
    if (one.severity === "hard") return ["hard", `${one.rule}；${one.fix}`];
    return one.explained ? ["explained", say("explained", { note: cell.storedNote })] : ["soft", one.rule];
  });
}

function lookOf(cell, kinds) {
  const worst = ["hard", "soft", "explained"].find((kind) => kinds.includes(kind));
  if (worst) return worst;
  const text = cell.field.value.trim();
  if (text === "") return "missing";
  if (isNotApplicable(text)) return "not-applicable";
  return text === "0" ? "zero" : "";
}

export function drawCell(cell) {
  const lines = linesOf(cell);
  const kinds = lines.map(([kind]) => kind);
  cell.td.classList.remove(...LOOKS);
  const look = lookOf(cell, kinds);
  if (look) cell.td.classList.add(look);
  const { field } = cell;
  const id = `${field.id}-note`;
  let notes = document.getElementById(id);
  if (!lines.length) {
    if (notes) notes.remove();
    field.removeAttribute("aria-describedby");
  } else {
    if (!notes) {
      notes = document.createElement("span");
      notes.className = "cell-notes";
      notes.id = id;
      cell.td.append(notes);
    }
    notes.replaceChildren(...lines.map(([kind, text]) => line(kind, text)));
    field.setAttribute("aria-describedby", id);
  }
  if (kinds.includes("hard")) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

export function showRefused(problems, sent) {
  for (const one of problems) {
    const cell = cells.get(one.cell);
    cell.refused = { text: sent.get(one.cell), rule: one.rule, fix: one.fix };
    changed(cell);
  }
}

// The answer to a saving: the checks of the whole sheet, its facts, what stands in the way of handing in.
export function showAnswer(data) {
  const touched = new Set([...found, ...data.problems, ...data.cells].map((one) => one.cell));
  found = data.problems;
  for (const name of touched) {
    const cell = cells.get(name);
    if (cell) changed(cell);
  }
  showFacts(data);
  document.dispatchEvent(new CustomEvent("checked"));
}

function showFacts({ facts, blocked, absent }) {
  const shown = document.querySelector(".page-facts");
  for (const old of shown.querySelectorAll("[data-fact]")) old.remove();
  for (const fact of facts) {
    const piece = document.createElement("span");
    piece.dataset.fact = "";
    piece.textContent = fact.text;
    if (fact.tone) piece.className = `tone-${fact.tone} strong`;
    shown.append(piece);
  }
  document.getElementById("blocked").textContent = blocked;
  const choice = document.getElementById("incomplete");
  if (!choice) return;
  choice.hidden = !absent;
  choice.querySelector("span").textContent = absent;
}

export function startChecks() {
  const list = document.getElementById("checks");
  onChange(drawCell);
  // The list under the sheet was true when the page came; beside the cells it stays true.
  document.addEventListener("checked", () => {
    const open = found.filter((one) => !one.explained);
    list.replaceChildren(...(open.length ? [drawList(open)] : []));
  });
}

function drawList(open) {
  const section = document.createElement("section");
  const heading = document.createElement("h2");
  const piece = document.createElement("ul");
  heading.textContent = say("checks");
  section.className = "section";
  piece.className = "check-list";
  section.append(heading, piece);
  for (const one of open) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `#${one.cell.replaceAll(".", "-")}`;
    link.textContent = one.where;
    item.append(line(one.severity === "hard" ? "hard" : "soft", ""), link, ` ${one.rule}`);
    piece.append(item);
  }
  return section;
}
