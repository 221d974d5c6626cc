import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../src/answers";
import type { Card } from "../src/contract";
import { cards, receipt, show, text, verdict } from "./setup";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const hints = [
  { text: text("first hint"), cost: 0.25 },
  { text: text("second hint"), cost: 0.5 },
];
const hinted: Card = { ...cards.choice, hints };
const asked: Card = { ...cards.choice, confidence: true };
const both: Card = { ...hinted, confidence: true };
type View = Awaited<ReturnType<typeof show>>;

const pick = (view: View, at: number) => view.tap(view.all<HTMLInputElement>(".k-opt input")[at]!);
const sure = (view: View, yes: boolean) =>
  view.tap(view.all<HTMLInputElement>(".k-sure input")[yes ? 0 : 1]!);
const first = "Show a hint (25% less credit)";
const second = "Show another hint (50% less credit)";

async function saved(view: View, card: Card, over = {}) {
  const last = view.model.sent[view.model.sent.length - 1]!;
  const done = receipt(card, last.response, { at: `at ${view.model.sent.length}`, ...over });
  await view.model.say({ did: "saved", id: last.id, receipt: done });
}

describe("hints", () => {
  it("cost what the button says before it is pressed, one after the other", async () => {
    const view = await show([hinted]);
    expect(view.words()).not.toContain("first hint");
    await view.tap(first);
    expect(view.words()).toContain("Hint 1first hint en");
    expect(view.words()).not.toContain("second hint");
    await view.tap(second);
    expect(view.words()).toContain("Hint 2second hint en");
    expect(view.button(second)).toBe(undefined);
  });

  it("opened is told with the answer, however it is changed after that", async () => {
    const view = await show([hinted]);
    await pick(view, 0);
    await view.tap(first);
    await pick(view, 1);
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ option: "b2", hints: 1 });
  });

  it("unopened is not told at all", async () => {
    const view = await show([hinted]);
    await pick(view, 0);
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ option: "a1" });
  });

  it("stays open in the other language, and after trying again", async () => {
    const view = await show([hinted]);
    await view.tap(first);
    await view.tap(view.one(".k-lang"));
    expect(view.words()).toContain("提示 1first hint中");
    await view.tap(view.one(".k-lang"));
    await pick(view, 0);
    await view.tap("Check");
    await saved(view, hinted);
    expect(view.button(second)).toBe(undefined); // nothing more to open once it is judged
    await view.tap("Try again");
    expect(view.words()).toContain("first hint en");
    await pick(view, 1);
    await view.tap("Check");
    expect(view.model.sent[1]!.response).toEqual({ option: "b2", hints: 1 });
  });

  it("comes back after a reload", async () => {
    const done = receipt(hinted, { option: "a1", hints: 2 });
    const view = await show([hinted], { receipts: { [done.item]: done }, pace: "all" });
    expect(view.words()).toContain("second hint en");
    await view.tap("Try again");
    expect(view.words()).toContain("second hint en");
  });

  it("is announced where it appears, and the button is no other's", async () => {
    const view = await show([hinted]);
    expect(view.one(".k-hints [role=status]").textContent).toBe("");
    await view.tap(first);
    expect(view.one(".k-hints [role=status]").textContent).toContain("first hint en");
    expect(view.model.sent).toEqual([]);
  });
});

describe("how sure one is", () => {
  it("is asked before anything is sent, in a calm line", async () => {
    const view = await show([asked]);
    await pick(view, 0);
    await view.tap("Check");
    expect(view.model.sent).toEqual([]);
    expect(view.words()).toContain("Say how sure you are as well.");
    expect(document.activeElement).toBe(view.one(".k-sure input"));
    await sure(view, false);
    expect(view.words()).not.toContain("Say how sure");
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ option: "a1", sure: false });
  });

  it("comes after the answer itself", async () => {
    const view = await show([asked]);
    await view.tap("Check");
    expect(view.words()).toContain("Pick one first.");
    expect(document.activeElement).toBe(view.one(".k-opt input"));
  });

  it("survives edits and the other language", async () => {
    const view = await show([both]);
    await sure(view, true);
    await view.tap(first);
    await pick(view, 2);
    await view.tap(view.one(".k-lang"));
    expect(view.all<HTMLInputElement>(".k-sure input").map((one) => one.checked)).toEqual([
      true,
      false,
    ]);
    expect(view.all<HTMLInputElement>(".k-opt input")[2]!.checked).toBe(true);
    await view.tap("看看如何");
    expect(view.model.sent[0]!.response).toEqual({ option: "c3", sure: true, hints: 1 });
  });

  it("is asked anew at each try", async () => {
    const view = await show([asked]);
    await pick(view, 0);
    await sure(view, true);
    await view.tap("Check");
    await saved(view, asked);
    expect(view.all<HTMLInputElement>(".k-sure input").every((one) => one.disabled)).toBe(true);
    await view.tap("Try again");
    expect(view.all<HTMLInputElement>(".k-sure input").some((one) => one.checked)).toBe(false);
  });

  it("comes back after a reload", async () => {
    const done = receipt(asked, { option: "a1", sure: false });
    const view = await show([asked], { receipts: { [done.item]: done }, pace: "all" });
    expect(view.all<HTMLInputElement>(".k-sure input").map((one) => one.checked)).toEqual([
      false,
      true,
    ]);
  });

  it("points out only a confident miss", async () => {
    for (const [felt, credit, says] of [
      [true, 0.7, true],
      [true, 1, false],
      [false, 0.7, false],
    ] as const) {
      const done = receipt(asked, { option: "a1", sure: felt }, { verdict: verdict({ credit }) });
      const view = await show([asked], { receipts: { [done.item]: done }, pace: "all" });
      expect(view.words().includes("You felt sure here")).toBe(says);
      view.stop();
    }
  });
});

describe("what a hint costs", () => {
  const traits = (credit: number) => {
    const done = receipt(both, { option: "a1", sure: true, hints: 1 }, { verdict: verdict({ credit }) });
    return { receipts: { [done.item]: done } };
  };

  it("is not counted as a miss", async () => {
    expect((await show([both], { ...traits(0.75), pace: "all" })).words()).not.toContain("You felt sure");
    expect((await show([both], { ...traits(0.5), pace: "all" })).words()).toContain("You felt sure");
  });

  it("sends nobody back from the summary", async () => {
    const other = { ...cards.number, item: "shop--other" };
    const done = receipt(other, { number: "15" }, { verdict: verdict({ credit: 1 }) });
    for (const [credit, says] of [[0.75, false], [0.5, true]] as const) {
      const { receipts } = traits(credit);
      const view = await show([both, other], { receipts: { ...receipts, [other.item]: done } });
      expect(view.words()).toContain("2 of 2 answered");
      expect(view.words().includes("Worth another look")).toBe(says);
      view.stop();
    }
  });
});

describe("the same answer", () => {
  it("keeps its id when it is sent again, hints and sureness along", async () => {
    const view = await show([both]);
    await view.tap(first);
    await pick(view, 0);
    await sure(view, true);
    await view.tap("Check");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await pick(view, 1);
    await pick(view, 0);
    await sure(view, false);
    await sure(view, true);
    await view.tap("Check");
    expect(view.model.sent[1]!.id).toBe(view.model.sent[0]!.id);
    expect(view.model.sent[1]!.response).toEqual(view.model.sent[0]!.response);
  });

  it.each(["hint", "sureness"])("is another one with another %s", async (what) => {
    const view = await show([both]);
    await pick(view, 0);
    await sure(view, true);
    await view.tap("Check");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await (what === "hint" ? view.tap(first) : sure(view, false));
    await view.tap("Check");
    expect(view.model.sent[1]!.id).not.toBe(view.model.sent[0]!.id);
  });
});

describe("tries", () => {
  it("are counted, and the first one is kept", async () => {
    const done = receipt(cards.choice, { option: "a1" }, { tries: 3, first: 0.4 });
    const view = await show([cards.choice], { receipts: { [done.item]: done }, pace: "all" });
    expect(view.words()).toContain("Try 3; the first one: 40% credit");
  });

  it("are not told of a first one, nor where nothing is judged", async () => {
    for (const over of [{ tries: 1, first: 0.4 }, { tries: 2, first: null }]) {
      const done = receipt(cards.choice, { option: "a1" }, over);
      const view = await show([cards.choice], { receipts: { [done.item]: done }, pace: "all" });
      expect(view.words()).not.toContain("the first one");
      view.stop();
    }
  });
});
