// 汉字 that English words quote carry their own language.
import { h, render } from "preact";
import { expect, test } from "vitest";
import { T, marked } from "../src/parts";

const drawn = (node: Parameters<typeof render>[0]) => {
  const box = document.createElement("div");
  render(node, box);
  return box;
};

test("quoted 汉字 are marked, whole phrases at a time", () => {
  const box = drawn(h("p", {}, marked("missing, such as “如果，没到” and “5点”.")));
  expect(box.textContent).toBe("missing, such as “如果，没到” and “5点”.");
  expect([...box.querySelectorAll('[lang="zh-CN"]')].map((one) => one.textContent)).toEqual([
    "如果，没到",
    "点",
  ]);
});

test("words of one language stay as they are", () => {
  for (const words of ["说到了：“17:00”", "there: “at five”", "", "OK"])
    expect(marked(words)).toBe(words);
});

test("a text is marked in the language shown", () => {
  const box = drawn(h(T, { text: { zh: "客服 kefu", en: "In 客服 we listen" }, lang: "en" }));
  expect(box.innerHTML).toBe('<span lang="en">In <span lang="zh-CN">客服</span> we listen</span>');
  const zh = drawn(h(T, { text: { zh: "客服 kefu", en: "" }, lang: "zh" }));
  expect(zh.innerHTML).toBe('<span lang="zh-CN">客服 kefu</span>');
});
