// A timeline can be zoomed and moved, with the pointer or from the keyboard: its SVG shows a part of itself.

const KEYS = "+ and - zoom, the arrow keys move, 0 shows all.";
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));

class Timeline {
  constructor(figure) {
    this.svg = figure.querySelector("svg");
    const { width, height } = this.svg.viewBox.baseVal;
    Object.assign(this, { width, height, x: 0, y: 0, part: 1 });
    const area = figure.querySelector(".paper");
    area.setAttribute("role", "application");
    area.setAttribute("aria-roledescription", "timeline");
    area.setAttribute("aria-label", `${area.getAttribute("aria-label")}. ${KEYS}`);
    area.addEventListener("keydown", (event) => this.key(event));
    area.after(this.tools());
    this.point();
    this.print();
  }

  // part: the share of the width and of the height that is shown; x, y: its upper left corner.
  show(x, y, part) {
    const [width, height] = [this.width * part, this.height * part];
    [this.x, this.y, this.part] = [clamp(x, 0, this.width - width), clamp(y, 0, this.height - height), part];
    this.svg.setAttribute("viewBox", `${this.x} ${this.y} ${width} ${height}`);
  }

  // What is at these shares of the picture stays there.
  zoom(factor, across = 0.5, down = 0.5) {
    const part = clamp(this.part * factor, 1 / 64, 1);
    const more = this.part - part;
    this.show(this.x + across * this.width * more, this.y + down * this.height * more, part);
  }

  move(across, down = 0) {
    this.show(this.x + across * this.width * this.part, this.y + down * this.height * this.part, this.part);
  }

  key(event) {
    const act = {
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      0: () => this.show(0, 0, 1),
      ArrowLeft: () => this.move(-0.25),
      ArrowRight: () => this.move(0.25),
      ArrowUp: () => this.move(0, -0.25),
      ArrowDown: () => this.move(0, 0.25),
    }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  tools() {
    const tools = document.createElement("div");
    tools.className = "tools";
    tools.append(
      button("Zoom in", () => this.zoom(0.5)),
      button("Zoom out", () => this.zoom(2)),
      button("Earlier", () => this.move(-0.5)),
      button("Later", () => this.move(0.5)),
      button("Show all", () => this.show(0, 0, 1)),
    );
    return tools;
  }

  // Drag to move; Ctrl and the wheel, or a pinch, to zoom: the wheel alone scrolls the page.
  point() {
    this.svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const box = this.svg.getBoundingClientRect();
      this.zoom(2 ** (event.deltaY / 200), (event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height);
    });
    this.svg.addEventListener("pointermove", (event) => {
      if (event.buttons !== 1 || event.pointerType === "touch") return;
      const box = this.svg.getBoundingClientRect();
      this.move(-event.movementX / box.width, -event.movementY / box.height);
    });
  }

  // Paper shows all of it, and the screen then what it showed.
  print() {
    addEventListener("beforeprint", () => this.svg.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`));
    addEventListener("afterprint", () => this.show(this.x, this.y, this.part));
  }
}
