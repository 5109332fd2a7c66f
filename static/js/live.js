/* Live parts of a page: <div data-live="station.7 command.c1" data-live-url="/fragment/">.
   An event on one of its topics fetches the fragment anew and puts it in place of the element,
   at most every 0.7 s (lists: every 4 s) or as seldom as the reader chose (pace.js). Every event is
   also sent to the document as "live:message" {topic, event, data} (charts, map). Hidden pages
   wait until they are seen. What the reader asks of a list wins over its refresh (hx-sync).
   #live-state shows and switches it. */
const state = document.getElementById("live-state");
const stale = new Set(), fetchedAt = new Map();
let source = null, topics = "", wait = 1000, timer = 0, paused = false, missed = false;

const parts = () => [...document.querySelectorAll("[data-live]")];
const namesOf = (part) => part.dataset.live.split(/\s+/).filter(Boolean);
const wanted = () => [...new Set(parts().flatMap(namesOf))].sort();
const isList = (part) => "liveList" in part.dataset;
const urlOf = (part) => part.dataset.liveUrl ?? (isList(part) ? location.pathname + location.search : "");
const pace = () => 1000 * Number(document.documentElement.dataset.livePace ?? 0);
const show = (word) => { if (state) { state.hidden = false; state.dataset.state = word; } };
const isBusy = (part) => part.querySelector("dialog[open], :popover-open, details.list-menu[open]") ||
  (isList(part) && document.querySelector("#list-busy.htmx-request")) ||
  (part.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox]), select, textarea"));

function flush() {
  timer = 0;
  if (document.hidden || paused) return;
  let again = 0;
  for (const part of parts()) {
    const url = urlOf(part);
    if (!stale.has(url)) continue;
    const last = fetchedAt.get(url) ?? (pace() && performance.timeOrigin);
    const rest = Math.max(isList(part) ? 4000 : 700, pace()) - (Date.now() - last);
    if (rest > 0 || isBusy(part)) { again = Math.max(again, rest, 300); continue; }
    stale.delete(url);
    fetchedAt.set(url, Date.now());
    window.htmx.ajax("GET", url, { source: part, target: part, swap: isList(part) ? "innerHTML" : "outerHTML" })
      .catch(() => {}); // replaced by what the reader asked for, or offline: then the stream comes back too
  }
  if (again) later(again);
}

function later(delay = 100) {
  if (!timer) timer = setTimeout(flush, delay);
}

function mark(topic) {
  for (const part of parts()) if (urlOf(part) && (topic === "*" || namesOf(part).includes(topic))) stale.add(urlOf(part));
  later();
}

function heard(message) {
  document.dispatchEvent(new CustomEvent("live:message", { detail: message }));
  mark(message.topic);
}

async function connect() {
  source?.close();
  const names = wanted();
  topics = names.join(" ");
  if (!state || paused) return;
  if (!names.length) { state.hidden = true; return; }
  show("wait");
  try {
    const query = new URLSearchParams(names.slice(0, 16).map((name) => ["topic", name]));
    const answer = await fetch(`${state.dataset.ticketUrl}?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { show("off"); if (answer.status >= 500 || answer.status === 429) retry(); return; }
    source = new EventSource((await answer.json()).url);
  } catch { show("off"); retry(); return; }
  source.onopen = () => { show("on"); wait = 1000; if (missed) { missed = false; mark("*"); } };
  source.onmessage = (event) => heard(JSON.parse(event.data));
  source.onerror = () => { source.close(); missed = true; show("off"); retry(); };
}

function retry() {
  setTimeout(connect, wait + Math.random() * 500);
  wait = Math.min(wait * 2, 30000);
}

state?.addEventListener("click", () => {
  paused = !paused;
  if (paused) { source?.close(); missed = true; show("paused"); } else connect();
});
document.addEventListener("live:pace", () => { clearTimeout(timer); timer = 0; if (stale.size) later(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && stale.size) later(); });
document.addEventListener("htmx:afterSettle", () => { if (!paused && wanted().join(" ") !== topics) connect(); });
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) { missed = true; connect(); } });
connect();
