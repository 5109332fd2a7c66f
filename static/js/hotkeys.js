/* "/" goes to the list's search, else to the search in the header; not while typing. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target;
  if (at.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
  const field = document.querySelector("[data-hotkey-search]") ?? document.querySelector("#site-search");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
