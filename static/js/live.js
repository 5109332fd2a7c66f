/* Live parts of a page: <div data-live="station.7 command.c1" data-live-url="/fragment/">.
   An event on one of its topics fetches the fragment anew and puts it in place of the element;
   without data-live-url only the event "live:message" is sent to the document (charts, map).
   Hidden pages wait until they are seen. The state is shown and switched by #live-state. */
const state = document.getElementById("live-state");
const due = new Set();
let source = null, topics = "", wait = 1000, timer = 0, paused = false, missed = false, lastFlush = 0;

const parts = () => [...document.querySelectorAll("[data-live]")];
const wanted = () => [...new Set(parts().flatMap((part) => part.dataset.live.split(/\s+/).filter(Boolean)))].sort();
const show = (word) => { if (state) { state.hidden = false; state.dataset.state = word; } };

function busy(part) {
  return part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea") || part.querySelector("dialog[open], :popover-open");
}

function flush() {
  timer = 0;
  if (document.hidden || paused) return;
  lastFlush = Date.now();
  for (const part of parts()) {
    const url = part.dataset.liveUrl ?? ("liveList" in part.dataset ? location.pathname + location.search : "");
    if (!url || !part.dataset.live.split(/\s+/).some((topic) => due.has(topic) || due.has("*"))) continue;
    if (busy(part)) { later(1000); return; }
    window.htmx.ajax("GET", url, { target: part, swap: "liveList" in part.dataset ? "innerHTML" : "outerHTML" });
  }
  due.clear();
}

function later(delay = 120) {
  if (!timer) timer = setTimeout(flush, Math.max(delay, 700 - (Date.now() - lastFlush)));
}

function heard(message) {
  document.dispatchEvent(new CustomEvent("live:message", { detail: message }));
  due.add(message.topic);
  later();
}

async function connect() {
  source?.close();
  const names = wanted();
  topics = names.join(" ");
  if (!state || !names.length || paused) { if (state && !names.length) state.hidden = true; return; }
  show("wait");
  try {
    const query = new URLSearchParams(names.slice(0, 16).map((name) => ["topic", name]));
    const answer = await fetch(`${state.dataset.ticketUrl}?${query}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { show("off"); if (answer.status >= 500 || answer.status === 429) retry(); return; }
    source = new EventSource((await answer.json()).url);
  } catch { show("off"); retry(); return; }
  source.onopen = () => { show("on"); wait = 1000; if (missed) { missed = false; due.add("*"); later(); } };
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
document.addEventListener("visibilitychange", () => { if (!document.hidden && due.size) later(); });
document.addEventListener("htmx:afterSettle", () => { if (!paused && wanted().join(" ") !== topics) connect(); });
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => { if (event.persisted) { missed = true; connect(); } });
connect();
