// Asking the kernel for views: one request out at a time, and after it the newest settings alone.
import type { Model } from "../contract";
import { isObject, newId, readText } from "../contract";
import type { Lang, Text } from "../words";
import type { Plot, Values, View } from "./contract";
import { readView } from "./contract";

/** How long the kernel has to reply, in milliseconds. */
export const PATIENCE = 8000;

type Phase = "still" | "asking" | "late" | "failed";

export class Looking {
  /** What is seen now; it stays until another view is there. */
  view: View | null = null;
  /** Whether it opened without a picture: one that comes later must not push the controls away. */
  bare = false;
  /** The picture seen last, whose room is kept while there is none. */
  frame: Plot | null = null;
  phase: Phase = "still";
  why: Text | null = null;

  /** Of this view of the model alone: another one's replies come by as well. */
  private readonly first = parseInt(newId().slice(0, 9), 16) * 4096;
  private n = this.first;
  private seen = this.first;
  /** A request is under way. */
  out = false;
  private stale = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private model: Model,
    public values: Values,
    public lang: Lang,
    private changed: () => void,
  ) {}

  /** Begin with a view that came along with the model. */
  begin(raw: unknown): void {
    this.take(readView(raw));
    this.bare = this.view !== null && this.view.plot === null;
    if (!this.view || (this.view.plot && this.view.plot.lang !== this.lang)) this.ask();
  }

  set(values: Values, lang = this.lang): void {
    this.values = values;
    this.lang = lang;
    this.ask();
  }

  /** Ask for what is set now: at once, or when the answer that is under way has come. */
  ask(): void {
    if (this.out) this.stale = true;
    else this.send();
    this.changed();
  }

  private send(): void {
    this.n += 1;
    this.out = true;
    this.stale = false;
    // A line that says what is wrong stays until something better is known.
    if (this.phase === "still") this.phase = "asking";
    this.timer = setTimeout(() => this.lapse(), PATIENCE);
    const { n, values, lang } = this;
    try {
      this.model.send({ do: "see", n, values, lang });
    } catch {
      this.lapse(); // the line to the kernel is closed
    }
  }

  private lapse(): void {
    clearTimeout(this.timer);
    this.out = false;
    this.phase = "late";
    this.changed();
  }

  hear(raw: unknown): void {
    if (!isObject(raw) || typeof raw.n !== "number") return;
    // A late reply still counts, an overtaken one does not.
    if (raw.n <= this.seen || raw.n > this.n) return;
    const view = raw.did === "seen" ? readView(raw.view) : null;
    if (!view && raw.did !== "failed") return;
    this.seen = raw.n;
    if (view) this.take(view);
    this.phase = view ? "still" : "failed";
    this.why = readText(raw.why);
    if (raw.n === this.n) {
      clearTimeout(this.timer);
      this.out = false;
      if (this.stale) this.send();
    }
    this.changed();
  }

  private take(view: View | null): void {
    this.view = view;
    this.frame = view?.plot ?? this.frame;
  }

  close(): void {
    clearTimeout(this.timer);
  }
}
