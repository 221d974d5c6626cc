// A widget's model as the public anywidget contract has it: get, set, save_changes, on, off, send.

export type State = Record<string, unknown>;
type Handler = (...args: unknown[]) => void;

export interface Outgoing {
  method: "update" | "custom";
  state?: State;
  content?: unknown;
  buffer_paths?: (string | number)[][];
}

export class Model {
  private readonly handlers = new Map<string, Set<Handler>>();
  private dirty: State = {};

  constructor(
    private readonly state: State,
    private readonly out: (data: Outgoing) => void,
  ) {}

  get(name: string): unknown {
    return this.state[name];
  }

  set(name: string, value: unknown): void {
    this.state[name] = value;
    this.dirty[name] = value;
    this.tell(`change:${name}`, this, value);
    this.tell("change", this);
  }

  save_changes(): void {
    const state = this.dirty;
    this.dirty = {};
    if (Object.keys(state).length) this.out({ method: "update", state, buffer_paths: [] });
  }

  send(content: unknown): void {
    this.out({ method: "custom", content });
  }

  on(event: string, handler: Handler): void {
    const known = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, known.add(handler));
  }

  off(event?: string | null, handler?: Handler | null): void {
    if (!event) this.handlers.clear();
    else if (!handler) this.handlers.delete(event);
    else this.handlers.get(event)?.delete(handler);
  }

  /** What the kernel says the state is now. */
  update(state: State): void {
    const names = Object.keys(state).filter(
      (name) => JSON.stringify(state[name]) !== JSON.stringify(this.state[name]),
    );
    Object.assign(this.state, state);
    for (const name of names) this.tell(`change:${name}`, this, state[name]);
    if (names.length) this.tell("change", this);
  }

  /** A custom message from the kernel. */
  hear(content: unknown, buffers: DataView[]): void {
    this.tell("msg:custom", content, buffers);
  }

  private tell(event: string, ...args: unknown[]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) handler(...args);
  }
}
