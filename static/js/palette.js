/* Ctrl-K opens the search over everything; arrows walk through what was found, Enter opens it.
   <dialog id="palette"> with a form, and #palette-rows with links (templates/components/palette.html). */
const palette = document.getElementById("palette");
const field = palette?.querySelector("input");
const stops = () => [field, ...palette.querySelectorAll("#palette-rows a")];

document.addEventListener("keydown", (event) => {
  if (!palette || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else if (!document.querySelector("dialog[open]")) { palette.showModal(); field.select(); }
});

palette?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = stops();
  event.preventDefault();
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
});
