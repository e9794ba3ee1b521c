// Draws the charts of a page: each element with data-chart names the JSON script that holds its Plotly specification.
// Arrow keys move the tooltip over the months; buttons with data-chart-image save the picture. It computes nothing.
const Plotly = window.Plotly;
const config = {
  locale: document.documentElement.lang.startsWith("zh") ? "zh-CN" : "en-US", displaylogo: false, showSendToCloud: false, plotlyServerURL: "", responsive: true,
  displayModeBar: false, modeBarButtonsToRemove: ["lasso2d", "select2d"],
};

function lastKnown(values) {
  let last = values.length - 1;
  while (last > 0 && values[last] === null) last -= 1;
  return last;
}

function moveTooltip(chart, event, state) {
  const curve = chart.data.findIndex((trace) => trace.hovertemplate);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (curve < 0 || !step) return;
  event.preventDefault();
  const last = lastKnown(chart.data[curve].y);
  state.point = state.point === null ? last : Math.max(0, Math.min(last, state.point + step));
  Plotly.Fx.hover(chart, [{ curveNumber: curve, pointNumber: state.point }]);
  const [month, value] = chart.data[curve].customdata[state.point];
  state.live.textContent = `${month} ${value}`;
}

function fitPhone(chart, layout) {
  if (chart.clientWidth >= 520) return;
  layout.xaxis.dtick = layout.xaxis.dtick === "M1" ? "M3" : "M12";
  layout.margin = { ...layout.margin, l: 44, r: layout.margin.r > 92 ? 84 : 66 };
}

async function draw(chart) {
  const { data, layout } = JSON.parse(document.getElementById(chart.dataset.chart).textContent);
  fitPhone(chart, layout);
  await Plotly.newPlot(chart, data, layout, config);
  const live = document.createElement("span");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  chart.after(live);
  const state = { point: null, live };
  chart.addEventListener("keydown", (event) => moveTooltip(chart, event, state));
  chart.addEventListener("blur", () => Plotly.Fx.unhover(chart, []));
}

function saveImage(button) {
  const chart = document.getElementById(button.dataset.target);
  const size = { width: 1200, height: Math.round((1200 * chart.clientHeight) / chart.clientWidth), scale: 2 };
  Plotly.downloadImage(chart, { format: button.dataset.chartImage, filename: button.dataset.name, ...size });
}

const charts = document.querySelectorAll("[data-chart]");
charts.forEach(draw);
window.addEventListener("beforeprint", () => charts.forEach((chart) => Plotly.relayout(chart, { width: 660 })));
window.addEventListener("afterprint", () => {
  charts.forEach((chart) => Plotly.relayout(chart, { width: null, autosize: true }));
});
document.querySelectorAll("[data-chart-image]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => saveImage(button));
});
