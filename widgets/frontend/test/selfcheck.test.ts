import { afterEach, describe, expect, it } from "vitest";
import type { Card } from "../src/contract";
import { selfcheck } from "../src/kinds/selfcheck";
import { inLines, sidesOf } from "../src/radar";
import { settle, show, text } from "./setup";

const statement = (id: string, axis: string | null) => ({
  id,
  text: text(id),
  tip: text(`tip ${id}`),
  axis: axis ? text(axis) : null,
});
const card: Card = {
  item: "shop--look",
  version: "aaaaaaaaaaaaaaaa",
  room: "practice",
  kind: "selfcheck",
  prompt: text("look"),
  statements: [statement("s1", "A"), statement("s2", "B"), statement("s3", "C"), statement("s4", "C")],
};

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** The page of a kernel that keeps reflections, or keeps none. */
async function opened(levels: object | null = null, kept = true, list = [card]) {
  const view = await show(list);
  stop = view.stop;
  const reply = async (message: object) => {
    const asked = view.model.sent[view.model.sent.length - 1]!;
    await view.model.say({ ...message, id: asked.id });
  };
  await reply({ did: "recalled", kept, levels });
  const pick = (at: number, level: 2 | 1 | 0) => view.tap(view.all(".k-each")[at]!.querySelectorAll("input")[2 - level]!);
  const last = () => view.model.sent[view.model.sent.length - 1];
  return { ...view, reply, pick, last };
}

describe("selfcheck", () => {
  it("is never an answer", () => {
    expect(selfcheck.silent).toBe(true);
    expect(selfcheck.isComplete(card, { levels: { s1: 2, s2: 2, s3: 2, s4: 2 } })).toBe(false);
    expect(selfcheck.read(card, { levels: { s1: 2 } })).toBe(null);
  });

  it("recalls what was kept, keeps each change, and has nothing to send", async () => {
    const view = await opened({ s1: 2, zz: 1 });
    expect(view.model.sent).toMatchObject([{ do: "recall", item: "shop--look" }]);
    expect(view.all<HTMLInputElement>("input:checked").length).toBe(1);
    expect(view.words()).toContain("for you alone");
    expect(view.all("form, [type=submit]")).toEqual([]);
    await view.pick(1, 0);
    expect(view.last()).toMatchObject({ do: "reflect", item: "shop--look", levels: { s1: 2, s2: 0 } });
    expect(view.words()).not.toContain("kept, on your side only");
    await view.reply({ did: "reflected" });
    expect(view.words()).toContain("kept, on your side only");
  });

  it("says calmly that it is not kept yet, and tries again", async () => {
    const view = await opened();
    await view.pick(0, 1);
    await view.reply({ did: "failed", why: text("disk") });
    expect(view.one(".k-calm").textContent).toBe("disk en");
    await view.tap("Try again");
    expect(view.last()).toMatchObject({ do: "reflect", levels: { s1: 1 } });
    await view.reply({ did: "reflected" });
    expect(view.all(".k-calm")).toEqual([]);
  });

  it("where nothing is kept it says so, sends nothing and still draws the picture", async () => {
    const view = await opened(null, false);
    expect(view.words()).toContain("not kept");
    for (const at of [0, 1, 2, 3]) await view.pick(at, at === 1 ? 0 : 2);
    expect(view.model.sent.length).toBe(1);
    expect(view.one("svg").getAttribute("aria-label")).toBe(
      "A radar plot; further out is more often: A en 2, B en 0, C en 2.",
    );
    expect(view.all("tbody tr").map((row) => row.textContent)).toEqual(["A en1002", "B en0010", "C en2002"]);
    expect(view.all(".k-tips li").map((tip) => tip.textContent)).toEqual(["s2 entip s2 en"]);
  });

  it("is deleted after being asked once more", async () => {
    const view = await opened({ s1: 2 });
    await view.tap("Delete my self-check");
    expect(document.activeElement).toBe(view.button("Keep it"));
    await view.tap("Keep it");
    expect(view.model.sent.length).toBe(1);
    await view.tap("Delete my self-check");
    await view.tap("Delete it");
    expect(view.last()).toMatchObject({ do: "forget", item: "shop--look" });
    expect(view.all("input:checked").length).toBe(1);
    await view.reply({ did: "forgotten" });
    expect(view.all("input:checked")).toEqual([]);
    expect(view.words()).toContain("Deleted; nothing of it is left.");
  });

  it("is not counted among the questions", async () => {
    const other: Card = { ...card, item: "shop--choice", kind: "choice", options: [statement("a1", null)] };
    const view = await show([card, other]);
    stop = view.stop;
    expect(view.one("article").textContent).not.toContain("s1 en"); // opens at what can be answered
    await view.tap("Skip for now");
    await settle();
    expect(view.one(".k-title").textContent).toBe("0 of 1 answered");
  });

  it("sides stand in the order in which they come up, what has none last", () => {
    const list = [statement("s1", null), statement("s2", "B"), statement("s3", "B"), statement("s4", "A")];
    const sides = sidesOf(list, { s1: 0, s2: 2, s3: 1, s4: 2 });
    expect(sides.map((side) => [side.text?.en ?? "", side.mean])).toEqual([["B en", 1.5], ["A en", 2], ["", 0]]);
  });

  it("long names are parted between words, and 汉字 anywhere", () => {
    expect(inLines("Before I promise", 14)).toEqual(["Before I", "promise"]);
    expect(inLines("许诺之前要想清楚", 14)).toEqual(["许诺之前要想清", "楚"]);
    expect(inLines("CSAT 满意", 14)).toEqual(["CSAT 满意"]);
  });
});
