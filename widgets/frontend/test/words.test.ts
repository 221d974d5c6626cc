import { describe, expect, it } from "vitest";
import { credit, say, words } from "../src/words";

describe("words", () => {
  it.each(Object.entries(words))("%s is said in both languages, with the same blanks", (_, word) => {
    expect(word.zh.trim()).not.toBe("");
    expect(word.en.trim()).not.toBe("");
  });
  it("nothing on the screen shouts", () => {
    for (const word of Object.values(words)) expect(word.zh + word.en).not.toMatch(/[!！]/);
  });
  it("Chinese words carry no ASCII punctuation between Chinese characters", () => {
    const text = Object.values(words).map((word) => word.zh);
    for (const line of text) expect(line).not.toMatch(/[\u4e00-\u9fff][,:;?][\u4e00-\u9fff]/);
  });
  it("blanks are filled, and each is the same in both languages", () => {
    expect(say("en", "progress", { n: 2, m: 5, k: 1 })).toBe("Question 2 of 5, 1 answered");
    expect(say("zh", "savedOf", { n: 5, m: 6 })).toBe("6 题已存 5 题");
    const blanks = (line: string) => (line.match(/\{\w+\}/g) ?? []).sort().join();
    for (const [name, word] of Object.entries(words))
      if (name !== "tenths") expect([name, blanks(word.zh)]).toEqual([name, blanks(word.en)]);
  });
  it("a credit has a sign and a word", () => {
    expect(credit("zh", 1)).toMatchObject({ sign: "✓", word: "满分" });
    expect(credit("zh", 0.7)).toMatchObject({ sign: "◐", word: "得七成" });
    expect(credit("en", 0.7)).toMatchObject({ sign: "◐", word: "70% credit" });
    expect(credit("zh", 0.2).word).toBe("得两成");
    expect(credit("zh", 0.75).word).toBe("得 75% 的分");
    expect(credit("en", 0)).toMatchObject({ sign: "✗", word: "no credit" });
  });
  it("almost full is not called full, nor almost nothing none", () => {
    expect(credit("en", 0.999).word).toBe("99% credit");
    expect(credit("en", 0.001).word).toBe("1% credit");
  });
});
