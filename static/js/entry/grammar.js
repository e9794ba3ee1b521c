// What a clerk may write in a cell beside plain digits, as indicators/entry/numbers.py reads it: 估120, 沿, 不适用.
export const NOT_APPLICABLE = "不适用";

const ESTIMATED = /^(暂估|估)\s*/;
const CARRIED = /^(沿用上月|沿用|沿)\s*/;

export function isEstimated(text) {
  return ESTIMATED.test(text);
}

export function isNotApplicable(text) {
  return text === NOT_APPLICABLE || text === "不";
}

// The figure without its state.
export function plain(text) {
  return isNotApplicable(text) ? "" : text.replace(ESTIMATED, "").replace(CARRIED, "");
}

export function estimated(text) {
  return `估${plain(text)}`;
}

export function carried(text) {
  return `沿${text}`;
}
