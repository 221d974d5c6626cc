import { afterEach, describe, expect, it } from "vitest";
import type { Card } from "../src/contract";
import { isNumber, number } from "../src/kinds/number";
import { cards, receipt, show, text, verdict } from "./setup";

const card: Card = {
  ...cards.number,
  unit: { zh: "秒", en: "s" },
  also: [{ text: { zh: "分钟", en: "minutes" }, factor: 60 }],
  data: [
    { text: text("wait"), values: [12, 0.5] },
    { text: text("year"), values: [2026, 12345] },
  ],
};

let stop: (() => void) | undefined;
afterEach(() => stop?.());

describe("number", () => {
  it("takes any unit of the card, whatever its case, the longest word first", () => {
    for (const typed of ["15", "15s", "15 S", "2 minutes", "2 Minutes", "２ 分钟", ".5 minutes"])
      expect([typed, number.isComplete(card, { number: typed })]).toEqual([typed, true]);
    for (const typed of ["", "minutes", "15 minutes s", "15 hours", "."])
      expect([typed, number.isComplete(card, { number: typed })]).toEqual([typed, false]);
    expect(isNumber("15 秒")).toBe(false);
  });

  it("shows its data as a table, and says which other units there are", async () => {
    const view = await show([card]);
    stop = view.stop;
    expect(view.all("th[scope=col]").map((head) => head.textContent)).toEqual(["wait en", "year en"]);
    expect(view.all("td").map((cell) => cell.textContent)).toEqual(["12", "2026", "0.5", "12,345"]);
    expect(view.one("caption").textContent).toBe("The data");
    const input = view.one<HTMLInputElement>(".k-field input");
    const said = input.getAttribute("aria-describedby")!.split(" ").map((id) => document.getElementById(id)!.textContent);
    expect(said).toEqual(["s", "You may also answer in minutes; type the unit after the number."]);
  });

  it.each([
    [undefined, "Expected: 11 s"],
    [["10", "12"], "Expected: 10–12 s"],
    [["-3", "-1"], "Expected: -3 to -1 s"],
    [["10", null], "Expected: at least 10 s"],
    [[null, "12"], "Expected: at most 12 s"],
  ] as [[string | null, string | null] | undefined, string][])("tells the range %j", async (range, said) => {
    const judged = verdict({ expert: { number: "11" }, range, parts: [] });
    const view = await show([card], {
      receipts: { [card.item]: receipt(card, { number: "11" }, { verdict: judged }) },
    });
    stop = view.stop;
    expect(view.one(".k-why b").textContent).toBe(said);
  });

  it("is told in one line as typed, with the unit only once", () => {
    expect(number.describe(card, { number: "15" }, "zh")).toBe("15 秒");
    expect(number.describe(card, { number: "2 分钟" }, "zh")).toBe("2 分钟");
  });
});
