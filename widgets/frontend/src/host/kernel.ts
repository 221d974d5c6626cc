// The page's hold on its kernel. A lost line is opened again; a kernel that is gone is replaced by
// asking for the page once more; an answer that was sent and not acknowledged is sent again, under
// the same id, which the house takes once.
import type { Outgoing, State } from "./model";
import { Model } from "./model";
import type { Message } from "./socket";
import { KernelSocket, newId, restore } from "./socket";

/** How the line is: `lost` is tried again; `over` is not, the visit has ended. */
export type Line = "opening" | "ready" | "lost" | "over";

export interface Place {
  base: string;
  kernel: string;
  views: string[];
  visit: string;
}

/** Where the page that this document is stands; null if no kernel came with it. */
export function placeOf(page: Document, base: string): Place | null {
  const kernel = page.getElementById("app")?.dataset.kernel;
  const views = [...page.querySelectorAll<HTMLElement>("[data-view]")].map(
    (view) => view.dataset.view ?? "",
  );
  const visit = page.body.dataset.visit ?? "";
  return kernel && views.length ? { base, kernel, views, visit } : null;
}

const PATIENCE = 5000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Kernel {
  private socket: KernelSocket | null = null;
  private readonly models: Model[] = [];
  private readonly unanswered = new Map<string, { view: number; content: unknown }>();
  private control = "";
  private heardAt = 0;
  private tries = 0;
  private mending = false;
  /** The kernel was lost with what it held; one that is started again under its id knows nothing. */
  private gone = false;
  private asking = false;

  constructor(
    private place: Place,
    private readonly tell: (line: Line) => void,
    private readonly begin: (states: State[]) => void,
  ) {
    this.open();
  }

  get id(): string {
    return this.place.kernel;
  }

  /** The model of the nth view. */
  model(n: number, state: State): Model {
    const model = new Model(state, (data) => this.out(n, data));
    this.models[n] = model;
    return model;
  }

  /** Is anybody there? Asked when the page wakes up; a line that says nothing is given up. */
  check(): void {
    if (!this.socket?.ready) return void this.mend();
    const asked = Date.now();
    this.asking = true;
    this.socket.send("kernel_info_request", {});
    const socket = this.socket;
    setTimeout(() => this.heardAt < asked && socket === this.socket && socket.fail(), PATIENCE);
  }

  /** The page is put away. */
  drop(): void {
    this.mending = true;
    this.socket?.drop();
    this.socket = null;
  }

  private open(): void {
    this.control = newId();
    this.socket = new KernelSocket(this.place.base, this.place.kernel, {
      open: () => {
        this.socket?.send(
          "comm_open",
          { comm_id: this.control, target_name: "jupyter.widget.control", data: {} },
          { version: "1.0.0" },
        );
        this.socket?.send("comm_msg", {
          comm_id: this.control,
          data: { method: "request_states" },
        });
      },
      message: (message) => this.hear(message),
      close: () => {
        this.tell("lost");
        void this.mend();
      },
    });
  }

  private hear({ header, content, buffers }: Message): void {
    this.heardAt = Date.now();
    if (this.asking) this.tell("ready");
    this.asking = false;
    if (header.msg_type === "status") {
      const state = String(content.execution_state);
      if (["restarting", "autorestarting", "dead"].includes(state)) this.lose();
      return;
    }
    if (header.msg_type !== "comm_msg") return;
    const data = content.data as Record<string, unknown>;
    if (content.comm_id === this.control) {
      if (data.method !== "update_states") return;
      restore(data.states, data.buffer_paths, buffers);
      this.start(data.states as Record<string, { state: State }>);
      return;
    }
    const view = this.place.views.indexOf(String(content.comm_id));
    const model = this.models[view];
    if (!model) return;
    if (data.method === "update") {
      restore(data.state, data.buffer_paths, buffers);
      model.update(data.state as State);
    } else if (data.method === "custom") {
      const reply = data.content as { id?: unknown } | null;
      if (typeof reply?.id === "string") this.unanswered.delete(reply.id);
      model.hear(data.content, buffers);
    }
  }

  private start(states: Record<string, { state: State }>): void {
    const mine = this.place.views.map((id) => states[id]?.state);
    if (mine.some((state) => !state)) return this.lose();
    this.tries = 0;
    if (this.models.length)
      this.models.forEach((model, n) => {
        // What the learner sees and switched stays hers; only what the house knows comes anew.
        const { lang: _, ...state } = mine[n]!;
        model.update(state);
      });
    else this.begin(mine as State[]);
    for (const { view, content } of this.unanswered.values())
      this.post(view, { method: "custom", content });
    this.tell("ready");
  }

  private out(view: number, data: Outgoing): void {
    const id = (data.content as { id?: unknown } | undefined)?.id;
    if (typeof id === "string") {
      this.unanswered.set(id, { view, content: data.content });
      const sent = Date.now();
      const socket = this.socket;
      // A kernel that works on it says so at once; total silence is a dead line.
      setTimeout(() => {
        if (this.unanswered.has(id) && this.heardAt < sent && socket && socket === this.socket)
          socket.fail();
      }, PATIENCE);
    }
    this.post(view, data);
  }

  private post(view: number, data: Outgoing): void {
    this.socket?.send("comm_msg", { comm_id: this.place.views[view], data });
  }

  private lose(): void {
    this.gone = true;
    this.socket?.fail();
  }

  /** Tries until the line stands again. */
  private async mend(): Promise<void> {
    if (this.mending) return;
    this.mending = true;
    this.socket?.drop();
    const wait = Math.min(500 * 2 ** this.tries, 8000);
    this.tries += 1;
    await Promise.race([
      pause(wait),
      new Promise((done) => addEventListener("online", done, { once: true })),
    ]);
    try {
      const status = this.gone ? 404 : await this.ask();
      if (status === 204 || (status === 404 && (await this.move()))) {
        this.mending = false;
        return this.open();
      }
    } catch {
      // no network: the next try
    }
    if (!this.socket) return; // put away meanwhile
    this.mending = false;
    this.tell("lost");
    void this.mend();
  }

  private async ask(): Promise<number> {
    const { base, kernel } = this.place;
    return (await fetch(`${base}kernels/${kernel}`, { cache: "no-store" })).status;
  }

  /** A new kernel for the same visit. */
  private async move(): Promise<boolean> {
    const reply = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const place = placeOf(page, this.place.base);
    if (!place) return false;
    if (place.visit !== this.place.visit) {
      // Somebody else's round by now: what is on this screen must not go into it.
      navigator.sendBeacon(`${place.base}kernels/${place.kernel}/leave`);
      this.tell("over");
      this.drop();
      return false;
    }
    if (this.gone) navigator.sendBeacon(`${place.base}kernels/${this.place.kernel}/leave`);
    this.place = place;
    this.gone = false;
    return true;
  }
}
