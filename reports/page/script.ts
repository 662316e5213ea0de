// The only script of a page: a click on a column head sorts its table, findings are ordered by the size of their effect, rows are filtered,
// and tables that have room lose their tab stop and their cue. Without it every number is still there.
// Sort keys are the `data-value` of a cell at full precision, or its text.

export const script = `
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const collator = new Intl.Collator("en", { numeric: true });
  heads.forEach((head, column) => {
    if (head.classList.contains("glyph")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => { const cell = row.cells[column]; return cell.dataset.value ?? cell.textContent; };
      const compare = (a, b) => {
        const x = key(a), y = key(b);
        if (x === "" || y === "") return x === y ? 0 : x === "" ? 1 : -1;
        const order = Number.isFinite(+x) && Number.isFinite(+y) ? x - y : collator.compare(x, y);
        return up ? order : -order;
      };
      body.append(...[...body.rows].sort(compare));
    });
  });
}
for (const label of document.querySelectorAll("label.order")) {
  label.hidden = false;
  const bodies = [...label.closest("section").querySelectorAll("table.findings tbody")];
  const declared = bodies.map((body) => [...body.rows]);
  label.querySelector("select").addEventListener("change", ({ target }) => bodies.forEach((body, i) => {
    let part = 0;
    const placed = declared[i].map((row, at) => ({ row, at, part: row.classList.contains("row") ? part : ++part, isHead: !row.classList.contains("row") }));
    const size = ({ row }) => Number(row.dataset.effect ?? -1);
    if (target.value === "effect") placed.sort((a, b) => a.part - b.part || b.isHead - a.isHead || size(b) - size(a) || a.at - b.at);
    body.append(...placed.map(({ row }) => row));
  }));
}
for (const label of document.querySelectorAll("label.filter")) {
  label.hidden = false;
  const tables = [...label.closest("section").querySelectorAll("table.data")];
  label.querySelector("input").addEventListener("input", ({ target }) => {
    const words = target.value.toLowerCase().split(/\\s+/);
    for (const table of tables)
      for (const row of table.tBodies[0].rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  });
}
const fit = () => {
  for (const place of document.querySelectorAll(".scroll, .picture.wide")) {
    const isOver = place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1;
    place.parentElement.classList.toggle("over", place.scrollWidth > place.clientWidth + 1);
    if (isOver) place.tabIndex = 0; else place.removeAttribute("tabindex");
  }
};
fit();
addEventListener("resize", fit);
addEventListener("toggle", fit, true);
`;
