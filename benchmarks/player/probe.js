// Runs in the page before JupyterLab does. Notes when the cell is asked for, when the kernel's
// first word of what to show comes in, and when the questions stand there and take a click.
// All times are performance.now(), in milliseconds.
(() => {
  performance.setResourceTimingBufferSize(5000);
  const KERNEL = "v1.kernel.websocket.jupyter.org";
  const SHOWS = ["comm_open", "display_data", "execute_result"];
  const text = new TextDecoder();
  let last = performance.now(); // the last thing that happened in the page
  let ready = false; // the kernel has said hello
  let armed = false;
  let failed = null;
  const noted = { asked: null, shown: null, present: null, first: null, last: null };
  const heard = { messages: 0, bytes: 0 };

  /** A kernel message: the offsets of its parts come first, then channel, header and the rest. */
  function read(data) {
    const view = new DataView(data);
    const at = (n) => Number(view.getBigUint64(8 * (n + 1), true));
    const part = (n) => text.decode(new Uint8Array(data, at(n), at(n + 1) - at(n)));
    return { type: JSON.parse(part(1)).msg_type, content: () => part(4) };
  }

  function hear(data) {
    const { type, content } = read(data);
    last = performance.now();
    if (type === "kernel_info_reply") ready = true;
    if (noted.asked === null || noted.last !== null) return;
    heard.messages += 1;
    heard.bytes += data.byteLength;
    if (type === "error" || (type === "stream" && content().includes('"stderr"')))
      failed = content();
    if (noted.shown === null && SHOWS.includes(type)) noted.shown = last;
  }

  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...args) {
      super(...args);
      if (!new URL(this.url).pathname.endsWith("/channels")) return;
      this.addEventListener("message", ({ data }) => {
        if (this.protocol !== KERNEL) failed = `unknown protocol ${this.protocol}`;
        else hear(data);
      });
    }
    send(data) {
      last = performance.now();
      if (armed && noted.asked === null && data instanceof ArrayBuffer) {
        if (read(data).type === "execute_request") noted.asked = last;
      }
      super.send(data);
    }
  };
  new PerformanceObserver(() => (last = performance.now())).observe({
    entryTypes: ["resource", "longtask"],
  });

  const radios = () => [
    ...document.querySelectorAll(".jp-OutputArea-output input[type=radio]"),
  ];
  const middle = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2, there: width > 0 && height > 0 };
  };
  /** Where a click meets the option, or null where something lies over it or it is out of sight. */
  const spot = (radio) => {
    const label = radio.closest("label");
    const { x, y, there } = middle(label);
    return there && !radio.disabled && label.contains(document.elementFromPoint(x, y))
      ? { x, y }
      : null;
  };

  /** Looks once a frame until `look` gives something; fails loudly after `most` milliseconds. */
  const until = (what, look, most = 60_000) =>
    new Promise((resolve, reject) => {
      const begun = performance.now();
      const frame = () => {
        let found = null;
        try {
          found = failed === null && look();
        } catch (error) {
          failed = String(error);
        }
        if (failed !== null) reject(new Error(failed));
        else if (found) resolve(found);
        else if (performance.now() - begun > most) reject(new Error(`in vain: ${what}`));
        else requestAnimationFrame(frame);
      };
      frame();
    });

  addEventListener(
    "change",
    (event) => {
      const all = radios();
      if (!event.isTrusted || !event.target.checked) return;
      if (event.target === all[0]) noted.first ??= performance.now();
      if (event.target === all.at(-1)) noted.last ??= performance.now();
    },
    true,
  );

  window.bench = {
    /** The kernel has answered, and for a second nothing has happened. */
    quiet: () => until("a quiet page", () => ready && performance.now() - last > 1000),
    arm: () => void (armed = true),
    /** All options are laid out and the first can be met by a click; gives where. */
    present: (count) =>
      until(`${count} options`, () => {
        const all = radios();
        if (noted.asked === null || all.length < count) return null;
        if (all.length > count) failed = `${all.length} options in place of ${count}`;
        if (!all.every((radio) => middle(radio.closest("label")).there)) return null;
        const found = spot(all[0]);
        if (!found) all[0].scrollIntoView({ block: "center" });
        else noted.present = performance.now();
        return found;
      }),
    /** The first option has taken its click; gives where the last one is, scrolled into sight. */
    second: async () => {
      await until("a click on the first option", () => noted.first !== null, 10_000);
      return until("the last option", () => {
        const option = radios().at(-1);
        const found = spot(option);
        if (!found) option.scrollIntoView({ block: "center" });
        return found;
      });
    },
    /** The last option has taken its click, and two frames on both are still picked. */
    result: async (words) => {
      await until("a click on the last option", () => noted.last !== null, 10_000);
      let frames = 0;
      await until("two frames", () => ++frames > 2);
      const all = radios();
      const picked = all.filter((radio) => radio.checked);
      if (picked.length !== 2 || picked[0] !== all[0] || picked[1] !== all.at(-1))
        throw new Error(`the clicks were not kept: ${picked.length} picked`);
      const shown = document.querySelector(".jp-OutputArea").innerText;
      const missing = words.filter((one) => !shown.includes(one));
      if (missing.length) throw new Error(`not shown: ${missing.join(" ")}`);
      const files = performance.getEntriesByType("resource").map(({ name }) => name);
      return { ...noted, ...heard, files };
    },
  };
})();
