// A question about a mark, in the hand-in panel.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PATIENCE } from "../src/answers";
import { settle, show, text } from "./setup";

const about = ["shop--a", "shop--b"].map((item) => ({ item, text: text(item) }));
const handin = { set: "basics", items: ["shop--a"], about, appeals: [] as unknown[] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

async function open(over: Record<string, unknown> = {}) {
  const view = await show([], { handin: { ...handin, ...over } });
  const area = view.one<HTMLTextAreaElement>(".k-appeal textarea");
  const select = view.one<HTMLSelectElement>(".k-appeal select");
  const put = async (one: HTMLSelectElement | HTMLTextAreaElement, value: string) => {
    one.value = value;
    one.dispatchEvent(new Event(one === area ? "input" : "change", { bubbles: true }));
    await settle();
  };
  return {
    ...view,
    area,
    pick: (item: string) => put(select, item),
    write: (words: string) => put(area, words),
    status: () => view.one(".k-appeal [role=status]").textContent,
  };
}

it("a kernel that takes no questions shows no place for them", async () => {
  const view = await show([], { handin: { set: "basics", items: [] } });
  expect(view.one(".k-appeal")).toBe(null);
});

it("each question can be picked by its number and its words", async () => {
  const view = await open();
  const options = view.all(".k-appeal option").map((one) => one.textContent);
  expect(options).toEqual(["Pick one", "1. shop--a en", "2. shop--b en"]);
});

it("nothing is sent before a question is picked and words are written", async () => {
  const view = await open();
  await view.tap("Put it into the hand-in file");
  expect(document.activeElement?.localName).toBe("select");
  await view.pick("shop--b");
  await view.write("   ");
  await view.tap("Put it into the hand-in file");
  expect(document.activeElement).toBe(view.area);
  await view.write("x".repeat(501));
  expect(view.words()).toContain("1 characters too many");
  await view.tap("Put it into the hand-in file");
  expect(view.status()).toContain("Pick a question first");
  expect(view.model.sent).toEqual([]);
});

it("saved is shown only after the kernel said so, and the field is empty then", async () => {
  const view = await open();
  await view.pick("shop--b");
  await view.write("why?");
  await view.tap("Put it into the hand-in file");
  const sent = view.model.sent[0]!;
  expect(sent).toMatchObject({ do: "appeal", item: "shop--b", text: "why?", lang: "en" });
  expect(sent.id).toMatch(/^[0-9a-f]{32}$/);
  expect(view.status()).toBe("");
  await view.model.say({ did: "appealed", id: "another" });
  expect(view.status()).toBe("");
  await view.model.say({ did: "appealed", id: sent.id });
  expect(view.status()).toContain("✓saved");
  expect(view.area.value).toBe("");
});

it("without a reply the words stay, and are sent again under the same id", async () => {
  const view = await open();
  await view.pick("shop--a");
  await view.write("why?");
  await view.tap("Put it into the hand-in file");
  await vi.advanceTimersByTimeAsync(PATIENCE);
  await settle();
  expect(view.status()).toContain("No reply yet");
  expect(view.area.value).toBe("why?");
  await view.tap("Send again");
  expect(view.model.sent[1]).toEqual(view.model.sent[0]);
  await view.write("why not?");
  await view.tap("Put it into the hand-in file");
  expect(view.model.sent[2]!.id).not.toBe(view.model.sent[0]!.id);
});

it("failed shows the kernel's words and keeps the learner's", async () => {
  const view = await open();
  await view.pick("shop--a");
  await view.write("why?");
  await view.tap("Put it into the hand-in file");
  await view.model.say({ did: "failed", id: view.model.sent[0]!.id, why: text("disk full") });
  expect(view.status()).toContain("disk full en");
  expect(view.area.value).toBe("why?");
});

it("what is on disk is listed as text, and what is no question is left out", async () => {
  const appeals = [{ id: "1", item: "shop--b", text: "为什么 <b>" }, { id: 2 }, null];
  const view = await open({ appeals });
  expect(view.all(".k-appealed").map((one) => one.textContent)).toEqual(["Question 2 为什么 <b>"]);
  expect(view.one(".k-appealed span").lang).toBe("zh-CN");
});
