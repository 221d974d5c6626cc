// The web socket of one kernel, in the protocol of Jupyter's that a server passes on unread. It opens,
// tells, and closes; whether and where to open the next one is for whoever holds it to decide.

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

/** What stands behind a table of 64-bit offsets: a channel, then a message's parts. */
const PROTOCOL = "v1.kernel.websocket.jupyter.org";

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
    this.socket = new WebSocket(`${way}://${location.host}${path}`, PROTOCOL);
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
    this.socket.send(pack("shell", header, {}, metadata, content));
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

/** One frame: how many offsets, the offsets of all parts and of the end, the parts. */
export function pack(channel: string, ...said: object[]): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  const parts = [channel, ...said.map((part) => JSON.stringify(part))].map((part) =>
    text.encode(part),
  );
  let at = 8 * (parts.length + 2);
  const frame = new Uint8Array(parts.reduce((sum, part) => sum + part.length, at));
  const table = new DataView(frame.buffer);
  table.setUint32(0, parts.length + 1, true);
  parts.forEach((part, n) => {
    table.setUint32(8 * (n + 1), at, true);
    frame.set(part, at);
    at += part.length;
  });
  table.setUint32(8 * (parts.length + 1), at, true);
  return frame;
}

/** What `pack` or a server has made; null if it is nothing of ours. */
export function read(data: unknown): Message | null {
  try {
    const view = new DataView(data as ArrayBuffer);
    const count = view.getUint32(0, true);
    const offset = (n: number) => view.getUint32(8 * (n + 1), true);
    const parts = Array.from(
      { length: count - 1 },
      (_, n) => new DataView(view.buffer, offset(n), offset(n + 1) - offset(n)),
    );
    const text = new TextDecoder();
    const [header, parent_header, , content] = parts
      .slice(1, 5)
      .map((part) => JSON.parse(text.decode(part)));
    return { header, parent_header, content, buffers: parts.slice(5) };
  } catch {
    return null;
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
