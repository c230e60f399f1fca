// Sorting and filtering: the rows stay in the page, and what cannot be seen is hidden, not gone.

function button(name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name;
  made.addEventListener("click", act);
  return made;
}

const exact = (cell) => cell.dataset.value?.split("|")[0] ?? text(cell);
// A cell's first words: of a verdict the word without its sign, of an amount not the note below it.
const text = (cell) => (cell.querySelector(".chip")?.lastChild ?? cell.firstChild)?.textContent.trim() ?? "";

// Numbers before words, nothing last, words as a reader sorts them: "workers 2" before "workers 10".
function compare(one, other, sign) {
  const [a, b] = [exact(one), exact(other)];
  if (a === "" || b === "") return (a === "") - (b === "");
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return sign * (x - y);
  return sign * (Number.isNaN(x) - Number.isNaN(y) || a.localeCompare(b, "en", { numeric: true }));
}

function sortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  const original = [...table.tBodies[0].rows];
  heads.forEach((head, column) => {
    const sorts = button("", () => {
      const was = head.getAttribute("aria-sort");
      const now = was === null ? "ascending" : was === "ascending" ? "descending" : null;
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      const rows = [...original];
      if (now) {
        head.setAttribute("aria-sort", now);
        rows.sort((a, b) => compare(a.cells[column], b.cells[column], now === "ascending" ? 1 : -1));
      }
      table.tBodies[0].append(...rows);
    });
    sorts.append(...head.childNodes);
    head.append(sorts);
  });
}

// Where the axes do not fit beside the rest, the first column stays and names the others' values.
function scrollable(area, table) {
  const axes = [...table.tHead.rows[0].cells].flatMap((head, column) => ("axis" in head.dataset && column ? [column] : []));
  if (!axes.length) return;
  const names = axes.map((column) => table.tHead.rows[0].cells[column].dataset.names);
  for (const row of table.tBodies[0].rows) {
    const values = axes.map((column, n) => [names[n], text(row.cells[column])]).filter(([, value]) => value);
    row.cells[0].dataset.case = values.map((pair) => pair.join("=")).join(" ");
  }
  area.addEventListener("scroll", () => area.classList.toggle("scrolled", area.scrollLeft > 0), { passive: true });
}

function filterable(table, tools, status) {
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells];
  const chosen = new Map();
  // An axis that means nothing to a case (one after another has no workers) agrees with every value.
  const agrees = (row, column, value) => value === null || ["", value].includes(text(row.cells[column]));
  const show = () => {
    for (const row of rows) row.hidden = ![...chosen].every(([column, value]) => agrees(row, column, value));
    status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
  };
  heads.forEach((head, column) => {
    const values = [...new Set(rows.map((row) => text(row.cells[column])))].filter(Boolean);
    if (!("axis" in head.dataset) || values.length < 2) return;
    const select = document.createElement("select");
    select.append(new Option("all", "all"), ...values.map((value, n) => new Option(value, String(n))));
    select.addEventListener("change", () => {
      chosen.set(column, select.value === "all" ? null : values[Number(select.value)]);
      show();
    });
    const label = document.createElement("label");
    label.append(head.dataset.names, " ", select);
    tools.append(label);
  });
  show();
}
