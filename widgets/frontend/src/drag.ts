// Dragging a row by its handle. @neodrag/vanilla follows mouse, pen and finger and moves the row on
// the screen only; where it lands is counted here, and the list itself stays Preact's.
import { Draggable } from "@neodrag/vanilla";

/** The place, from 0, where the row at `from` lands after being dragged `by` pixels. */
export function landing(heights: number[], gap: number, from: number, by: number): number {
  let to = from;
  let left = Math.abs(by);
  const step = by < 0 ? -1 : 1;
  for (;;) {
    const next = heights[to + step];
    // It takes the place of a neighbour once it covers more than half of it.
    if (next === undefined || left <= (next + gap) / 2) return to;
    left -= next + gap;
    to += step;
  }
}

/**
 * Lets the rows of `list` be dragged by what matches `handle` in them.
 * Calls `drop(from, to)` when one lands elsewhere; returns what ends it all.
 */
export function dragRows(
  list: HTMLElement,
  handle: string,
  drop: (from: number, to: number) => void,
): () => void {
  let live: Draggable[] = [];
  const rows = () => Array.from(list.children) as HTMLElement[];
  const clear = () => {
    for (const row of rows()) row.style.translate = "";
    list.classList.remove("k-dragging");
  };
  const stop = () => {
    for (const one of live) one.destroy();
    live = [];
    clear();
  };
  const start = () => {
    stop();
    live = rows().map((row) => {
      let heights: number[] = [];
      let gap = 0;
      let from = 0;
      let to = 0;
      return new Draggable(row, {
        axis: "y",
        bounds: list,
        handle,
        ignoreMultitouch: true,
        onDragStart: () => {
          const boxes = rows().map((one) => one.getBoundingClientRect());
          from = to = rows().indexOf(row);
          heights = boxes.map((box) => box.height);
          gap = boxes.length > 1 ? boxes[1]!.top - boxes[0]!.bottom : 0;
          list.classList.add("k-dragging");
        },
        onDrag: ({ offsetY }) => {
          to = landing(heights, gap, from, offsetY);
          const room = heights[from]! + gap;
          rows().forEach((one, at) => {
            if (at === from) return;
            const shift = at > from && at <= to ? -room : at < from && at >= to ? room : 0;
            one.style.translate = shift ? `0 ${shift}px` : "";
          });
        },
        onDragEnd: () => {
          // Fresh ones for the next drag: the library would otherwise remember this offset and,
          // after a touch, swallow the next tap.
          queueMicrotask(start);
          if (to !== from) drop(from, to);
        },
      });
    });
  };
  // The browser may take a touch away (a call, a system gesture): everything goes back.
  addEventListener("pointercancel", start);
  start();
  return () => {
    removeEventListener("pointercancel", start);
    stop();
  };
}
