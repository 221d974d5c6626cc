import { describe, expect, it, vi } from "vitest";
import { placeOf } from "../src/host/kernel";
import { Model } from "../src/host/model";
import { restore } from "../src/host/socket";

describe("the host's model", () => {
  it("tells the kernel only what was set, and only once", () => {
    const out = vi.fn();
    const model = new Model({ a: 1, b: 2 }, out);
    model.set("a", 3);
    model.save_changes();
    model.save_changes();
    expect(out.mock.calls).toEqual([[{ method: "update", state: { a: 3 }, buffer_paths: [] }]]);
  });

  it("tells a view what the kernel changed, and nothing else", () => {
    const model = new Model({ a: 1, b: [2] }, vi.fn());
    const [a, b, any] = [vi.fn(), vi.fn(), vi.fn()];
    model.on("change:a", a);
    model.on("change:b", b);
    model.on("change", any);
    model.update({ a: 5, b: [2] });
    expect(model.get("a")).toBe(5);
    expect([a, b, any].map((heard) => heard.mock.calls.length)).toEqual([1, 0, 1]);
  });

  it("hands on custom messages until the view takes its ear away", () => {
    const out = vi.fn();
    const model = new Model({}, out);
    const heard = vi.fn();
    model.on("msg:custom", heard);
    model.hear({ did: "saved" }, []);
    model.off("msg:custom", heard);
    model.hear({ did: "saved" }, []);
    expect(heard.mock.calls).toEqual([[{ did: "saved" }, []]]);
    model.send({ do: "answer" });
    expect(out).toHaveBeenCalledWith({ method: "custom", content: { do: "answer" } });
  });
});

describe("where a page stands", () => {
  const read = (html: string) => placeOf(new DOMParser().parseFromString(html, "text/html"), "/");

  it("is its kernel, its views and its visit", () => {
    const html =
      '<body data-visit="v"><main id="app" data-kernel="k"><div data-view="w"></div></main></body>';
    expect(read(html)).toEqual({ base: "/", kernel: "k", views: ["w"], visit: "v" });
  });

  it("is nowhere when the kernel brought no widget", () => {
    expect(read('<body><main id="app" data-kernel="k"></main></body>')).toBeNull();
    expect(read("<body></body>")).toBeNull();
  });
});

it("puts buffers back where they were taken out", () => {
  const tree = { w: { state: {} as Record<string, unknown> } };
  const buffer = new DataView(new ArrayBuffer(2));
  restore(tree, [["w", "state", "image"]], [buffer]);
  expect(tree.w.state.image).toBe(buffer);
});
