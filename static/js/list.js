/* Choosing rows of a list. What is chosen outlives paging, sorting and live refreshes; rows that
   are not on the page are sent along. Without this file the boxes and the select still work. */
const chosen = new Set();
const boxes = () => [...document.querySelectorAll("#bulk-form input[name=id]")];

function show() {
  const here = boxes();
  for (const box of here) box.checked = chosen.has(box.value);
  const page = document.getElementById("bulk-page");
  const marked = here.filter((box) => box.checked).length;
  if (page) {
    page.checked = here.length > 0 && marked === here.length;
    page.indeterminate = marked > 0 && marked < here.length;
  }
  const count = document.getElementById("bulk-count"), clear = document.getElementById("bulk-clear");
  if (count) count.textContent = !chosen.size ? "" : chosen.size === 1 ? count.dataset.one : count.dataset.many.replace("#", chosen.size);
  if (clear) clear.hidden = !chosen.size;
}

document.addEventListener("change", (event) => {
  const at = event.target;
  if (at.matches("#bulk-form input[name=id]")) {
    if (at.checked) chosen.add(at.value); else chosen.delete(at.value);
    show();
  } else if (at.id === "bulk-page") {
    for (const box of boxes()) if (at.checked) chosen.add(box.value); else chosen.delete(box.value);
    show();
  } else if (at.closest("form[data-submit-on-change]")) {
    at.form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("#bulk-clear")) { chosen.clear(); show(); }
  for (const menu of document.querySelectorAll("details.list-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.list-menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "bulk-form") return;
  for (const extra of event.target.querySelectorAll("input[data-elsewhere]")) extra.remove();
  const here = new Set(boxes().map((box) => box.value));
  for (const id of chosen) {
    if (here.has(id)) continue;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "id", value: id });
    field.dataset.elsewhere = "";
    event.target.append(field);
  }
});

document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "list") show(); });
addEventListener("pageshow", () => { for (const box of boxes()) if (box.checked) chosen.add(box.value); show(); });
