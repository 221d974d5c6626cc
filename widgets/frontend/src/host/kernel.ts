// The page's hold on its kernel. It is asked for when the page already stands; a lost line is opened
// again, a kernel that is gone is replaced, and what was sent and not acknowledged is sent again,
// under the same id, which the house takes once.
import type { Outgoing, State } from "./model";
import { Model } from "./model";
import type { Outbox } from "./outbox";
import type { Message } from "./socket";
import { KernelSocket, newId, restore } from "./socket";

/** How the line is: `lost` and `full` are tried again; `over` is not, the visit has ended. */
export type Line = "ready" | "lost" | "full" | "over";

/** What a page says of itself when it asks for a kernel. */
export interface Place {
  base: string;
  page: string;
  visit: string;
  day: string;
}

const PATIENCE = 5000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Kernel {
  /** Of the kernel; empty until there is one. */
  id = "";
  private views: string[] = [];
  private socket: KernelSocket | null = null;
  private readonly models: Model[] = [];
  private control = "";
  private heardAt = 0;
  private tries = 0;
  private seeking = false;
  private dropped = false;
  /** The kernel was lost with what it held; one that is started again under its id knows nothing. */
  private gone = false;
  private asking = false;
  /** A kernel that was started just now says nothing that the page did not bring along. */
  private fresh = false;

  constructor(
    private readonly place: Place,
    private readonly outbox: Outbox,
    private readonly tell: (line: Line) => void,
    /** Called with the states of all views, unless their models were made before. */
    private readonly begin: (states: State[]) => void,
  ) {}

  /** The model of the nth view. */
  model(n: number, state: State): Model {
    const model = new Model(state, (data) => this.out(n, data));
    this.models[n] = model;
    return model;
  }

  /** Is anybody there? Asked when the page wakes up; a line that says nothing is given up. */
  check(): void {
    if (!this.socket?.ready) return void this.seek();
    const asked = Date.now();
    this.asking = true;
    this.socket.send("kernel_info_request", {});
    const socket = this.socket;
    setTimeout(() => this.heardAt < asked && socket === this.socket && socket.fail(), PATIENCE);
  }

  /** The page is put away: its kernel is not needed any more. */
  drop(): void {
    this.dropped = true;
    this.socket?.drop();
    this.socket = null;
    this.leave();
  }

  leave(): void {
    if (this.id) navigator.sendBeacon(`${this.place.base}kernels/${this.id}/leave`);
  }

  /** Tries until a line to a kernel stands. */
  async seek(): Promise<void> {
    if (this.seeking || this.dropped) return;
    this.seeking = true;
    this.socket?.drop();
    this.socket = null;
    for (;;) {
      if (this.tries) await this.breathe();
      if (this.dropped) return;
      this.tries += 1;
      const found = await this.find().catch(() => "lost" as const); // no network: the next try
      if (this.dropped) return this.leave();
      if (found === "found") break;
      this.tell(found);
      if (found === "over") return this.drop();
    }
    this.seeking = false;
    this.open();
  }

  private breathe(): Promise<unknown> {
    return Promise.race([
      pause(Math.min(250 * 2 ** this.tries, 8000) * (0.75 + Math.random() / 2)),
      new Promise((done) => addEventListener("online", done, { once: true })),
    ]);
  }

  /** The kernel there was, if it lives; else a new one for the same visit. */
  private async find(): Promise<Line | "found"> {
    const { base, ...place } = this.place;
    this.fresh = false;
    if (this.id && !this.gone) {
      const { status } = await fetch(`${base}kernels/${this.id}`, { cache: "no-store" });
      if (status === 204) return "found";
      if (status !== 404) return "lost";
    }
    if (this.gone) this.leave();
    const reply = await fetch(`${base}kernels`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(place),
    });
    if (reply.status === 410) return "over";
    if (reply.status === 429) return "full";
    const said = await reply.json();
    if (reply.status !== 201) return said.why === "full" ? "full" : "lost";
    this.id = said.kernel;
    this.views = said.views;
    this.gone = false;
    this.fresh = this.tries === 1 && this.models.length > 0;
    return "found";
  }

  private open(): void {
    this.control = newId();
    const socket = new KernelSocket(this.place.base, this.id, {
      open: () => {
        socket.send(
          "comm_open",
          { comm_id: this.control, target_name: "jupyter.widget.control", data: {} },
          { version: "1.0.0" },
        );
        if (this.fresh) this.greet();
        else socket.send("comm_msg", { comm_id: this.control, data: { method: "request_states" } });
      },
      message: (message) => this.hear(message),
      close: () => {
        clearTimeout(silent);
        this.tries ||= 1;
        this.tell("lost");
        void this.seek();
      },
    });
    this.socket = socket;
    const opened = Date.now();
    const silent = setTimeout(() => this.heardAt < opened && socket.fail(), 2 * PATIENCE);
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
      this.meet(data.states as Record<string, { state: State }>);
      return;
    }
    const view = this.views.indexOf(String(content.comm_id));
    const model = this.models[view];
    if (!model) return;
    if (data.method === "update") {
      restore(data.state, data.buffer_paths, buffers);
      model.update(data.state as State);
    } else if (data.method === "custom") {
      const reply = data.content as { id?: unknown } | null;
      if (typeof reply?.id === "string") this.outbox.done(reply.id);
      model.hear(data.content, buffers);
    }
  }

  private meet(states: Record<string, { state: State }>): void {
    const mine = this.views.map((id) => states[id]?.state);
    if (!mine.length || mine.some((state) => !state)) return this.lose();
    if (this.models.length)
      this.models.forEach((model, n) => {
        // What the learner sees and switched stays hers; only what the house knows comes anew.
        const { lang: _, ...state } = mine[n] ?? {};
        model.update(state);
      });
    else this.begin(mine as State[]);
    this.greet();
  }

  /** The kernel hears what waited for it; the line stands as soon as it says anything. */
  private greet(): void {
    this.tries = 0;
    this.asking = true;
    for (const { view, content } of this.outbox.all()) this.post(view, { method: "custom", content });
  }

  private out(view: number, data: Outgoing): void {
    const content = data.content as Record<string, unknown> | undefined;
    const id = content?.id;
    if (content && typeof id === "string") {
      this.outbox.put(id, { view, content });
      const sent = Date.now();
      const socket = this.socket;
      // A kernel that works on it says so at once; total silence is a dead line.
      setTimeout(() => {
        if (this.outbox.has(id) && this.heardAt < sent && socket && socket === this.socket)
          socket.fail();
      }, PATIENCE);
    }
    this.post(view, data);
  }

  private post(view: number, data: Outgoing): void {
    this.socket?.send("comm_msg", { comm_id: this.views[view], data });
  }

  private lose(): void {
    this.gone = true;
    this.socket?.fail();
  }
}
