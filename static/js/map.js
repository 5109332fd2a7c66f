/* Map of sites: <div class="map" data-map="<id of json_script>" data-outline="…geojson" data-icons="…svg"
   data-tiles="" data-pmtiles="" data-language="sv">. The data: [{"id", "name", "latitude", "longitude", "url", "tone", "icon",
   "word", "note"?}]. The list beside the map holds the same links and is complete without it. */
const L = window.L;
const RANK = ["bad", "warn", "idle", "paused", "active", "ok"];
const worst = (tones) => RANK.find((tone) => tones.includes(tone)) ?? "idle";

function pin(place, icons) {
  const box = document.createElement("div");
  box.className = `pin tone-${place.tone}`;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${icons}#${place.icon}`);
  svg.append(use);
  box.append(svg);
  return L.divIcon({ html: box, className: "", iconSize: [26, 26] });
}

function clusterIcon(cluster) {
  const tones = cluster.getAllChildMarkers().map((marker) => marker.options.tone);
  const box = document.createElement("div");
  box.className = `cluster tone-${worst(tones)}`;
  box.textContent = cluster.getChildCount();
  return L.divIcon({ html: box, className: "", iconSize: [34, 34] });
}

export async function base(map, element) {
  if (element.dataset.tiles) { L.tileLayer(element.dataset.tiles, { maxZoom: 19 }).addTo(map); return; }
  if (element.dataset.pmtiles) {
    const theme = document.documentElement.dataset.bsTheme || document.documentElement.dataset.theme;
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    window.protomapsL.leafletLayer({ url: element.dataset.pmtiles, flavor: dark ? "dark" : "light", lang: element.dataset.language, noWrap: true }).addTo(map);
    return;
  }
  const data = await (await fetch(element.dataset.outline)).json();
  if (data.bbox) map.setMaxBounds([[data.bbox[1], data.bbox[0]], [data.bbox[3], data.bbox[2]]]);
  const style = getComputedStyle(element.appendChild(Object.assign(document.createElement("i"), { className: "land", hidden: true })));
  L.geoJSON(data, { interactive: false, renderer: L.canvas({ padding: 0.5 }), style: { color: style.borderTopColor, weight: 1, fillColor: style.backgroundColor, fillOpacity: 1 }, attribution: data.credit }).addTo(map);
}

function markers(places, icons) {
  const group = L.markerClusterGroup({ iconCreateFunction: clusterIcon, showCoverageOnHover: false, maxClusterRadius: 38, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  for (const place of places) {
    const marker = L.marker([place.latitude, place.longitude], { icon: pin(place, icons), title: `${place.name}: ${place.word}`, alt: `${place.name}: ${place.word}`, tone: place.tone });
    const text = document.createElement("span");
    text.textContent = [place.name, place.word, place.note].filter(Boolean).join(" · ");
    marker.bindTooltip(text, { direction: "top", offset: [0, -12] });
    marker.on("click keypress", (event) => { if (event.type === "click" || event.originalEvent?.key === "Enter") location.assign(place.url); });
    group.addLayer(marker);
  }
  return group;
}

async function draw(element) {
  const places = JSON.parse(document.getElementById(element.dataset.map).textContent).filter((place) => place.latitude != null && place.longitude != null);
  const bounds = places.length ? L.latLngBounds(places.map((place) => [place.latitude, place.longitude])).pad(0.12) : L.latLngBounds([[55, 10], [69, 25]]);
  const map = L.map(element, { zoomSnap: 0.5, minZoom: 4, maxZoom: element.dataset.tiles || element.dataset.pmtiles ? 18 : 11, attributionControl: true, scrollWheelZoom: false });
  map.attributionControl.setPrefix("<a href=\"https://leafletjs.com\">Leaflet</a>");
  map.fitBounds(bounds, { maxZoom: 9 });
  element.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  let layer = markers(places, element.dataset.icons).addTo(map);
  await base(map, element);
  document.addEventListener("htmx:afterSettle", () => {
    const fresh = document.getElementById(element.dataset.map);
    if (!fresh || fresh.textContent === element.seen) return;
    element.seen = fresh.textContent;
    map.removeLayer(layer);
    layer = markers(JSON.parse(fresh.textContent).filter((place) => place.latitude != null), element.dataset.icons).addTo(map);
  });
}

document.querySelectorAll("[data-map]").forEach(draw);
