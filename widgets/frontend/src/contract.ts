// What passes between the kernel and the page. The page reads all of it with care:
// a trait may come from an older or a newer kernel, and a bad one must not break the page.
import type { Lang, Text } from "./words";

export type { Lang, Text };

export interface Turn {
  who: "scene" | "customer" | "agent" | "colleague" | "supervisor";
  text: Text;
}

export interface Part {
  id: string;
  text: Text;
}

export interface Card {
  item: string;
  version: string;
  kind: string;
  room: "practice" | "graded" | "exam";
  lesson?: string;
  title?: Text | null;
  turns?: Turn[];
  prompt: Text;
  options?: Part[];
  steps?: Part[];
  unit?: Text | null;
}

/** Each kind fills its own field; `kinds/` says which. */
export interface Response {
  option?: string;
  options?: string[];
  order?: string[];
  number?: string;
}

export interface VerdictPart {
  id: string;
  credit: number;
  why: Text | null;
}

export interface Verdict {
  credit: number;
  status: string;
  parts: VerdictPart[];
  why: Text | null;
  takeaway: Text | null;
  note: Text | null;
  expert: unknown;
}

export interface Receipt {
  item: string;
  version: string;
  response: Response;
  at: string;
  verdict: Verdict | null;
}

export interface HandInOrder {
  set: string;
  items: string[];
}

/** The part of the anywidget model that the player uses. */
export interface Model {
  get(name: string): unknown;
  on(event: string, handler: (...args: unknown[]) => void): void;
  off(event: string, handler: (...args: unknown[]) => void): void;
  send(content: unknown): void;
}

export type Json = Record<string, unknown>;

export const isObject = (raw: unknown): raw is Json =>
  typeof raw === "object" && raw !== null && !Array.isArray(raw);

export const readText = (raw: unknown): Text | null =>
  isObject(raw) && typeof raw.zh === "string" && typeof raw.en === "string"
    ? { zh: raw.zh, en: raw.en }
    : null;

/** The verdict, or null when it is none that this page can show. */
export function readVerdict(raw: unknown): Verdict | null {
  if (!isObject(raw) || typeof raw.credit !== "number" || Number.isNaN(raw.credit)) return null;
  const parts: VerdictPart[] = [];
  for (const part of Array.isArray(raw.parts) ? raw.parts : [])
    if (isObject(part) && typeof part.id === "string" && typeof part.credit === "number")
      parts.push({ id: part.id, credit: part.credit, why: readText(part.why) });
  return {
    credit: raw.credit,
    status: String(raw.status),
    parts,
    why: readText(raw.why),
    takeaway: readText(raw.takeaway),
    note: readText(raw.note),
    expert: raw.expert,
  };
}

/** Reads cards; whatever is no card is left out. */
export function readCards(raw: unknown): Card[] {
  if (!Array.isArray(raw)) return [];
  return raw.filter(
    (card): card is Card =>
      isObject(card) &&
      typeof card.item === "string" &&
      typeof card.version === "string" &&
      typeof card.kind === "string" &&
      readText(card.prompt) !== null,
  );
}

/** True when both hold the same answer; the order inside a list counts. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** 32 hex digits. Plain http withholds randomUUID, but not this. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
