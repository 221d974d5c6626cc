import { describe, expect, it } from "vitest";
import own from "../../kefu/share/jupyter/kernels/kefu/kernel.json";
import { fetchedHere } from "../src/lab/exchange";
import { setOf } from "../src/lab/handin";
import type { Cell } from "../src/lab/jupyterlab";
import { isLine, isOwn, widgetsOf } from "../src/lab/lines";
import { beside } from "../src/lab/links";

const cell = (source: string, type = "code", outputs: object[] = []) =>
  ({
    model: {
      type,
      sharedModel: { getSource: () => source },
      outputs: { length: outputs.length, get: (at: number) => ({ toJSON: () => outputs[at] }) },
    },
  }) as unknown as Cell;

describe("a line that may run by itself", () => {
  it.each([
    'import kefu; kefu.play("parcel")',
    'import kefu; kefu.explore("p-chart")',
    'import kefu; kefu.map("5-2")',
    `import kefu; kefu.play("${"a".repeat(64)}")`,
  ])("is kefu's own and nothing more: %s", (source) => {
    expect(isLine(cell(source))).toBe(true);
  });

  it.each([
    ' import kefu; kefu.play("parcel")',
    'import kefu; kefu.play("parcel") ',
    'import kefu; kefu.play("parcel")\n',
    'import kefu; kefu.play("parcel")\nimport os',
    'import os\nimport kefu; kefu.play("parcel")',
    'import kefu; kefu.play("parcel");x=1',
    "import kefu; kefu.play('parcel')",
    'import kefu; kefu.play("Parcel")',
    'import kefu; kefu.play("a_b")',
    'import kefu; kefu.play("")',
    `import kefu; kefu.play("${"a".repeat(65)}")`,
    'import kefu;  kefu.play("parcel")',
    'import kefu; kefu.run("parcel")',
    'import kefu; kefu.play("ｐ")',
    '%%bash\nimport kefu; kefu.play("parcel")',
    "",
  ])("is never another: %j", (source) => {
    expect(isLine(cell(source))).toBe(false);
  });

  it("stands in a cell of code", () => {
    expect(isLine(cell('import kefu; kefu.play("parcel")', "markdown"))).toBe(false);
    expect(isLine(cell('import kefu; kefu.play("parcel")', "raw"))).toBe(false);
  });
});

describe("kefu's own kernelspec", () => {
  it("is the one that is shipped, whatever Python it starts", () => {
    expect(isOwn(own)).toBe(true);
    expect(isOwn({ ...own, argv: ["/opt/python3", ...own.argv.slice(1)], env: {} })).toBe(true);
  });

  it("is no other of the same name", () => {
    expect(isOwn(undefined)).toBe(false);
    expect(isOwn({})).toBe(false);
    expect(isOwn({ ...own, argv: own.argv.filter((word) => word !== "-P") })).toBe(false);
    expect(isOwn({ ...own, argv: [...own.argv, "--more"] })).toBe(false);
    expect(isOwn({ ...own, metadata: {} })).toBe(false);
    expect(isOwn({ ...own, env: { PYTHONPATH: "." } })).toBe(false);
  });
});

describe("what a cell shows", () => {
  it("are its widgets, by id, and nothing else", () => {
    const view = (id: string) => ({
      data: { "application/vnd.jupyter.widget-view+json": { model_id: id } },
    });
    const outputs = [view("a"), { data: { "text/html": "x" } }, {}, view("b")];
    expect(widgetsOf(cell("", "code", outputs))).toEqual(["a", "b"]);
    expect(widgetsOf(cell("", "code"))).toEqual([]);
  });
});

describe("a link to another lesson", () => {
  it("leads to a notebook of the same folder", () => {
    expect(beside("course/zh/map.ipynb", "5.2-taking-ownership.ipynb")).toBe(
      "course/zh/5.2-taking-ownership.ipynb",
    );
    expect(beside("map.ipynb", "a.ipynb")).toBe("a.ipynb");
    expect(beside("course/zh/map.ipynb", "../en/a.ipynb")).toBe("course/en/a.ipynb");
    expect(beside("zh/map.ipynb", "../zh/a.ipynb")).toBe("zh/a.ipynb");
    expect(beside("elsewhere/map.ipynb", "../zh/a.ipynb")).toBeNull();
  });

  it.each(["", "../a.ipynb", "b/a.ipynb", "b\\a.ipynb", "http:a.ipynb", "a.html", undefined])(
    "leads nowhere else: %s",
    (name) => {
      expect(beside("course/zh/map.ipynb", name)).toBeNull();
    },
  );
});

describe("a set", () => {
  it("is named in the notebook's metadata", () => {
    expect(setOf({ set: "ownership", lang: "zh" })).toBe("ownership");
    for (const other of [null, undefined, {}, { set: 1 }, { set: "A b" }, { set: "" }])
      expect(setOf(other)).toBeNull();
  });

  it("is in the exchange's hands only if it was fetched into this folder", () => {
    const one = { status: "fetched", assignment_id: "first", course_id: "c1", path: "first" };
    expect(fetchedHere([{}, one], "first", "first")).toEqual({ course: "c1", set: "first" });
    for (const other of [{ status: "released" }, { assignment_id: "second" }, { path: "x/first" }])
      expect(fetchedHere([{ ...one, ...other }], "first", "first")).toBeNull();
    expect(fetchedHere("no list", "first", "first")).toBeNull();
  });
});
