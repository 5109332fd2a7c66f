/* The week as a grid of boxes: press and draw to mark or clear many hours at once; the name of an
   hour or a day marks its whole row or column. Without this file each box is clicked by itself. */
let mark = null;

const cellBox = (target) => target.closest?.(".week-edit td")?.querySelector("input");
const changed = (grid) => grid.dispatchEvent(new Event("change", { bubbles: true }));

document.addEventListener("pointerdown", (event) => {
  const box = cellBox(event.target);
  if (!box || event.button || event.pointerType === "touch") return;
  event.preventDefault();
  mark = { on: !box.checked, grid: box.closest("table") };
  box.checked = mark.on;
  box.focus();
});

document.addEventListener("pointerover", (event) => {
  const box = mark && cellBox(event.target);
  if (box) box.checked = mark.on;
});

document.addEventListener("pointerup", () => {
  if (mark) changed(mark.grid);
  mark = null;
});

/* The click that follows a press would turn the box back. */
document.addEventListener("click", (event) => {
  const box = event.target.matches?.(".week-edit input") && event.detail > 0 && event.pointerType !== "touch";
  if (box) event.preventDefault();
});

function many(head) {
  const grid = head.closest(".week-edit");
  const column = head.cellIndex;
  if (column) return [...grid.tBodies[0].rows].map((row) => row.cells[column].querySelector("input"));
  return [...head.parentElement.querySelectorAll("input")];
}

document.addEventListener("dblclick", (event) => {
  const head = event.target.closest?.(".week-edit th");
  if (!head) return;
  const boxes = many(head);
  const on = !boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = on;
  changed(head.closest("table"));
});
