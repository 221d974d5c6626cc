import { afterEach, describe, expect, it } from "vitest";
import type { Card } from "../src/contract";
import { match } from "../src/kinds/match";
import { mixed } from "../src/mix";
import { receipt, settle, show, text, verdict } from "./setup";

const part = (id: string) => ({ id, text: text(id) });
const card: Card = {
  item: "shop--match",
  version: "aaaaaaaaaaaaaaaa",
  room: "practice",
  kind: "match",
  prompt: text("pair"),
  lefts: ["l1", "l2"].map(part),
  rights: ["r1", "r2", "r3"].map(part),
  bins: false,
};
const bins: Card = { ...card, item: "shop--bins", bins: true };
const pairs = { l1: "r1", l2: "r3" };

let stop: (() => void) | undefined;
afterEach(() => stop?.());
const shown = async (...given: Parameters<typeof show>) => {
  const view = await show(...given);
  stop = view.stop;
  return view;
};

describe("match", () => {
  it("is complete when each left has a right of the card, and is read back only then", () => {
    expect(match.isComplete(card, match.start(card))).toBe(false);
    expect(match.isComplete(card, { pairs: { l1: "r1" } })).toBe(false);
    expect(match.isComplete(card, { pairs })).toBe(true);
    expect(match.read(card, { pairs: { l2: "r3", l1: "r1" } })).toEqual({ pairs });
    expect(JSON.stringify(match.read(card, { pairs: { l2: "r3", l1: "r1" } }))).toBe(JSON.stringify({ pairs }));
    for (const raw of [null, {}, { pairs: null }, { pairs: {} }, { pairs: { l1: "r1" } },
      { pairs: { ...pairs, l3: "r1" } }, { pairs: { l1: "r1", l2: "zz" } }, { pairs: { l1: "r1", l2: "toString" } }])
      expect(match.read(card, raw)).toBe(null);
  });

  it("is shown in the learner's own order, the same each time", () => {
    const many = { ...card, lefts: [..."abcdefgh"].map(part), rights: [..."stuvwxyz"].map(part) };
    const one = mixed(many, "seed");
    expect(mixed(many, "seed")).toEqual(one);
    expect([...one.lefts!].map(({ id }) => id).sort().join("")).toBe("abcdefgh");
    expect([one.lefts, one.rights]).not.toEqual([many.lefts, many.rights]);
    expect(mixed(many, "")).toBe(many);
  });

  it("opens one row's list in place; a choice stands in the row and is told elsewhere", async () => {
    const { all, one, tap, model, words } = await shown([card]);
    expect(all("legend").map((legend) => legend.textContent)).toEqual(["pair en", "l1 en", "l2 en"]);
    const rows = () => all<HTMLButtonElement>(".k-picker");
    await tap(rows()[0]!);
    expect(rows().map((row) => row.getAttribute("aria-expanded"))).toEqual(["true", "false"]);
    await tap(all("[data-left=l1] input")[0]!);
    expect(rows()[0]!.textContent).toBe("r1 en");
    await tap(rows()[1]!);
    expect(rows().map((row) => row.getAttribute("aria-expanded"))).toEqual(["false", "true"]);
    expect(one("[data-left=l2] .k-opt").textContent).toBe("r1 engiven to “l1 en”");
    await tap("Check");
    expect(model.sent).toEqual([]);
    expect(words()).toContain("Some are still open");
    await tap(all("[data-left=l2] input")[2]!);
    await tap("Check");
    expect(model.sent[0]).toMatchObject({ do: "answer", response: { pairs } });
  });

  it("Enter and Escape in the list close it and give the focus back to the row", async () => {
    const { one, tap, key } = await shown([card]);
    for (const name of ["Enter", "Escape"]) {
      await tap(one("[data-left=l1] .k-picker"));
      await key(one("[data-left=l1] input"), name);
      expect(one("[data-left=l1] input")).toBe(null);
      expect(document.activeElement).toBe(one("[data-left=l1] .k-picker"));
    }
  });

  it("what is missing gets the focus", async () => {
    const { one, all, tap } = await shown([bins]);
    await tap(all("[data-left=l1] input")[0]!);
    await tap("Check");
    expect(document.activeElement).toBe(one("[data-left=l2] input"));
  });

  it("the verdict stands in each row, with the expert's right where it differs", async () => {
    const judged = verdict({
      parts: [{ id: "l1", credit: 1, why: text("good") }, { id: "l2", credit: 0.5, why: text("half") }],
      expert: { pairs: { l1: "r1", l2: "r2" } },
    });
    for (const each of [card, bins]) {
      const view = await show([each], { receipts: { [each.item]: receipt(each, { pairs }, { verdict: judged }) } });
      await settle();
      expect(view.one("[data-left=l1] .k-why").textContent).toBe("✓full creditgood en");
      expect(view.one("[data-left=l2] .k-why").textContent).toBe("◐50% creditExpert: r2 enhalf en");
      expect(view.all(".k-picker")).toEqual([]);
      expect(view.all<HTMLInputElement>("input").every((input) => input.disabled)).toBe(true);
      view.stop();
    }
  });
});
