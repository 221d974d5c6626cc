import { describe, expect, it } from "vitest";
import { landing } from "../src/drag";
import { isKnown, kindOf } from "../src/kinds";
import { isNumber } from "../src/kinds/number";
import { move } from "../src/kinds/order";
import { cards } from "./setup";

describe("kinds", () => {
  it("an unknown kind fails by name", () => {
    expect(() => kindOf("riddle")).toThrow(/"riddle".*choice, choices, dialogue/);
    expect(() => kindOf("toString")).toThrow(/"toString"/);
    expect(isKnown("constructor")).toBe(false);
  });
  it.each(Object.values(cards))("$kind: its start is read back, and says whether it may be sent", (card) => {
    const kind = kindOf(card.kind);
    const start = kind.start(card);
    expect(kind.isComplete(card, start)).toBe(card.kind === "order");
  });
  it.each(Object.values(cards))("$kind: what is no answer of the card reads as none", (card) => {
    const kind = kindOf(card.kind);
    for (const raw of [null, 3, "x", [], {}, { option: "zz" }, { options: ["zz"] }, { order: ["s1", "s1", "s2"] }])
      expect(kind.read(card, raw)).toBe(null);
  });
  it("choices keeps the card's order, so that the same picks are the same answer", () => {
    expect(kindOf("choices").read(cards.choices, { options: ["c3", "a1"] })).toEqual({
      options: ["a1", "c3"],
    });
  });
  it("a number may be full-width, with thousands commas, with its unit", () => {
    const unit = { zh: "秒", en: "seconds" };
    for (const typed of ["15", "１５", "　1,500 ", "１，５００", "-3.5", "－２", "−2", "15 秒", "15seconds"])
      expect([typed, isNumber(typed, unit)]).toEqual([typed, true]);
    expect(isNumber("15 秒")).toBe(false);
    for (const typed of ["", " ", "十五", "15 s", "1.2.3", "-", ".", "1e3", "NaN", "1,50", "1 500"])
      expect([typed, isNumber(typed)]).toEqual([typed, false]);
  });
  it("a moved step pushes the others along", () => {
    expect(move(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(move(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  });
  it("a dragged row lands where it covers more than half of its neighbour", () => {
    const heights = [50, 50, 100, 50];
    expect(landing(heights, 10, 0, 29)).toBe(0);
    expect(landing(heights, 10, 0, 31)).toBe(1);
    expect(landing(heights, 10, 0, 120)).toBe(2);
    expect(landing(heights, 10, 3, -1000)).toBe(0);
    expect(landing(heights, 10, 3, 1000)).toBe(3);
  });
});
