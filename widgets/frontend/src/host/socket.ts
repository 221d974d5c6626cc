// The web socket of one kernel, in Jupyter's own JSON protocol. It opens, tells, and closes; whether
// and where to open the next one is for whoever holds it to decide.

export interface Message {
  header: { msg_type: string };
  parent_header: { msg_id?: string };
  content: Record<string, unknown>;
  buffers: DataView[];
}

export interface Heard {
  open(): void;
  message(message: Message): void;
  close(): void;
}

/** 32 hex digits. Plain http withholds randomUUID, but not this. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export class KernelSocket {
  private readonly session = newId();
  private readonly socket: WebSocket;
  private done = false;

  constructor(base: string, kernel: string, heard: Heard) {
    const way = location.protocol === "https:" ? "wss" : "ws";
    const path = `${base}api/kernels/${kernel}/channels?session_id=${this.session}`;
    this.socket = new WebSocket(`${way}://${location.host}${path}`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => !this.done && heard.open();
    this.socket.onmessage = (event) => {
      const message = read(event.data);
      if (message && !this.done) heard.message(message);
    };
    this.socket.onclose = () => {
      if (this.done) return;
      this.done = true;
      heard.close();
    };
  }

  get ready(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(type: string, content: object, metadata: object = {}): void {
    if (!this.ready) return;
    const header = {
      msg_id: newId(),
      username: "",
      session: this.session,
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.3",
    };
    this.socket.send(
      JSON.stringify({
        header,
        parent_header: {},
        metadata,
        content,
        buffers: [],
        channel: "shell",
      }),
    );
  }

  /** Closes without a word to whoever listened. */
  drop(): void {
    this.done = true;
    this.socket.close();
  }

  /** Closes as a broken line would. */
  fail(): void {
    this.socket.close();
    this.socket.onclose?.(new CloseEvent("close"));
  }
}

/** JSON as text; with buffers, a table of 32-bit offsets, then JSON, then the buffers. */
function read(data: unknown): Message | null {
  try {
    if (typeof data === "string") return { ...JSON.parse(data), buffers: [] };
    const view = new DataView(data as ArrayBuffer);
    const count = view.getUint32(0);
    const at = Array.from({ length: count }, (_, n) => view.getUint32(4 * (n + 1)));
    const parts = at.map(
      (start, n) => new DataView(view.buffer, start, (at[n + 1] ?? view.byteLength) - start),
    );
    const [head, ...buffers] = parts;
    return { ...JSON.parse(new TextDecoder().decode(head)), buffers };
  } catch {
    return null; // nothing of ours
  }
}

/** Puts the buffers of a message back where they were taken out. */
export function restore(tree: unknown, paths: unknown, buffers: DataView[]): void {
  if (!Array.isArray(paths)) return;
  paths.forEach((path: (string | number)[], n) => {
    let at = tree as Record<string | number, unknown>;
    for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
    at[path[path.length - 1]!] = buffers[n];
  });
}
