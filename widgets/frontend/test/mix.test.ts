import { describe, expect, it } from "vitest";
import type { Card } from "../src/contract";
import { kindOf } from "../src/kinds";
import { mixed } from "../src/mix";
import { cards, text } from "./setup";

const ids = (letters: string) => [...letters].map((id) => ({ id, text: text(id) }));
const says = (letters: string) =>
  [...letters].map((id) => ({ id, text: text(id), to: "end", anger: 0, trust: 0, needs: {} }));
const base = { version: "v", room: "practice", prompt: text("ask"), item: "a--b" } as const;

/** One card a kind that has something to mix, and how to read what was mixed. */
const all: Record<string, { card: Card; lists(card: Card): string[] }> = {
  choice: {
    card: { ...base, kind: "choice", options: ids("abcdef") },
    lists: (card) => [card.options!.map((one) => one.id).join("")],
  },
  choices: {
    card: { ...base, kind: "choices", options: ids("abcdef") },
    lists: (card) => [card.options!.map((one) => one.id).join("")],
  },
  order: {
    card: { ...base, kind: "order", steps: ids("abcdefgh") },
    lists: (card) => [card.steps!.map((one) => one.id).join("")],
  },
  match: {
    card: { ...base, kind: "match", lefts: ids("abcdef"), rights: ids("uvwxyz"), bins: false },
    lists: (card) => [card.lefts!, card.rights!].map((list) => list.map((one) => one.id).join("")),
  },
  dialogue: {
    card: {
      ...base,
      kind: "dialogue",
      start: "open",
      nodes: {
        open: { customer: text("well"), ending: null, says: says("abcde") },
        end: { customer: null, ending: text("end"), says: [] },
      },
    },
    lists: (card) => [card.nodes!.open!.says.map((one) => one.id).join("")],
  },
  selfcheck: {
    card: {
      ...base,
      kind: "selfcheck",
      statements: ids("abcdef").map((one) => ({ ...one, tip: text("tip"), axis: null })),
    },
    lists: (card) => [card.statements!.map((one) => one.id).join("")],
  },
};

const seeds = ["1f2e3d4c5b6a7988", "0000000000000000", "a", "学员"];
const sorted = (list: string) => [...list].sort().join("");

describe("the order that the house shows before this script is there", () => {
  it.each([
    ["1f2e3d4c5b6a7988", "a--b", "bfecad"],
    ["a", "phone--first", "dbefca"],
  ])("is the same: tests/floor/test_early.py holds it too", (seed, item, order) => {
    const card: Card = { ...base, item, kind: "choice", options: ids("abcdef") };
    expect(mixed(card, seed).options!.map((one) => one.id).join("")).toBe(order);
  });
});

describe.each(Object.entries(all))("the order of %s", (_, { card, lists }) => {
  it("is the same for the same seed, each time", () => {
    for (const seed of seeds) expect(mixed(card, seed)).toEqual(mixed(card, seed));
  });

  it("holds what the card holds, each once", () => {
    for (const seed of seeds)
      expect(lists(mixed(card, seed)).map(sorted)).toEqual(lists(card).map(sorted));
  });

  it("differs between learners", () => {
    const orders = new Set(
      Array.from({ length: 40 }, (_, n) => lists(mixed(card, `learner ${n}`)).join(" ")),
    );
    expect(orders.size).toBeGreaterThan(20);
  });

  it("is the card's own without a seed", () => {
    expect(mixed(card, "")).toBe(card);
  });

  it("does not hang on the order in which the card has it", () => {
    const turned = kindOf(card.kind).mixed!(card, (list) => [...list].reverse());
    expect(lists(mixed(turned, "seed"))).toEqual(lists(mixed(card, "seed")));
  });

  it("leaves the card as it was", () => {
    const before = JSON.stringify(card);
    mixed(card, "seed");
    expect(JSON.stringify(card)).toBe(before);
  });
});

describe("every place is as likely", () => {
  it("the same option stands in each place for about as many learners", () => {
    const { card } = all.choice!;
    const places = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < 1200; n += 1)
      places[mixed(card, n.toString(16).padStart(16, "0")).options!.findIndex((o) => o.id === "c")]!++;
    for (const count of places) expect(Math.abs(count - 200)).toBeLessThan(60);
  });

  it("two items of one learner are mixed apart", () => {
    const { card, lists } = all.order!;
    const orders = Array.from({ length: 20 }, (_, n) =>
      lists(mixed({ ...card, item: `a--item-${n}` }, "seed")).join(),
    );
    expect(new Set(orders).size).toBeGreaterThan(15);
  });
});

describe("what is not mixed", () => {
  it("a number has nothing to mix", () => {
    expect(mixed(cards.number, "seed")).toBe(cards.number);
  });

  it("a card of a kind nobody knows stays as it is", () => {
    const card = { ...base, kind: "riddle" } as Card;
    expect(mixed(card, "seed")).toBe(card);
  });

  it("a card whose list is missing breaks nothing", () => {
    for (const kind of Object.keys(all)) mixed({ ...base, kind } as Card, "seed");
  });
});
