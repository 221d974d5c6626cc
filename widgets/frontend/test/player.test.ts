import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../src/contract";
import { PATIENCE } from "../src/answers";
import { cards, graded, receipt, show, text, verdict } from "./setup";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const pick = (view: Awaited<ReturnType<typeof show>>, at: number) =>
  view.tap(view.all<HTMLInputElement>("input")[at]!);

describe("saving", () => {
  it("saved is shown only after the kernel said saved", async () => {
    const view = await show([cards.choice]);
    await pick(view, 1);
    expect(view.model.sent).toEqual([]);
    await view.tap("Check");
    expect(view.model.sent).toHaveLength(1);
    expect(view.model.sent[0]).toMatchObject({
      do: "answer",
      item: "shop--choice",
      version: cards.choice.version,
      response: { option: "b2" },
      lang: "en",
    });
    expect(view.model.sent[0]!.id).toMatch(/^[0-9a-f]{32}$/);
    expect(view.one(".k-saved")).toBe(null);
    await view.model.say({ did: "saved", id: "other", receipt: { item: "nothing" } });
    expect(view.one(".k-saved")).toBe(null);
    const done = receipt(cards.choice, { option: "b2" });
    await view.model.say({ did: "saved", id: view.model.sent[0]!.id, receipt: done });
    expect(view.one(".k-saved").textContent).toBe("✓saved");
  });

  it("an id is resent on retry", async () => {
    const view = await show([cards.choice]);
    await pick(view, 0);
    await view.tap("Check");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(view.words()).toContain("Not saved yet");
    expect(view.all<HTMLInputElement>("input")[0]!.checked).toBe(true);
    await view.tap("Send again");
    expect(view.model.sent).toHaveLength(2);
    expect(view.model.sent[1]).toEqual(view.model.sent[0]);
  });

  it("another answer gets another id", async () => {
    const view = await show([cards.choice]);
    await pick(view, 0);
    await view.tap("Check");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await pick(view, 1);
    await view.tap("Check");
    expect(view.model.sent[1]!.id).not.toBe(view.model.sent[0]!.id);
  });

  it("a reply that comes late is still taken, but not over a newer edit", async () => {
    const view = await show([cards.choice]);
    await pick(view, 0);
    await view.tap("Check");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await pick(view, 1);
    const id = view.model.sent[0]!.id;
    await view.model.say({ did: "saved", id, receipt: receipt(cards.choice, { option: "a1" }) });
    expect(view.one(".k-saved")).toBe(null);
    expect(view.all<HTMLInputElement>("input")[1]!.checked).toBe(true);
  });

  it("failed shows the kernel's words, keeps the answer and can be sent again", async () => {
    const view = await show([cards.number]);
    await view.type("15");
    await view.tap("Check");
    const id = view.model.sent[0]!.id;
    await view.model.say({ did: "failed", id, why: text("disk full") });
    expect(view.words()).toContain("disk full en");
    expect(view.one<HTMLInputElement>(".k-field input").value).toBe("15");
    await view.tap("Send again");
    expect(view.model.sent[1]!.id).toBe(id);
    expect(view.words()).not.toContain("disk full en");
  });

  it("a closed line to the kernel is said at once", async () => {
    const view = await show([cards.choice]);
    view.model.send = () => {
      throw new Error("closed");
    };
    await pick(view, 0);
    await view.tap("Check");
    expect(view.words()).toContain("Not saved yet");
  });

  it("an answer on its way is sent once, however often the button is pressed", async () => {
    const view = await show([cards.choice]);
    await pick(view, 0);
    await view.tap("Check");
    await view.tap("Saving…");
    expect(view.model.sent).toHaveLength(1);
  });

  it("nothing is sent before there is an answer, and a calm line says so", async () => {
    const view = await show([cards.choice]);
    await view.tap("Check");
    expect(view.model.sent).toEqual([]);
    expect(view.one("[role=status]").textContent).toBe("Pick one first.");
  });

  it("what is not a number is not sent", async () => {
    const view = await show([cards.number]);
    await view.type("soon");
    await view.tap("Check");
    expect(view.model.sent).toEqual([]);
    expect(view.words()).toContain("Please enter a number");
    await view.type("１５");
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ number: "１５" });
  });
});

describe("verdicts", () => {
  it("every option shows its reason, and the chosen one says so in words", async () => {
    const done = receipt(cards.choice, { option: "b2" });
    const view = await show([cards.choice], { receipts: { [done.item]: done } });
    const rows = view.all(".k-opt").map((row) => row.textContent);
    expect(rows[0]).toBe("a1 en✓full creditwhy-a1 en");
    expect(rows[1]).toBe("b2 en◐70% credit · your choicewhy-b2 en");
    expect(rows[2]).toBe("c3 en✗no creditwhy-c3 en");
    expect(view.words()).toContain("takeaway en");
    expect(view.words()).toContain("note en");
  });

  it("choices says of each option what was right and what was done", async () => {
    const parts = [1, 0, 1].map((credit, at) => ({ id: ["a1", "b2", "c3"][at]!, credit, why: text("w") }));
    const done = receipt(cards.choices, { options: ["a1", "b2"] }, { verdict: verdict({ parts }) });
    const view = await show([cards.choices], { receipts: { [done.item]: done } });
    expect(view.all(".k-why b").map((word) => word.textContent)).toEqual([
      "✓should be picked, you picked it",
      "✗leave out, you picked it",
      "✗should be picked, you left it out",
    ]);
  });

  it("order shows the expert's order next to one's own", async () => {
    const expert = { order: ["s2", "s1", "s3"] };
    const judged = verdict({ parts: [], why: text("because"), expert });
    const done = receipt(cards.order, { order: ["s1", "s2", "s3"] }, { verdict: judged });
    const view = await show([cards.order], { receipts: { [done.item]: done } });
    expect(view.all(".k-expert li").map((row) => row.textContent)).toEqual(["1s2 en", "2s1 en", "3s3 en"]);
    expect(view.all(".k-steps small").map((note) => note.textContent)).toEqual([
      "expert: 2",
      "expert: 1",
      "same place",
    ]);
    expect(view.words()).toContain("because en");
  });

  it("number shows the expected value with its unit", async () => {
    const judged = verdict({ parts: [], why: text("because"), expert: { number: "15" } });
    const done = receipt(cards.number, { number: "12" }, { verdict: judged });
    const view = await show([cards.number], { receipts: { [done.item]: done } });
    expect(view.words()).toContain("Expected: 15 unit en");
  });

  it("graded shows saved and nothing else", async () => {
    const card = graded(cards.choice);
    const view = await show([card]);
    await pick(view, 1);
    await view.tap("Save answer");
    // Even a verdict sent by mistake stays unseen.
    const done = receipt(card, { option: "b2" }, { verdict: verdict() });
    await view.model.say({ did: "saved", id: view.model.sent[0]!.id, receipt: done });
    expect(view.one(".k-status").textContent).toBe("✓saved");
    expect(view.all(".k-why, .k-take")).toEqual([]);
    await pick(view, 0);
    expect(view.one(".k-saved")).toBe(null);
    await view.tap("Save answer");
    expect(view.model.sent).toHaveLength(2);
    expect(view.model.sent[1]!.id).not.toBe(view.model.sent[0]!.id);
  });

  it("a graded answer put back to what is on disk is saved as it stands", async () => {
    const card = graded(cards.choice);
    const view = await show([card], { receipts: { [card.item]: receipt(card, { option: "b2" }) } });
    await pick(view, 0);
    expect(view.words()).toContain("This change is not saved yet");
    await pick(view, 1);
    expect(view.one(".k-saved").textContent).toBe("✓saved");
  });

  it("try again starts afresh, and sends under a new id", async () => {
    const view = await show([cards.choice]);
    await pick(view, 1);
    await view.tap("Check");
    const done = receipt(cards.choice, { option: "b2" });
    await view.model.say({ did: "saved", id: view.model.sent[0]!.id, receipt: done });
    await view.tap("Try again");
    expect(view.all<HTMLInputElement>("input").some((input) => input.checked)).toBe(false);
    expect(view.all(".k-why")).toEqual([]);
    await pick(view, 1);
    await view.tap("Check");
    expect(view.model.sent[1]!.id).not.toBe(view.model.sent[0]!.id);
  });
});

describe("receipts", () => {
  it("every answer is restored", async () => {
    const receipts = {
      [cards.choice.item]: receipt(cards.choice, { option: "c3" }),
      [cards.number.item]: receipt(cards.number, { number: "7" }),
    };
    const view = await show([cards.choice, cards.number], { receipts, pace: "all" });
    expect(view.all<HTMLInputElement>("input[type=radio]")[2]!.checked).toBe(true);
    expect(view.one<HTMLInputElement>(".k-field input").value).toBe("7");
  });

  it("a receipt of another version is ignored", async () => {
    const old = receipt(cards.choice, { option: "c3" }, { version: "bbbbbbbbbbbbbbbb" });
    const view = await show([cards.choice], { receipts: { [old.item]: old } });
    expect(view.one(".k-saved")).toBe(null);
    expect(view.all<HTMLInputElement>("input").some((input) => input.checked)).toBe(false);
  });

  it.each([null, 7, [], { "shop--choice": 3 }, { "shop--choice": { item: "shop--choice" } }])(
    "receipts that are none (%j) break nothing",
    async (receipts) => {
      const view = await show([cards.choice], { receipts });
      expect(view.all("input")).toHaveLength(3);
    },
  );

  it("a verdict of another shape breaks nothing, and the answer stays saved", async () => {
    const odd = { ...receipt(cards.choice, { option: "a1" }), verdict: { credit: "much" } };
    const view = await show([cards.choice], { receipts: { [odd.item]: odd } });
    expect(view.one(".k-saved").textContent).toBe("✓saved");
    expect(view.all(".k-why")).toEqual([]);
  });

  it("an answer from another view is shown here", async () => {
    const view = await show([cards.choice]);
    await view.model.put("receipts", { [cards.choice.item]: receipt(cards.choice, { option: "b2" }) });
    expect(view.all<HTMLInputElement>("input")[1]!.checked).toBe(true);
    expect(view.one(".k-saved").textContent).toBe("✓saved");
  });

  it("an unsaved edit is not overwritten by another view", async () => {
    const view = await show([cards.choice]);
    await pick(view, 0);
    await view.model.put("receipts", { [cards.choice.item]: receipt(cards.choice, { option: "b2" }) });
    expect(view.all<HTMLInputElement>("input")[0]!.checked).toBe(true);
    expect(view.one(".k-saved")).toBe(null);
  });
});

describe("language", () => {
  it("a language switch keeps what was typed", async () => {
    const view = await show([cards.number, cards.choice], { pace: "all" });
    await view.type("12");
    await pick(view, 2);
    await view.tap("中文");
    expect(view.one(".kefu").lang).toBe("zh-CN");
    expect(view.one("legend span").lang).toBe("zh-CN");
    expect(view.words()).toContain("count中");
    expect(view.words()).not.toContain("count en");
    expect(view.one<HTMLInputElement>(".k-field input").value).toBe("12");
    expect(view.all<HTMLInputElement>("input[type=radio]")[1]!.checked).toBe(true);
    await view.tap("EN");
    expect(view.one("legend span").lang).toBe("en");
  });

  it("a language switch keeps a verdict open and a page turned", async () => {
    const done = receipt(cards.choice, { option: "b2" });
    const view = await show([cards.choice, cards.number], { receipts: { [done.item]: done } });
    await view.tap("Back");
    await view.tap("中文");
    expect(view.words()).toContain("why-b2中");
    expect(view.words()).toContain("下一题");
  });
});

describe("order", () => {
  const steps = (view: Awaited<ReturnType<typeof show>>) =>
    view.all(".k-steps li").map((row) => row.dataset.step);

  it("arrow keys move the focused row, say so, and the focus stays on it", async () => {
    const view = await show([cards.order]);
    const handle = view.one('[data-step="s1"] .k-handle');
    handle.focus();
    await view.key(handle, "ArrowDown");
    expect(steps(view)).toEqual(["s2", "s1", "s3"]);
    expect(document.activeElement?.closest("li")?.dataset.step).toBe("s1");
    expect(view.all("[role=status]").map((one) => one.textContent)).toContain("“s1 en” is now 2 of 3");
    await view.key(document.activeElement as HTMLElement, "ArrowUp");
    expect(steps(view)).toEqual(["s1", "s2", "s3"]);
    await view.key(document.activeElement as HTMLElement, "ArrowUp");
    expect(steps(view)).toEqual(["s1", "s2", "s3"]);
  });

  it("buttons move a row, and the focus stays on that row's button", async () => {
    const view = await show([cards.order]);
    const down = view.one('[data-step="s1"] [data-part="down"]');
    down.focus();
    await view.tap(down);
    const now = document.activeElement as HTMLElement;
    expect([now.closest("li")?.dataset.step, now.dataset.part]).toEqual(["s1", "down"]);
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ order: ["s2", "s1", "s3"] });
  });

  it("an untouched order is sent by an explicit check only", async () => {
    const view = await show([cards.order]);
    expect(view.model.sent).toEqual([]);
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ order: ["s1", "s2", "s3"] });
  });

  it("the keys are told in a hint that the handle points to", async () => {
    const view = await show([cards.order]);
    const hint = view.one(".k-handle").getAttribute("aria-describedby")!;
    expect(document.getElementById(hint)?.textContent).toContain("arrow keys");
  });
});

describe("keys", () => {
  it("Enter in the number field sends, but not the Enter of an input method", async () => {
    const view = await show([cards.number]);
    await view.type("15");
    const input = view.one(".k-field input");
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, isComposing: true }));
    expect(view.model.sent).toEqual([]);
    await view.key(input, "Enter");
    expect(view.model.sent).toHaveLength(1);
  });

  it("whatever has the focus keeps its keys from JupyterLab's shortcuts", async () => {
    const view = await show([cards.choice]);
    const radio = view.one("input");
    radio.dispatchEvent(new FocusEvent("focusin", { bubbles: true }));
    expect(radio.hasAttribute("data-lm-suppress-shortcuts")).toBe(true);
  });

  it("a double tap does not skip the verdict", async () => {
    const done = receipt(cards.choice, { option: "b2" });
    const view = await show([cards.choice, cards.number], { receipts: { [done.item]: done } });
    await view.tap("Back");
    view.button("Next").dispatchEvent(new MouseEvent("click", { detail: 2, bubbles: true, cancelable: true }));
    await view.model.put("notice", null);
    expect(view.words()).toContain("why-b2 en");
    await view.tap("Next");
    expect(view.words()).toContain("count en");
  });
});

describe("pages", () => {
  it("next moves the focus to the new question, and the last leads to a summary and back", async () => {
    const view = await show([cards.choice, cards.number]);
    expect(view.one(".k-marks").getAttribute("aria-label")).toBe("Question 1 of 2, 0 answered");
    await view.tap("Skip for now");
    expect(document.activeElement?.textContent).toBe("count en");
    await view.tap("Skip for now");
    expect(view.words()).toContain("0 of 2 answered");
    await view.tap(view.all(".k-row")[1]!);
    expect(view.words()).toContain("count en");
    await view.tap("Back");
    expect(view.words()).toContain("choose en");
  });

  it("it opens at the first question without an answer", async () => {
    const done = receipt(cards.choice, { option: "a1" });
    const view = await show([cards.choice, cards.number], { receipts: { [done.item]: done } });
    expect(view.words()).toContain("count en");
  });

  it("what was picked before it was drawn is still to be sent, and nothing overwrites a receipt", async () => {
    const picked = (card: Card, option: string) =>
      ({ item: card.item, version: card.version, response: { option } });
    const other = { ...cards.choice, item: "shop--other" };
    const done = receipt(other, { option: "a1" });
    const view = await show([cards.choice, other], {
      receipts: { [done.item]: done },
      unsent: [picked(cards.choice, "b2"), picked(cards.choice, "none"), picked(other, "c3"), 7],
    });
    expect(view.all<HTMLInputElement>("input").map((input) => input.checked)).toEqual([false, true, false]);
    expect(view.model.sent).toEqual([]);
    await view.tap("Check");
    expect(view.model.sent[0]!.response).toEqual({ option: "b2" });
    await view.tap("Skip for now");
    expect(view.all<HTMLInputElement>("input").map((input) => input.checked)).toEqual([true, false, false]);
  });

  it("typing survives leaving the page and coming back", async () => {
    const view = await show([cards.number, cards.choice]);
    await view.type("12");
    await view.tap("Skip for now");
    await view.tap("Back");
    expect(view.one<HTMLInputElement>(".k-field input").value).toBe("12");
  });

  it("a card of an unknown kind is named, and the others still work", async () => {
    const odd = { ...cards.choice, item: "shop--odd", kind: "riddle" };
    const view = await show([odd, cards.choice], { pace: "all" });
    expect(view.words()).toContain("“riddle”");
    expect(view.all("input")).toHaveLength(3);
  });

  it("a notice is shown as a calm line", async () => {
    const view = await show([cards.choice], { notice: text("read-only") });
    expect(view.one(".k-calm").textContent).toBe("read-only en");
  });

  it("taking a view down leaves nothing listening", async () => {
    const view = await show([cards.choice]);
    expect(view.model.listeners()).toBeGreaterThan(0);
    view.stop();
    expect(view.el.childElementCount).toBe(0);
    expect(view.model.listeners()).toBe(0);
  });
});

describe("hand-in", () => {
  const handin = { set: "basics", items: [cards.choice.item, cards.number.item] };

  it("says how many are saved, and asks for a student number that can be one", async () => {
    const done = receipt(cards.choice, { option: "a1" });
    const view = await show([], { handin, receipts: { [done.item]: done } });
    expect(view.words()).toContain("1 of 2 saved");
    await view.type("张三");
    await view.tap("Make the hand-in file");
    expect(view.model.sent).toEqual([]);
    await view.type("ｓ０１");
    await view.tap("Make the hand-in file");
    expect(view.model.sent[0]).toMatchObject({ do: "hand-in", student: "s01" });
  });

  it("shows the file's name only when it is made, and retries under the same id", async () => {
    const view = await show([], { handin });
    await view.type("s01");
    await view.tap("Make the hand-in file");
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(view.words()).toContain("No reply yet");
    await view.tap("Send again");
    const { id } = view.model.sent[0]!;
    expect(view.model.sent[1]!.id).toBe(id);
    expect(view.words()).not.toContain("ready:");
    await view.model.say({ did: "handed-in", id, file: "basics--s01.zip" });
    expect(view.words()).toContain("basics--s01.zip");
  });

  it("says when an answer was changed after it was saved: the file holds the one before", async () => {
    const card = graded(cards.choice);
    const receipts = { [card.item]: receipt(card, { option: "b2" }) };
    const asked = await show([card], { receipts });
    await pick(asked, 0);
    const view = await show([], { handin, receipts });
    await view.type("s01");
    await view.tap("Make the hand-in file");
    const { id } = view.model.sent[0]!;
    await view.model.say({ did: "handed-in", id, file: "basics--s01.zip" });
    expect(view.words()).toContain("Changed but not saved: 1.");
    await asked.tap("Save answer");
    const kept = receipt(card, { option: "a1" });
    await asked.model.say({ did: "saved", id: asked.model.sent[0]!.id, receipt: kept });
    await view.tap("Make the hand-in file");
    const again = view.model.sent[1]!.id;
    await view.model.say({ did: "handed-in", id: again, file: "basics--s01.zip" });
    expect(view.words()).not.toContain("Changed but not saved");
  });
});
