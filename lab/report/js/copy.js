// Copying what is seen: as CSV with exact values, or as Markdown with the words of the table.

const seen = (table) => [...table.tBodies[0].rows].filter((row) => !row.hidden);

function quoted(value) {
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function asCsv(table) {
  const names = [...table.tHead.rows[0].cells].map((head) => head.dataset.names.split("|"));
  const cells = (cell, wide) => {
    if (cell.dataset.value === undefined) return [text(cell), ...Array(wide - 1).fill("")];
    const values = wide > 1 ? cell.dataset.value.split("|") : [cell.dataset.value];
    return [...values, ...Array(wide - values.length).fill("")];
  };
  const rows = seen(table).map((row) => [...row.cells].flatMap((cell, n) => cells(cell, names[n].length)));
  return [names.flat(), ...rows].map((row) => row.map(quoted).join(",") + "\n").join("");
}

function asMarkdown(table) {
  const plain = (words) => words.replace(/\s+/g, " ").trim().replace(/[\\|`*_<>\[\]]/g, "\\$&");
  const words = (cell) => plain([...cell.childNodes].map((node) => node.textContent).join(" "));
  const heads = [...table.tHead.rows[0].cells];
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const rule = heads.map((head) => (head.classList.contains("number") ? "--:" : "---"));
  return [heads.map((head) => plain(head.textContent)), rule, ...seen(table).map((row) => [...row.cells].map(words))]
    .map(line)
    .join("");
}

async function copy(words, status, beside) {
  beside.parentElement.querySelector("textarea.copied")?.remove();
  try {
    await navigator.clipboard.writeText(words);
    status.textContent = "Copied.";
  } catch {
    // Where the clipboard is closed to pages, the text is shown, and chosen, to be copied by hand.
    const area = document.createElement("textarea");
    area.className = "copied";
    area.readOnly = true;
    area.setAttribute("aria-label", "The table as text");
    area.value = words;
    beside.after(area);
    area.select();
    status.textContent = document.execCommand("copy") ? "Copied." : "Copy it from here:";
    if (status.textContent === "Copied.") area.remove();
  }
}

function copyable(table, tools, status) {
  for (const [name, made] of [["Copy CSV", asCsv], ["Copy Markdown", asMarkdown]]) {
    tools.append(button(name, () => copy(made(table), status, tools)));
  }
}
