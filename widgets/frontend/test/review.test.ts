import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../src/contract";
import { kindOf } from "../src/kinds";
import { direction, readKappa } from "../src/kinds/review";
import { graded, receipt, show, text, verdict } from "./setup";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const levels = (top: number) =>
  Array.from({ length: top + 1 }, (_, score) => ({ score, text: text(`level ${score}`) }));

const card: Card = {
  version: "aaaaaaaaaaaaaaaa",
  room: "practice",
  lesson: "8.2",
  item: "shop--review",
  kind: "review",
  prompt: text("score it"),
  lines: [
    { who: "customer", at: "0:03", text: text("it leaks") },
    { who: "agent", at: null, text: text("model") },
    { who: "system", at: "0:09", text: text("ends") },
  ],
  scorecard: {
    title: text("phone basics"),
    criteria: [
      { id: "c1", text: text("greets"), weight: 1, levels: levels(2) },
      { id: "c2", text: text("repeats"), weight: 2, levels: levels(1) },
    ],
    critical: [
      { id: "e1", text: text("rude") },
      { id: "e2", text: text("lies") },
    ],
  },
};

const done = (score: Record<string, number>, critical: string[]) =>
  receipt(card, { score, critical }, {
    verdict: verdict({
      parts: [
        { id: "c1", credit: 0.5, why: text("why-c1") },
        { id: "c2", credit: 1, why: text("why-c2") },
        { id: "e1", credit: critical.includes("e1") ? 1 : 0, why: text("why-e1") },
        { id: "e2", credit: critical.includes("e2") ? 0 : 1, why: text("why-e2") },
      ],
      expert: { score: { c1: 1, c2: 1 }, critical: ["e1"] },
      kappa: 0.62,
    }),
  });

const open = (...args: Parameters<typeof done>) =>
  show([card], { receipts: { [card.item]: done(...args) }, pace: "all" });

describe("review", () => {
  it("shows who said what and when, and the levels of each behaviour", async () => {
    const view = await show([card]);
    const lines = view.all(".k-line").map((line) => line.textContent?.replace(/\s+/g, " ").trim());
    expect(lines).toEqual(["0:03 Customerit leaks en", "Agentmodel en", "0:09 Systemends en"]);
    expect(view.all<HTMLInputElement>("[type=radio]").map((one) => one.name.slice(-2))).toEqual(
      ["c1", "c1", "c1", "c2", "c2"],
    );
    expect(view.words()).toContain("weight 2");
    expect(view.one(".k-line span").lang).toBe("en");
  });

  it("is sent with every score and the ticks, in the card's order", async () => {
    const view = await show([card]);
    await view.tap("Check");
    expect(view.words()).toContain("Give every behaviour a score.");
    expect((document.activeElement as HTMLInputElement).name).toMatch(/c1$/);
    const radios = view.all<HTMLInputElement>("[type=radio]");
    await view.tap(radios[4]!);
    await view.tap("Check");
    expect((document.activeElement as HTMLInputElement).name).toMatch(/c1$/);
    await view.tap(radios[2]!);
    const ticks = view.all<HTMLInputElement>("[type=checkbox]");
    await view.tap(ticks[1]!);
    await view.tap(ticks[0]!);
    await view.tap("Check");
    expect(view.model.sent).toHaveLength(1);
    expect(JSON.stringify(view.model.sent[0]!.response)).toBe(
      '{"score":{"c1":2,"c2":1},"critical":["e1","e2"]}',
    );
  });

  it("a verdict says yours, the expert's and the direction, in words and with a sign", async () => {
    const view = await open({ c1: 2, c2: 1 }, ["e2"]);
    expect(view.words()).toContain("one point above the expert: you 2, expert 1");
    expect(view.words()).toContain("as the expert: 1");
    expect(view.words()).toContain("missed: the call has it");
    expect(view.words()).toContain("false alarm: the call does not have it");
    expect(view.all(".k-scoring .k-why .k-sign").map((one) => one.textContent)).toEqual(["◐", "✓", "✗", "✗"]);
    expect(view.words()).toContain("Weighted kappa 0.62, good agreement");
    for (const why of ["why-c1", "why-c2", "why-e1", "why-e2"]) expect(view.words()).toContain(why);
  });

  it("what was found and what was rightly left is said as well", async () => {
    const view = await open({ c1: 1, c2: 1 }, ["e1"]);
    expect(view.words()).toContain("found");
    expect(view.words()).toContain("not there, and you did not tick it");
  });

  it("without a kappa nothing is said of it", async () => {
    const none = done({ c1: 1, c2: 1 }, []);
    none.verdict!.kappa = null;
    const view = await show([card], { receipts: { [card.item]: none }, pace: "all" });
    expect(view.words()).not.toContain("kappa");
  });

  it("counted work shows no verdict and stays open to changes", async () => {
    const counted = graded(card);
    const saved = receipt(counted, { score: { c1: 1, c2: 0 }, critical: [] });
    const view = await show([counted], { receipts: { [card.item]: saved }, pace: "all" });
    expect(view.all(".k-why")).toEqual([]);
    expect(view.all<HTMLInputElement>("input:disabled")).toEqual([]);
    expect(view.all<HTMLInputElement>("[type=radio]:checked")).toHaveLength(2);
  });

  it("one gets to the call and back to the behaviour one was at", async () => {
    Element.prototype.scrollIntoView = vi.fn();
    const view = await show([card]);
    const second = view.all<HTMLInputElement>("[type=radio]")[3]!;
    second.focus();
    await view.tap(view.all<HTMLElement>(".k-to")[1]!);
    expect(document.activeElement).toBe(view.one(".k-scroll"));
    await view.tap(view.all<HTMLElement>(".k-to")[0]!);
    expect((document.activeElement as HTMLInputElement).name).toMatch(/c2$/);
  });

  it.each([
    [2, 1, "比参考高 1 分：你 2 分，参考 1 分"],
    [0, 3, "比参考低 3 分：你 0 分，参考 3 分"],
    [1, 1, "和参考一样，1 分"],
  ])("%i against %i is told with its direction", (mine, expert, words) => {
    expect(direction("zh", mine, expert)).toBe(words);
  });

  it.each([
    [-0.2, "less than chance"],
    [0.1, "little agreement"],
    [0.5, "some agreement"],
    [0.8, "close agreement"],
    [1, "close agreement"],
  ])("a kappa of %f reads as %s", (kappa, words) => {
    expect(readKappa("en", kappa, 6)).toContain(words);
  });

  it("an answer to another card is none", () => {
    const { read } = kindOf("review");
    const good = { score: { c1: 0, c2: 1 }, critical: ["e2"] };
    expect(read(card, good)).toEqual(good);
    for (const odd of [null, {}, { ...good, critical: ["e3"] }, { ...good, score: { c1: 3, c2: 1 } },
      { ...good, score: { c1: 0 } }, { ...good, critical: "e1" }])
      expect(read(card, odd)).toBe(null);
  });

  it("an answer is told in one line, in either language", () => {
    const value = { score: { c1: 0, c2: 1 }, critical: ["e2"] };
    expect(kindOf("review").describe(card, value, "zh")).toBe("打分 0、1；严重错误 1 处");
    expect(kindOf("review").describe(card, value, "en")).toBe("scores 0, 1; critical errors: 1");
  });
});
