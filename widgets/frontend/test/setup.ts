// A model such as anywidget gives, and cards of each kind.
import { vi } from "vitest";
import type { Card, Model, Receipt, Response, Verdict } from "../src/contract";
import player from "../src/player";

export const text = (word: string) => ({ zh: `${word}中`, en: `${word} en` });

const base = { version: "aaaaaaaaaaaaaaaa", room: "practice", lesson: "1.1" } as const;

export const cards: Record<"choice" | "choices" | "order" | "number", Card> = {
  choice: {
    ...base,
    item: "shop--choice",
    kind: "choice",
    title: text("title"),
    turns: [{ who: "customer", text: text("hello") }],
    prompt: text("choose"),
    options: ["a1", "b2", "c3"].map((id) => ({ id, text: text(id) })),
  },
  choices: {
    ...base,
    item: "shop--choices",
    kind: "choices",
    prompt: text("pick"),
    options: ["a1", "b2", "c3"].map((id) => ({ id, text: text(id) })),
  },
  order: {
    ...base,
    item: "shop--order",
    kind: "order",
    prompt: text("sort"),
    steps: ["s1", "s2", "s3"].map((id) => ({ id, text: text(id) })),
  },
  number: { ...base, item: "shop--number", kind: "number", prompt: text("count"), unit: text("unit") },
};

export const graded = (card: Card): Card => ({ ...card, room: "graded" });

export const verdict = (over: Partial<Verdict> = {}): Verdict => ({
  credit: 0.7,
  status: "judged",
  parts: ["a1", "b2", "c3"].map((id, at) => ({ id, credit: [1, 0.7, 0][at]!, why: text(`why-${id}`) })),
  why: null,
  takeaway: text("takeaway"),
  note: text("note"),
  expert: { option: "a1" },
  ...over,
});

export const receipt = (card: Card, response: Response, over: Partial<Receipt> = {}): Receipt => ({
  item: card.item,
  version: card.version,
  response,
  at: "2026-11-21T08:00:00.123Z",
  verdict: card.room === "practice" ? verdict() : null,
  tries: 1,
  first: null,
  ...over,
});

export class FakeModel implements Model {
  sent: Record<string, any>[] = [];
  private hear = new Map<string, Set<(...args: unknown[]) => void>>();
  constructor(private traits: Record<string, unknown>) {}
  get(name: string) {
    return this.traits[name];
  }
  on(event: string, handler: (...args: unknown[]) => void) {
    this.hear.set(event, (this.hear.get(event) ?? new Set()).add(handler));
  }
  off(event: string, handler: (...args: unknown[]) => void) {
    this.hear.get(event)?.delete(handler);
  }
  send(content: unknown) {
    this.sent.push(content as Record<string, any>);
  }
  listeners() {
    return [...this.hear.values()].reduce((sum, set) => sum + set.size, 0);
  }
  /** The kernel changes a trait. */
  async put(name: string, value: unknown) {
    this.traits[name] = value;
    for (const handler of this.hear.get(`change:${name}`) ?? []) handler();
    await settle();
  }
  /** The kernel sends a message. */
  async say(message: unknown) {
    for (const handler of this.hear.get("msg:custom") ?? []) handler(message, []);
    await settle();
  }
}

/** Lets Preact draw and its effects run. */
export async function settle() {
  for (let n = 0; n < 4; n += 1) {
    await Promise.resolve();
    if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(40);
    else await new Promise((done) => setTimeout(done, 40));
  }
}

export async function show(list: Card[], traits: Record<string, unknown> = {}) {
  const el = document.createElement("div");
  document.body.append(el);
  const model = new FakeModel({
    cards: list,
    receipts: {},
    pace: "one",
    lang: "en",
    title: null,
    notice: null,
    handin: null,
    ...traits,
  });
  const stop = player.render({ model, el });
  await settle();
  const all = <E extends HTMLElement>(query: string) => [...el.querySelectorAll<E>(query)];
  const view = {
    el,
    model,
    stop,
    all,
    one: <E extends HTMLElement>(query: string) => el.querySelector<E>(query)!,
    words: () => el.textContent ?? "",
    button: (name: string) => all("button").find((one) => one.textContent?.trim() === name)!,
    async tap(target: HTMLElement | string) {
      (typeof target === "string" ? view.button(target) : target).click();
      await settle();
    },
    async type(value: string) {
      const input = view.one<HTMLInputElement>(".k-field input");
      input.value = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await settle();
    },
    async key(target: HTMLElement, key: string) {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      await settle();
    },
  };
  return view;
}
