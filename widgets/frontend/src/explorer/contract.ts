// What passes between the kernel and an explorer. All of it is read with care, as in `../contract`.
import { isObject, readText } from "../contract";
import type { Lang, Text } from "../words";

interface Named {
  name: string;
  label: Text;
}

export interface Slider extends Named {
  kind: "slider";
  low: number;
  high: number;
  step: number;
  start: number;
  unit: Text | null;
}

export interface Choice extends Named {
  kind: "choice";
  options: { value: string; text: Text }[];
  start: string;
}

export interface Switch extends Named {
  kind: "switch";
  start: boolean;
}

export interface Press extends Named {
  kind: "press";
}

export type Control = Slider | Choice | Switch | Press;
export type Value = number | string | boolean;
export type Values = Record<string, Value>;

export interface Spec {
  slug: string;
  title: Text;
  lead: Text;
  controls: Control[];
  question: Text;
  answer: Text;
}

export interface Plot {
  src: string;
  alt: string;
  lang: Lang;
  width: number;
  height: number;
}

export interface View {
  plot: Plot | null;
  said: Text[];
  figures: { name: Text; value: Text }[];
  hidden: string[];
}

const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);
const all = <A>(raw: unknown, read: (one: unknown) => A | null): A[] =>
  list(raw)
    .map(read)
    .filter((one): one is A => one !== null);

function readControl(raw: unknown): Control | null {
  if (!isObject(raw) || typeof raw.name !== "string") return null;
  const label = readText(raw.label);
  if (!label) return null;
  const { name, kind, low, high, step, start } = raw;
  if (kind === "press") return { kind, name, label };
  if (kind === "switch") return { kind, name, label, start: start === true };
  if (kind === "choice" && typeof start === "string") {
    const options = all(raw.options, (one) => {
      const text = isObject(one) ? readText(one.text) : null;
      return isObject(one) && text ? { value: String(one.value), text } : null;
    });
    return { kind, name, label, start, options };
  }
  const numbers = [low, high, step, start].every((n) => typeof n === "number");
  if (kind !== "slider" || !numbers) return null;
  const unit = readText(raw.unit);
  return { kind, name, label, unit, low, high, step, start } as Slider;
}

export function readSpec(raw: unknown): Spec | null {
  if (!isObject(raw)) return null;
  const [title, lead, question, answer] = ["title", "lead", "question", "answer"].map((name) =>
    readText(raw[name]),
  );
  if (!title || !lead || !question || !answer) return null;
  const controls = all(raw.controls, readControl);
  return { slug: String(raw.slug), title, lead, controls, question, answer };
}

function readPlot(raw: unknown): Plot | null {
  if (!isObject(raw) || typeof raw.src !== "string") return null;
  if (!raw.src.startsWith("data:image/")) return null; // a picture is brought along, never fetched
  const [width, height] = [Number(raw.width) || 480, Number(raw.height) || 320];
  return {
    src: raw.src,
    alt: String(raw.alt ?? ""),
    lang: raw.lang === "en" ? "en" : "zh",
    width,
    height,
  };
}

export function readView(raw: unknown): View | null {
  if (!isObject(raw) || !Array.isArray(raw.said)) return null;
  return {
    plot: readPlot(raw.plot),
    said: all(raw.said, readText),
    figures: all(raw.figures, (one) => {
      if (!isObject(one)) return null;
      const [name, value] = [readText(one.name), readText(one.value)];
      return name && value ? { name, value } : null;
    }),
    hidden: list(raw.hidden).map(String),
  };
}

/** What the controls were left at; where that is nothing of their sort, their start. */
export function leftAt(controls: Control[], raw: unknown): Values {
  const given = isObject(raw) ? raw : {};
  const left = Object.entries(starts(controls)).map(([name, start]) => [
    name,
    typeof given[name] === typeof start ? given[name] : start,
  ]);
  return Object.fromEntries(left);
}

export const starts = (controls: Control[]): Values =>
  Object.fromEntries(controls.map((one) => [one.name, one.kind === "press" ? 0 : one.start]));
