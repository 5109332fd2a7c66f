/* Time series with uPlot: <figure data-chart="<id of json_script>" or data-chart-url="/…json">.
   The data: {"zone": "Europe/Stockholm", "x": [unix s], "series": [{"label", "unit", "tone",
   "values": [n | null], "scale"?, "decimals"?, "step"?}]}; the first scale is on the left. */
function colour(name) {
  const probe = document.createElement("i");
  probe.className = `tone-text tone-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function token(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function options(data, width, height) {
  const axis = { stroke: token("text-2"), grid: { stroke: token("line"), width: 1 }, ticks: { stroke: token("line") } };
  const language = document.documentElement.lang;
  const units = [...new Set(data.series.map((one) => one.scale ?? one.unit))];
  const show = (one) => (_plot, value) => value == null ? "–" : `${value.toLocaleString(language, { maximumFractionDigits: one.decimals ?? 1 })} ${one.unit}`;
  const time = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium", hourCycle: "h23", timeZone: data.zone });
  return {
    width, height,
    cursor: { sync: data.sync ? { key: data.sync } : undefined, focus: { prox: 24 } },
    tzDate: (seconds) => window.uPlot.tzDate(new Date(seconds * 1000), data.zone),
    fmtDate: () => (date) => date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    series: [
      { label: data.zone, value: (_plot, seconds) => seconds == null ? "–" : time.format(seconds * 1000) },
      ...data.series.map((one) => ({
        label: one.label, scale: one.scale ?? one.unit, stroke: colour(one.tone ?? "active"), width: 2, value: show(one),
        paths: one.step ? window.uPlot.paths.stepped({ align: 1 }) : undefined, points: { show: data.x.length < 40 },
      })),
    ],
    axes: [axis, ...units.map((unit, index) => ({ ...axis, scale: unit, label: unit, labelSize: 18, labelGap: 0, labelFont: "12px system-ui", side: index ? 1 : 3, size: 52, grid: index ? { show: false } : axis.grid,
      values: (_plot, ticks) => ticks.map((tick) => tick == null ? "" : tick.toLocaleString(language)) }))],
  };
}

async function draw(figure) {
  const data = figure.dataset.chartUrl
    ? await (await fetch(figure.dataset.chartUrl, { headers: { Accept: "application/json" } })).json()
    : JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const place = figure.querySelector(".plot") ?? figure.appendChild(Object.assign(document.createElement("div"), { className: "plot" }));
  figure.plot?.destroy();
  if (!data.x.length) return;
  const height = Number(figure.dataset.height ?? 260);
  figure.plot = new window.uPlot(options(data, place.clientWidth || 320, height), [data.x, ...data.series.map((one) => one.values)], place);
  new ResizeObserver(() => place.clientWidth && figure.plot.setSize({ width: place.clientWidth, height })).observe(place);
}

const drawAll = (root) => root.querySelectorAll?.("[data-chart], [data-chart-url]").forEach(draw);
drawAll(document);
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.matches?.("[data-chart], [data-chart-url]")) draw(event.detail.elt);
  drawAll(event.detail.elt);
});
document.addEventListener("live:message", ({ detail }) => {
  for (const figure of document.querySelectorAll("[data-chart-url][data-chart-topic]")) if (figure.dataset.chartTopic === detail.topic) draw(figure);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
