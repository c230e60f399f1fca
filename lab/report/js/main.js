// What the page gains where there is JavaScript; everything else is there without it.

for (const area of document.querySelectorAll(".table")) {
  const table = area.querySelector("table");
  const tools = document.createElement("div");
  tools.className = "tools";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  filterable(table, tools, status);
  copyable(table, tools, status);
  tools.append(status);
  sortable(table);
  scrollable(area.querySelector(".wide"), table);
  area.prepend(tools);
}

for (const figure of document.querySelectorAll(".timeline")) new Timeline(figure);

// A link to what is folded unfolds it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", unfold);
unfold();
document.documentElement.dataset.ready = "";
