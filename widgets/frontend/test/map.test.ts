import { afterEach, describe, expect, it, vi } from "vitest";
import { onward, readCount, said } from "../src/map";
import { print } from "../src/print";
import { onSight } from "../src/sight";
import { cards, settle, show, text } from "./setup";

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

const place = (id: string, of: number, done = 0, again = 0, file: string | null = `${id}.ipynb`) => ({
  id,
  title: text(`title ${id}`),
  minutes: 30,
  file,
  of,
  done,
  again,
});

const course = {
  title: text("course"),
  chapters: [
    { number: 0, title: text("zero"), lessons: [place("0.1", 2, 2)] },
    {
      number: 1,
      title: text("one"),
      lessons: [place("1.1", 5, 5, 2), place("1.2", 4, 1), place("1.3", 0, 0, 0, null)],
    },
    { number: 2, title: text("two"), lessons: [place("2.1", 0, 0, 0, null)] },
  ],
};

const lesson = {
  lesson: { id: "5.2", title: text("owning") },
  of: 3,
  done: 2,
  again: 1,
  items: [
    { item: "a--1", title: text("story"), prompt: text("ask 1"), credit: 1, first: 0.5, tries: 3 },
    { item: "a--2", title: text("story"), prompt: text("ask 2"), credit: 0.4, first: 0.4, tries: 1 },
    { item: "a--3", title: text("story"), prompt: text("ask 3"), credit: null, first: null, tries: 0 },
  ],
  next: place("5.3", 0),
};

describe("where to go on", () => {
  const places = (...list: ReturnType<typeof place>[]) => onward(list)?.id;

  it("is the first lesson that is not finished", () => {
    expect(places(place("1", 2, 2), place("2", 3, 1), place("3", 3, 0))).toBe("2");
  });

  it("is never one that is not written, nor one with nothing to answer", () => {
    expect(places(place("1", 2, 0, 0, null), place("2", 0), place("3", 3))).toBe("3");
  });

  it("is what one may look at again when all is answered, and nothing in the end", () => {
    expect(places(place("1", 2, 2), place("2", 3, 3, 1))).toBe("2");
    expect(places(place("1", 2, 2))).toBe(undefined);
    expect(places()).toBe(undefined);
  });
});

describe("the course map", () => {
  it("says how far one has come, and leads on", async () => {
    const view = await show([], { map: course });
    expect(view.words()).toContain("8 of 11 answered, 2 to look at again");
    const on = view.one<HTMLAnchorElement>("a.k-onward");
    expect(on.textContent).toContain("Go on with");
    expect(on.textContent).toContain("1.2 title 1.2 en");
    expect(on.dataset.kefuNotebook).toBe("../en/1.2.ipynb");
    expect(on.getAttribute("href")).toBe("../en/1.2.ipynb");
  });

  it("opens the chapter one is in, and no other", async () => {
    const view = await show([], { map: course });
    expect(view.all<HTMLDetailsElement>("details").map((one) => one.open)).toEqual([
      false,
      true,
      false,
    ]);
    expect(view.all("summary").map((one) => one.querySelector("small")!.textContent)).toEqual([
      "1 of 1 done",
      "1 of 2 done",
      "not written yet",
    ]);
  });

  it("a fold that the learner opened stays open when something is counted", async () => {
    const view = await show([], { map: course });
    view.all<HTMLDetailsElement>("details")[2]!.open = true;
    await view.model.put("map", { ...course });
    expect(view.all<HTMLDetailsElement>("details")[2]!.open).toBe(true);
  });

  it("says of each lesson what is done; one that is not written leads nowhere", async () => {
    const view = await show([], { map: course });
    const rows = view.all(".k-place");
    expect(rows.map((row) => row.tagName)).toEqual(["A", "A", "A", "DIV", "DIV"]);
    expect(rows[1]!.textContent).toBe(
      "◐1.1 title 1.1 en5 of 5 answered, 2 to look at again · about 30 min",
    );
    expect(rows[3]!.textContent).toBe("1.3 title 1.3 ennot written yet");
  });

  it("leads to the lessons of the language it is read in", async () => {
    const view = await show([], { map: course });
    await view.tap(view.one(".k-lang"));
    expect(view.one(".k-onward").dataset.kefuNotebook).toBe("../zh/1.2.ipynb");
    expect(view.words()).toContain("接着学");
  });

  it("begins at the beginning", async () => {
    const fresh = { ...course, chapters: [{ ...course.chapters[0]!, lessons: [place("0.1", 2)] }] };
    const view = await show([], { map: fresh });
    expect(view.one(".k-onward").textContent).toContain("Start here");
  });

  it("shows what is counted later", async () => {
    const view = await show([], { map: course });
    await view.model.put("map", {
      ...course,
      chapters: [{ number: 1, title: text("one"), lessons: [place("1.2", 4, 4)] }],
    });
    expect(view.words()).toContain("4 of 4 answered");
    expect(view.one(".k-onward")).toBe(null);
  });

  it.each([7, "map", {}, { items: 7 }, { chapters: "x" }])(
    "what is no map draws nothing: %j",
    async (map) => {
      const view = await show([], { map });
      expect(view.one(".k-map")).toBe(null);
    },
  );
});

describe("the results of a lesson", () => {
  it("say of each item what it earned, what the first try did, and what is left", async () => {
    const view = await show([], { map: lesson });
    expect(view.words()).toContain("2 of 3 answered, 1 to look at again");
    expect(view.all(".k-result").map((row) => row.textContent)).toEqual([
      "✓full creditask 1 enstory en · Try 3; the first one: 50% credit",
      "◐40% creditask 2 enstory en",
      "○not answered yetask 3 enstory en",
    ]);
    expect(view.one(".k-onward").textContent).toContain("5.3 title 5.3 en");
  });

  it("the last lesson leads nowhere", async () => {
    const view = await show([], { map: { ...lesson, next: null } });
    expect(view.one(".k-onward")).toBe(null);
  });
});

describe("how far one is, below the questions", () => {
  it("is said in words, and counts along", async () => {
    const view = await show([cards.choice], { progress: { of: 12, done: 7, again: 2 } });
    expect(view.one(".k-count").textContent).toBe(
      "This lesson: 7 of 12 answered, 2 to look at again",
    );
    await view.model.put("progress", { of: 12, done: 8, again: 0 });
    expect(view.one(".k-count").textContent).toBe("This lesson: 8 of 12 answered");
    await view.tap(view.one(".k-lang"));
    expect(view.one(".k-count").textContent).toBe("本课 12 题答了 8 题");
  });

  it.each([null, 7, {}, { of: 1, done: "2", again: 0 }])("is not said of %j", (raw) => {
    expect(readCount(raw)).toBe(null);
  });

  it("is told alike in both languages", () => {
    expect(said({ of: 12, done: 7, again: 2 }, "zh")).toBe("12 题答了 7 题，2 题可以再看看");
  });
});

describe("printing", () => {
  it("puts a copy alone on the page, unfolded, and takes it away afterwards", async () => {
    const view = await show([], { map: course });
    const before = document.body.innerHTML;
    let during = "";
    vi.stubGlobal("print", () => {
      during = document.querySelector(".k-sheet")!.outerHTML;
      expect(document.documentElement.classList.contains("k-printing")).toBe(true);
    });
    await view.tap("Print");
    expect(during.match(/<details[^>]* open/g)).toHaveLength(3);
    expect(during).toContain('lang="en"');
    window.dispatchEvent(new Event("afterprint"));
    expect(document.body.innerHTML).toBe(before);
    expect(document.documentElement.classList.contains("k-printing")).toBe(false);
  });

  it("twice is still one copy at a time", () => {
    vi.stubGlobal("print", () => {});
    const what = document.body.appendChild(document.createElement("section"));
    print(what);
    print(what);
    expect(document.querySelectorAll(".k-sheet")).toHaveLength(1);
    window.dispatchEvent(new Event("afterprint"));
    expect(document.querySelectorAll(".k-sheet")).toHaveLength(0);
  });
});

describe("coming back to a map", () => {
  const eyes: ((seen: boolean) => void)[] = [];
  class Eye {
    constructor(back: (entries: { isIntersecting: boolean }[]) => void) {
      eyes.push((seen) => back([{ isIntersecting: seen }]));
    }
    observe() {}
    disconnect() {
      eyes.length = 0;
    }
  }

  it("asks what was answered elsewhere, once it was out of sight", async () => {
    vi.stubGlobal("IntersectionObserver", Eye);
    const view = await show([], { map: course });
    eyes[0]!(true);
    expect(view.model.sent).toEqual([]);
    eyes[0]!(false);
    expect(view.model.sent).toEqual([]);
    eyes[0]!(true);
    expect(view.model.sent).toHaveLength(1);
    expect(view.model.sent[0]).toMatchObject({ do: "count" });
    await view.model.say({ did: "failed", id: view.model.sent[0]!.id, why: text("no") });
    expect(view.words()).toContain("8 of 11 answered");
    view.stop();
    expect(eyes).toEqual([]);
  });

  it("a player of questions asks nothing", async () => {
    vi.stubGlobal("IntersectionObserver", Eye);
    const view = await show([cards.choice]);
    eyes[0]!(false);
    eyes[0]!(true);
    expect(view.model.sent).toEqual([]);
    view.stop();
  });

  it("is done without where the browser cannot tell", async () => {
    vi.stubGlobal("IntersectionObserver", undefined);
    onSight(document.body, () => expect.unreachable())();
    await settle();
  });
});
