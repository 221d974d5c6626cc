import { describe, expect, it, vi } from "vitest";
import { Model } from "../src/host/model";
import { Outbox } from "../src/host/outbox";
import { pack, read, restore } from "../src/host/socket";

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

describe("the outbox", () => {
  const answer = (id: string) => ({ view: 0, content: { do: "answer", id } });

  it("is found again by the same round, without what was acknowledged", () => {
    const box = new Outbox("v 1");
    for (const id of ["a", "b"]) box.put(id, answer(id));
    box.put("c", { view: 0, content: { do: "count", id: "c" } });
    box.done("a");
    expect(new Outbox("v 1").all()).toEqual([answer("b")]);
  });

  it("shows the next round nothing, and keeps nothing of the last", () => {
    new Outbox("v 1").put("a", answer("a"));
    expect(new Outbox("w 1").all()).toEqual([]);
    expect(new Outbox("v 1").all()).toEqual([]);
  });

  it("works where the browser keeps nothing", () => {
    const shut = () => {
      throw new DOMException("no");
    };
    const box = new Outbox("v 1", { getItem: shut, setItem: shut, removeItem: shut });
    box.put("a", answer("a"));
    expect(box.all()).toEqual([answer("a")]);
  });
});

describe("a frame", () => {
  const header = { msg_type: "comm_msg", 名: "字" };

  it("is read as it was packed", () => {
    const frame = pack("shell", header, { msg_id: "1" }, {}, { data: "答" });
    expect(read(frame.buffer)).toEqual({
      header,
      parent_header: { msg_id: "1" },
      content: { data: "答" },
      buffers: [],
    });
  });

  it("has its buffers behind its parts", () => {
    const frame = read(pack("iopub", header, {}, {}, {}, [1, 2], [3]).buffer);
    expect(frame?.buffers.map((one) => one.byteLength)).toEqual([5, 3]);
  });

  it("is passed over if it is nothing of ours", () => {
    for (const other of ["{}", new ArrayBuffer(3), new Uint8Array(64).fill(255).buffer])
      expect(read(other)).toBeNull();
  });
});

it("puts buffers back where they were taken out", () => {
  const tree = { w: { state: {} as Record<string, unknown> } };
  const buffer = new DataView(new ArrayBuffer(2));
  restore(tree, [["w", "state", "image"]], [buffer]);
  expect(tree.w.state.image).toBe(buffer);
});
