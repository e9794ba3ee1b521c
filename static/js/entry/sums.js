// Totals of columns and the ratios of two columns, as they are typed: whole numbers of ten-thousandths throughout.
import { ONE, fields, grouped, onChange, table, units } from "./sheet.js";

const totals = [...table.querySelectorAll("td[data-total]")];
const ratios = [...table.querySelectorAll("td[data-over]")];
const NOTHING = "—";
const columns = new Map(); // code of a column → its fields

for (const field of fields) {
  const code = codeOf(field);
  if (!columns.has(code)) columns.set(code, []);
  columns.get(code).push(field);
}

function codeOf(field) {
  return field.getAttribute("aria-labelledby").split(" k-")[1];
}

function addUp(code) {
  const found = columns.get(code) || [];
  const filled = found.filter((field) => field.value.trim() !== "");
  const known = filled.map((field) => units(field.value.trim())).filter((value) => value !== null);
  const sum = known.reduce((one, other) => one + other, 0n);
  return { sum, known: known.length, filled: filled.length, due: found.length };
}

function showTotal(td) {
  const { sum, known, filled, due } = addUp(td.dataset.total);
  td.querySelector(".figure").textContent = known ? grouped(sum) : "";
  let short = td.querySelector(".before");
  if (!short) {
    short = document.createElement("span");
    short.className = "before";
    td.append(short);
  }
  short.textContent = filled && filled < due ? `${filled}/${due}` : "";
}

// over ÷ under × scale to so many decimals, half rounded up.
export function ratio(over, under, scale, decimals) {
  if (over === null || under === null || under === 0n) return NOTHING;
  const [above, below] = scale.split("/").map(BigInt);
  const negative = (over < 0n) !== (under < 0n) && over !== 0n;
  const size = (value) => (value < 0n ? -value : value);
  const top = size(over) * above * 10n ** BigInt(decimals);
  const bottom = size(under) * below;
  const rounded = (2n * top + bottom) / (2n * bottom);
  const value = (rounded * ONE) / 10n ** BigInt(decimals);
  return grouped(negative ? -value : value, decimals);
}

function partOf(td, code) {
  const row = td.parentElement;
  if (row.classList.contains("total")) {
    const { sum, known, due } = addUp(code);
    return known === due ? sum : null; // a ratio of sums over the same places, or none
  }
  const field = (columns.get(code) || []).find((one) => one.closest("tr") === row);
  return field ? units(field.value.trim()) : null;
}

function showRatio(td) {
  const { over, under, scale, decimals } = td.dataset;
  td.querySelector(".figure").textContent = ratio(partOf(td, over), partOf(td, under), scale, Number(decimals));
}

function show(cell) {
  const code = codeOf(cell.field);
  const row = cell.field.closest("tr");
  for (const td of totals) if (td.dataset.total === code) showTotal(td);
  for (const td of ratios) {
    const near = td.parentElement === row || td.parentElement.classList.contains("total");
    if (near && (td.dataset.over === code || td.dataset.under === code)) showRatio(td);
  }
}

export function startSums() {
  onChange(show);
}
