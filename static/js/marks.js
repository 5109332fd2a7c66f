/* Map of a layer or a plan: <div class="map" data-marks="<id of json_script>" {% map_base %}>. The data: [{"name", "latitude",
   "longitude", "radius" (pixels), "number", "tone"?, "url"?, "geometry"? (GeoJSON: a line or an area)}]. The table holds the same. */
import { base } from "./map.js";
const L = window.L;

function drawn(mark) {
  const className = `mark tone-${mark.tone ?? "active"}`;
  const shape = mark.geometry
    ? L.geoJSON(mark.geometry, { style: { className, weight: Math.max(2, mark.radius / 4) } })
    : L.circleMarker([mark.latitude, mark.longitude], { radius: mark.radius, className, weight: 1 });
  const text = document.createElement("span");
  text.textContent = [mark.name, mark.number?.toLocaleString(document.documentElement.lang)].filter((one) => one != null && one !== "").join(" · ");
  shape.bindTooltip(text, { sticky: Boolean(mark.geometry) });
  if (mark.url) shape.on("click", () => location.assign(mark.url));
  return shape;
}

async function draw(element) {
  const marks = JSON.parse(document.getElementById(element.dataset.marks).textContent);
  const places = marks.map((mark) => [mark.latitude, mark.longitude]);
  const bounds = places.length ? L.latLngBounds(places).pad(0.1) : L.latLngBounds([[55, 10], [69, 25]]);
  const map = L.map(element, { zoomSnap: 0.5, minZoom: 4, maxZoom: element.dataset.tiles || element.dataset.pmtiles ? 18 : 11, scrollWheelZoom: false });
  map.attributionControl.setPrefix("<a href=\"https://leafletjs.com\">Leaflet</a>");
  map.fitBounds(bounds, { maxZoom: 10 });
  element.addEventListener("focusin", () => map.scrollWheelZoom.enable());
  await base(map, element);
  L.featureGroup(marks.map(drawn)).addTo(map);
}

document.querySelectorAll("[data-marks]").forEach(draw);
