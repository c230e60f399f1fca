// What the page gains where there is JavaScript; everything else is there without it.

for (const place of document.querySelectorAll(".table")) {
  const table = place.querySelector("table");
  const tools = document.createElement("div");
  tools.className = "tools";
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  filterable(table, tools, status);
  copyable(table, tools, status);
  tools.append(status);
  sortable(table);
  scrollable(place.querySelector(".wide"), table);
  place.prepend(tools);
}

for (const figure of document.querySelectorAll(".timeline")) {
  const timeline = new Timeline(figure);
  let seen = null;
  // Paper shows all of it, whatever the screen shows.
  addEventListener("beforeprint", () => {
    seen = [timeline.from, timeline.to - timeline.from];
    timeline.window(0, PARTS);
  });
  addEventListener("afterprint", () => seen && timeline.window(...seen));
}

// A link to what is folded unfolds it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", unfold);
unfold();
document.documentElement.dataset.ready = "";
