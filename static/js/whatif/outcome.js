// Where a pace leads: the twin of indicators/analysis/whatif.py and numbers_text.py, in whole ten-thousandths, so that
// the browser and the server print the same. No page is touched here.
const UNITS = 10000n;
const STORED = 4;

const size = (number) => (number < 0n ? -number : number);

// numerator / denominator (above 0) to a whole number, halves away from zero.
function halfUp(numerator, denominator) {
  const rounded = (2n * size(numerator) + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

const maybe = (text) => (text === null ? null : BigInt(text));

// What is given as text, as numbers to compute with.
export function standingOf(given) {
  return {
    month: given.month, end: given.end, falling: given.falling, decimals: given.decimals, goal: BigInt(given.goal),
    value: BigInt(given.value), remaining: BigInt(given.remaining), recentMonths: BigInt(given.recentMonths),
    recent: maybe(given.recent), low: maybe(given.low), high: maybe(given.high), target: maybe(given.target),
  };
}

// "675" or "0.25" in ten-thousandths; null for what is no number from 0 on with at most four decimals.
export function unitsOf(text) {
  const match = /^(\d{1,11})(?:\.(\d{1,4}))?$/.exec(text.trim());
  return match ? BigInt(match[1]) * UNITS + BigInt((match[2] || "").padEnd(STORED, "0")) : null;
}

export function whatIf(standing, pace) {
  const left = BigInt(Math.max(0, standing.end - standing.month));
  const brought = pace * left;
  let value = standing.falling ? standing.value - brought : standing.value + brought;
  if (standing.high !== null && value > standing.high) value = standing.high;
  if (standing.low !== null && value < standing.low) value = standing.low;
  let arrives = null;
  if (standing.remaining <= 0n) arrives = standing.month;
  else if (pace > 0n) arrives = standing.month + Number((standing.remaining + pace - 1n) / pace);
  const short = standing.remaining - brought;
  const { recent, target } = standing;
  return {
    value, arrives, short: short > 0n ? short : 0n,
    times: recent !== null && recent > 0n ? halfUp(pace * standing.recentMonths * 100n, recent) : null,
    completion: target !== null && target > 0n ? halfUp(value * 1000n, target) : null,
  };
}

export function printUnits(units, decimals) {
  const step = 10n ** BigInt(STORED - decimals);
  const rounded = (size(units) + step / 2n) / step;
  const scale = 10n ** BigInt(decimals);
  let text = String(rounded / scale).replace(/\B(?=(\d{3})+$)/g, ",");
  if (decimals) text += `.${String(rounded % scale).padStart(decimals, "0")}`;
  return units < 0n && rounded ? `\u2212${text}` : text;
}

// As many decimals as it takes not to read like a target it does not equal.
export function printAgainst(units, target, decimals) {
  let places = decimals;
  while (units !== target && places < STORED && printUnits(units, places) === printUnits(target, places)) places += 1;
  return printUnits(units, places);
}

const iso = (month) => `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;

// The outcome in print, name by name as whatif_page.texts gives it.
export function texts(standing, pace) {
  const found = whatIf(standing, pace);
  return {
    value: printAgainst(found.value, standing.goal, standing.decimals),
    completion: found.completion === null ? "" : printUnits(found.completion * (UNITS / 10n), 1),
    short: printAgainst(found.short, 0n, standing.decimals),
    arrives: found.arrives === null ? "" : iso(found.arrives),
    times: found.times === null ? "" : printUnits(found.times * (UNITS / 100n), 2),
  };
}
