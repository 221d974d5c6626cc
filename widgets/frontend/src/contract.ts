// What passes between the kernel and the page. The page reads all of it with care:
// a trait may come from an older or a newer kernel, and a bad one must not break the page.
import type { Appealing } from "./appeal";
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

export interface Hint {
  text: Text;
  cost: number;
}

export interface Saying extends Part {
  to: string;
  anger: number;
  trust: number;
  needs: Partial<Record<"anger_min" | "anger_max" | "trust_min" | "trust_max", number>>;
}

/** A node of a dialogue; one without `says` is an ending. */
export interface Moment {
  /** What the agent sees at this moment. */
  scene?: Text;
  customer: Text | null;
  ending: Text | null;
  says: Saying[];
}

export interface Criterion extends Part {
  weight: number;
  levels: { score: number; text: Text }[];
}

export interface Statement extends Part {
  tip: Text;
  axis: Text | null;
}

/** What a card shows; behind the common fields each kind has its own. */
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
  hints?: Hint[];
  confidence?: boolean;
  unit?: Text | null;
  also?: { text: Text; factor: number }[];
  data?: { text: Text; values: number[] }[];
  lefts?: Part[];
  rights?: Part[];
  bins?: boolean;
  given?: Text;
  most?: number;
  start?: string;
  anger?: number;
  trust?: number;
  nodes?: Record<string, Moment>;
  scorecard?: { title: Text; criteria: Criterion[]; critical: Part[] };
  lines?: { who: string; at: string | null; text: Text }[];
  statements?: Statement[];
}

/** Each kind fills its own field; `kinds/` says which. */
export interface Response {
  option?: string;
  options?: string[];
  order?: string[];
  number?: string;
  pairs?: Record<string, string>;
  /** Of a self-check: only ever in the page, never sent as an answer. */
  levels?: Record<string, number>;
  text?: string;
  path?: string[];
  score?: Record<string, number>;
  critical?: string[];
  /** How sure the learner was, where the card asks. */
  sure?: boolean;
  /** How many hints were opened. */
  hints?: number;
}

export interface VerdictPart {
  id: string;
  credit: number;
  why: Text | null;
  /** Of a rewrite's phrase: whether it should be there, which variant is, what it may be like. */
  wanted?: boolean;
  said?: string;
  like?: Text;
}

export interface Verdict {
  credit: number;
  status: string;
  parts: VerdictPart[];
  why: Text | null;
  takeaway: Text | null;
  note: Text | null;
  expert: unknown;
  /** What the ending of a dialogue is worth. */
  outcome?: number;
  /** Agreement with the expert, where it is defined. */
  kappa?: number | null;
  /** The ends of the range that is right; null where it has no such end. */
  range?: [string | null, string | null];
  /** What a person marks a rewrite by, and a model answer. */
  rubric?: { id: string; text: Text; points: number }[];
  model?: Text;
}

export interface Receipt {
  item: string;
  version: string;
  response: Response;
  at: string;
  verdict: Verdict | null;
  /** How many answers were given, this one among them. */
  tries: number;
  /** The credit of the first one; null where nothing is judged. */
  first: number | null;
}

export interface HandInOrder {
  set: string;
  items: string[];
  /** What may be asked about marks; null where nothing may. */
  appealing: Appealing | null;
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
      parts.push({ id: part.id, credit: part.credit, why: readText(part.why), ...readPhrase(part) });
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  return {
    outcome: number(raw.outcome),
    kappa: number(raw.kappa) ?? null,
    model: readText(raw.model) ?? undefined,
    range: readRange(raw.range),
    rubric: readRubric(raw.rubric),
    credit: raw.credit,
    status: String(raw.status),
    parts,
    why: readText(raw.why),
    takeaway: readText(raw.takeaway),
    note: readText(raw.note),
    expert: raw.expert,
  };
}

function readPhrase(part: Json): Pick<VerdictPart, "wanted" | "said" | "like"> {
  if (typeof part.wanted !== "boolean") return {};
  const said = typeof part.said === "string" ? part.said : undefined;
  return { wanted: part.wanted, said, like: readText(part.like) ?? undefined };
}

function readRange(raw: unknown): Verdict["range"] {
  if (!Array.isArray(raw) || raw.length !== 2) return undefined;
  const [least, most] = raw.map((end: unknown) => (typeof end === "string" ? end : null));
  return [least ?? null, most ?? null];
}

function readRubric(raw: unknown): Verdict["rubric"] {
  if (!Array.isArray(raw)) return undefined;
  return raw.flatMap((one: unknown) => {
    const text = isObject(one) ? readText(one.text) : null;
    if (!isObject(one) || !text || typeof one.id !== "string") return [];
    return [{ id: one.id, text, points: typeof one.points === "number" ? one.points : 0 }];
  });
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
