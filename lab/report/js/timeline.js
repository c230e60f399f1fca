// A timeline that can be zoomed, and read task by task, with the pointer or from the keyboard.
// It draws what is within the window anew from the numbers, so that its paths stay few and short.

const PARTS = 1e6;
const SVG = "http://www.w3.org/2000/svg";
const KEYS = "Arrow keys move from task to task and from model to model, + and - zoom, 0 shows all.";

class Timeline {
  constructor(figure) {
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.svg = figure.querySelector("svg");
    this.groups = [...this.svg.querySelectorAll("g.tasks")];
    this.from = 0;
    this.to = PARTS;
    this.panel = 0;
    this.task = -1;
    this.mark = this.svg.appendChild(document.createElementNS(SVG, "rect"));
    this.mark.setAttribute("class", "picked");
    this.mark.setAttribute("visibility", "hidden");
    this.range = this.svg.appendChild(document.createElementNS(SVG, "rect"));
    this.range.setAttribute("class", "chosen");
    this.range.setAttribute("visibility", "hidden");
    this.told = document.createElement("p");
    this.told.className = "told";
    this.told.setAttribute("role", "status");
    this.told.textContent = `Point at a task, or drag to zoom. ${KEYS}`;
    const area = figure.querySelector(".wide");
    area.setAttribute("role", "application");
    area.setAttribute("aria-roledescription", "timeline");
    area.setAttribute("aria-label", `${area.getAttribute("aria-label")}. ${KEYS}`);
    area.addEventListener("keydown", (event) => this.key(event));
    area.after(this.tools(), this.told);
    this.point();
  }

  x(part) {
    return this.data.left + (this.data.width * (part - this.from)) / (this.to - this.from);
  }

  part(x) {
    return this.from + ((x - this.data.left) / this.data.width) * (this.to - this.from);
  }

  time(parts) {
    const value = (parts / PARTS) * this.data.last;
    return `${value === 0 ? "0" : value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${this.data.unit}`;
  }

  draw() {
    this.data.panels.forEach((panel, n) => this.drawPanel(panel, this.groups[n]));
    this.drawTicks();
    this.drawMark();
  }

  drawPanel(panel, group) {
    const paths = { waits: "", services: "", failures: "" };
    const [low, high] = [this.data.left, this.data.left + this.data.width];
    const within = (x) => Math.min(high, Math.max(low, x));
    for (const [index, lane, submitted, started, finished] of panel.tasks) {
      if (finished < this.from || submitted > this.to) continue;
      const y = panel.top + lane * panel.lane;
      const [a, b, c] = [submitted, started, finished].map((part) => within(this.x(part)));
      if (b - a > 0.1) paths.waits += `M${a.toFixed(1)} ${(y + panel.lane / 2).toFixed(1)}H${b.toFixed(1)}`;
      if (started > this.to || finished < this.from) continue;
      const wide = Math.max(c - b, 0.4).toFixed(1);
      const [top, tall] = [(y + panel.lane * 0.15).toFixed(1), (panel.lane * 0.7).toFixed(1)];
      const kind = String(index) in panel.errors ? "failures" : "services";
      paths[kind] += `M${b.toFixed(1)} ${top}h${wide}v${tall}h-${wide}z`;
    }
    for (const [name, path] of Object.entries(paths)) group.querySelector(`.${name}`).setAttribute("d", path);
    const end = this.x(panel.end);
    const line = group.querySelector(".end");
    line.setAttribute("d", line.getAttribute("d").replace(/^M-?[\d.]+/, `M${end.toFixed(1)}`));
    line.setAttribute("visibility", end < low || end > high + 1 ? "hidden" : "visible");
  }

  drawTicks() {
    const group = this.svg.querySelector(".ticks");
    const height = this.svg.viewBox.baseVal.height;
    const [low, high] = [this.from, this.to].map((part) => (part / PARTS) * this.data.last);
    const power = 10 ** Math.floor(Math.log10(high - low));
    const step = [0.1, 0.2, 0.5, 1].map((part) => part * power).find((each) => (high - low) / each <= 10);
    group.replaceChildren();
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high * (1 + 1e-9); n++) {
      const x = this.x(((n * step) / this.data.last) * PARTS).toFixed(1);
      const line = group.appendChild(document.createElementNS(SVG, "path"));
      line.setAttribute("d", `M${x} 0V${height - 24}`);
      const label = group.appendChild(document.createElementNS(SVG, "text"));
      label.setAttribute("x", x);
      label.setAttribute("y", height - 8);
      const unit = group.childElementCount === 2 ? ` ${this.data.unit}` : "";
      label.textContent = Number((n * step).toPrecision(8)) + unit;
    }
  }

  drawMark() {
    const panel = this.data.panels[this.panel];
    const task = panel.tasks[this.task];
    const seen = task && task[4] >= this.from && task[3] <= this.to;
    this.mark.setAttribute("visibility", seen ? "visible" : "hidden");
    if (!seen) return;
    const [low, high] = [this.data.left - 2, this.data.left + this.data.width + 2];
    const from = Math.max(low, this.x(task[3]) - 1);
    const to = Math.min(high, this.x(task[4]) + 1);
    this.mark.setAttribute("x", from);
    this.mark.setAttribute("width", Math.max(2, to - from));
    this.mark.setAttribute("y", panel.top + task[1] * panel.lane);
    this.mark.setAttribute("height", panel.lane);
  }

  pick(panel, task) {
    this.panel = panel;
    this.task = task;
    this.drawMark();
    const { name, tasks, errors } = this.data.panels[panel];
    const [index, lane, submitted, started, finished] = tasks[task];
    this.told.textContent =
      `${name}, task ${index + 1} on worker ${lane + 1}: queue wait ${this.time(started - submitted)},` +
      ` service ${this.time(finished - started)}, from ${this.time(started)} to ${this.time(finished)}` +
      (String(index) in errors ? `; failed: ${errors[index]}` : "");
  }

  zoom(factor, about = (this.from + this.to) / 2) {
    const wide = Math.min(PARTS, Math.max(PARTS / 5000, (this.to - this.from) * factor));
    const share = (about - this.from) / (this.to - this.from);
    this.window(about - share * wide, wide);
  }

  window(from, wide) {
    this.from = Math.min(PARTS - wide, Math.max(0, from));
    this.to = this.from + wide;
    this.draw();
  }

  move(share) {
    this.window(this.from + share * (this.to - this.from), this.to - this.from);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { panels } = this.data;
    const count = panels[this.panel].tasks.length;
    const kept = (task, panel = this.panel) => Math.max(0, Math.min(panels[panel].tasks.length - 1, task));
    const up = Math.max(0, this.panel - 1);
    const down = Math.min(panels.length - 1, this.panel + 1);
    const does = {
      ArrowRight: () => this.step(this.panel, kept(this.task + 1)),
      ArrowLeft: () => this.step(this.panel, kept(this.task - 1)),
      ArrowUp: () => this.step(up, kept(this.task, up)),
      ArrowDown: () => this.step(down, kept(this.task, down)),
      Home: () => this.step(this.panel, 0),
      End: () => this.step(this.panel, count - 1),
      "+": () => this.zoom(0.5, this.about()),
      "=": () => this.zoom(0.5, this.about()),
      "-": () => this.zoom(2, this.about()),
      0: () => this.window(0, PARTS),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  about() {
    const task = this.data.panels[this.panel].tasks[this.task];
    return task ? Math.min(this.to, Math.max(this.from, (task[3] + task[4]) / 2)) : undefined;
  }

  step(panel, task) {
    const [, , , started, finished] = this.data.panels[panel].tasks[task];
    if (finished < this.from || started > this.to) this.window((started + finished - this.to + this.from) / 2, this.to - this.from);
    this.pick(panel, task);
  }

  tools() {
    const tools = document.createElement("div");
    tools.className = "tools";
    const does = {
      "Zoom in": () => this.zoom(0.5, this.about()),
      "Zoom out": () => this.zoom(2, this.about()),
      Earlier: () => this.move(-0.5),
      Later: () => this.move(0.5),
      "Show all": () => this.window(0, PARTS),
    };
    for (const [name, act] of Object.entries(does)) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", act);
      tools.append(button);
    }
    return tools;
  }

  point() {
    let pressed = null;
    this.svg.addEventListener("pointerdown", (event) => {
      if (event.button === 0 && event.pointerType !== "touch") pressed = this.place(event).x;
    });
    this.svg.addEventListener("pointermove", (event) => {
      const { x, y } = this.place(event);
      if (pressed === null) this.pickAt(x, y);
      else this.choose(pressed, x);
    });
    this.svg.addEventListener("click", (event) => this.pickAt(...Object.values(this.place(event))));
    addEventListener("pointerup", (event) => {
      if (pressed === null) return;
      const [low, high] = [pressed, this.place(event).x].sort((a, b) => a - b).map((x) => this.part(x));
      const far = Math.abs(this.place(event).x - pressed) > 6;
      pressed = null;
      this.range.setAttribute("visibility", "hidden");
      if (far) this.window(low, Math.min(PARTS, Math.max(PARTS / 5000, high - low)));
    });
  }

  place(event) {
    const box = this.svg.getBoundingClientRect();
    const scale = 1000 / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  choose(one, other) {
    this.range.setAttribute("visibility", "visible");
    this.range.setAttribute("x", Math.min(one, other));
    this.range.setAttribute("width", Math.abs(other - one));
    this.range.setAttribute("y", 0);
    this.range.setAttribute("height", this.svg.viewBox.baseVal.height - 24);
  }

  pickAt(x, y) {
    const { panels } = this.data;
    const panel = panels.findLastIndex((each) => y >= each.top);
    if (panel < 0) return;
    const lane = Math.floor((y - panels[panel].top) / panels[panel].lane);
    const part = this.part(x);
    let [nearest, distance] = [-1, (4 / this.data.width) * (this.to - this.from)];
    panels[panel].tasks.forEach(([, on, submitted, , finished], task) => {
      if (on !== lane) return;
      const away = Math.max(submitted - part, part - finished, 0);
      // Of tasks in the same place the last to be submitted: its wait covers the fewest others.
      if (away < distance || (away === 0 && distance === 0)) [nearest, distance] = [task, away];
    });
    if (nearest >= 0) this.pick(panel, this.served(panel, lane, part) ?? nearest);
  }

  served(panel, lane, part) {
    const { tasks } = this.data.panels[panel];
    const found = tasks.findIndex(([, on, , started, finished]) => on === lane && started <= part && part <= finished);
    return found < 0 ? undefined : found;
  }
}
