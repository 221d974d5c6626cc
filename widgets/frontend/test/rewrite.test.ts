import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../src/contract";
import { kindOf } from "../src/kinds";
import { length } from "../src/kinds/rewrite";
import { graded, receipt, show, text, verdict } from "./setup";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const card: Card = {
  version: "aaaaaaaaaaaaaaaa",
  room: "practice",
  lesson: "5.2",
  item: "shop--rewrite",
  kind: "rewrite",
  prompt: text("say it better"),
  given: text("not my job"),
  most: 60,
};

const part = (id: string, wanted: boolean, said: string | null) => ({
  id, wanted, said, like: text(`like-${id}`), why: text(`why-${id}`),
  credit: (said !== null) === wanted ? 1 : 0,
}); // prettier-ignore

const done = receipt(card, { text: "I'll look" }, {
  verdict: verdict({
    parts: [part("p1", true, "I'll"), part("p2", true, null), part("p3", false, "asap"),
            part("p4", false, null)] as never,
    rubric: [
      { id: "r1", text: text("follows up"), points: 2 },
      { id: "r2", text: text("tone"), points: 3 },
    ],
    model: text("the model answer"),
    expert: { text: "the model" },
  }),
}); // prettier-ignore

type Shown = Awaited<ReturnType<typeof show>>;

const write = async (view: Shown, words: string) => {
  const area = view.one<HTMLTextAreaElement>("textarea");
  area.value = words;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await view.model.put("notice", null);
  return area;
};

const enter = (area: HTMLElement, over: KeyboardEventInit) =>
  area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...over }));

describe("rewrite", () => {
  it("shows what was said, a labelled field, and how much one may write", async () => {
    const view = await show([card]);
    expect(view.one(".k-quote").textContent).toBe("not my job en");
    const area = view.one<HTMLTextAreaElement>("textarea");
    expect(view.one(`label[for="${area.id}"]`).textContent).toBe("Your version");
    expect(document.getElementById(area.getAttribute("aria-describedby")!)?.textContent).toContain(
      "60 characters left",
    );
    await write(view, "我来查。\r\n");
    expect(view.words()).toContain("56 characters left");
  });

  it("Enter makes a line, Ctrl+Enter sends, but not the Enter of an input method", async () => {
    const view = await show([card]);
    const area = await write(view, "I'll look into it.");
    expect(enter(area, {})).toBe(true);
    enter(area, { ctrlKey: true, isComposing: true });
    expect(view.model.sent).toEqual([]);
    enter(area, { ctrlKey: true });
    expect(view.model.sent[0]!.response).toEqual({ text: "I'll look into it." });
  });

  it("nothing, or too much, is not sent, and the field takes the focus", async () => {
    const view = await show([card]);
    await view.tap("Check");
    expect(view.words()).toContain("Write a sentence or two first");
    expect(document.activeElement?.tagName).toBe("TEXTAREA");
    const area = await write(view, "x".repeat(63));
    expect(view.words()).toContain("3 characters too many");
    expect(area.getAttribute("aria-invalid")).toBe("true");
    await view.tap("Check");
    expect(view.model.sent).toEqual([]);
  });

  it("the room left is said once the typing rests, and only where it is short", async () => {
    const view = await show([card]);
    const spoken = () => view.all("[role=status]").map((one) => one.textContent).join("");
    await write(view, "x".repeat(10));
    await vi.advanceTimersByTimeAsync(3000);
    expect(spoken()).not.toContain("left");
    await write(view, "x".repeat(50));
    expect(spoken()).not.toContain("left");
    await write(view, "x".repeat(52));
    await vi.advanceTimersByTimeAsync(3000);
    expect(spoken()).toContain("8 characters left");
  });

  it("a verdict names each phrase with its reason, then the rubric beside the model answer", async () => {
    const view = await show([card], { receipts: { [card.item]: done }, pace: "all" });
    const rows = view.all(".k-rewrite li .k-why b").map((one) => one.textContent);
    expect(rows).toEqual([
      "✓there: “I'll”",
      "✗missing, such as “like-p2 en”",
      "✗better left out: “asap”",
      "✓avoided, such as “like-p4 en”",
    ]);
    for (const id of ["p1", "p2", "p3", "p4"]) expect(view.words()).toContain(`why-${id} en`);
    expect(view.one(".k-model").textContent).toContain("the model answer en");
    expect(view.one<HTMLTextAreaElement>("textarea").readOnly).toBe(true);
  });

  it("one's own mark is added up and never sent", async () => {
    const view = await show([card], { receipts: { [card.item]: done }, pace: "all" });
    expect(view.words()).toContain("Your own mark: 0 of 5");
    await view.tap(view.all<HTMLInputElement>(".k-self input")[1]!);
    expect(view.words()).toContain("Your own mark: 3 of 5");
    expect(view.model.sent).toEqual([]);
    await view.tap("Try again");
    expect(view.all(".k-self")).toEqual([]);
    expect(view.one<HTMLTextAreaElement>("textarea").value).toBe("");
  });

  it("counted work shows neither phrases nor model", async () => {
    const counted = graded(card);
    const saved = receipt(counted, { text: "I'll look" }, { verdict: done.verdict });
    const view = await show([counted], { receipts: { [card.item]: saved }, pace: "all" });
    expect(view.all(".k-why, .k-model, .k-self")).toEqual([]);
    expect(view.one<HTMLTextAreaElement>("textarea").value).toBe("I'll look");
    expect(view.one<HTMLTextAreaElement>("textarea").readOnly).toBe(false);
  });

  it("characters are counted as the kernel counts them", () => {
    expect(length(" 我来\r\n查😀　")).toBe(5);
  });

  it("an answer of another shape is none", () => {
    const { read } = kindOf("rewrite");
    expect(read(card, { text: "x" })).toEqual({ text: "x" });
    for (const odd of [null, {}, { text: 7 }, "x"]) expect(read(card, odd)).toBe(null);
  });
});
