// Every word of the player's own, both languages side by side. `{n}` marks a blank.
// Plain and short, as a good colleague speaks; nothing here blames.

export type Lang = "zh" | "en";

export interface Text {
  zh: string;
  en: string;
}

export const words = {
  switchLanguage: { zh: "EN", en: "中文" }, // named in the other language, for whoever reads that
  progress: { zh: "第 {n} 题，共 {m} 题，已答 {k} 题", en: "Question {n} of {m}, {k} answered" },
  question: { zh: "第 {n} 题", en: "Question {n}" },

  scene: { zh: "场景", en: "Scene" },
  customer: { zh: "客户", en: "Customer" },
  agent: { zh: "客服", en: "Agent" },
  colleague: { zh: "同事", en: "Colleague" },
  supervisor: { zh: "主管", en: "Supervisor" },

  check: { zh: "看看如何", en: "Check" },
  save: { zh: "保存答案", en: "Save answer" },
  sending: { zh: "正在保存…", en: "Saving…" },
  saved: { zh: "已保存", en: "saved" },
  changed: { zh: "改动还没保存", en: "This change is not saved yet" },
  late: {
    zh: "还没保存上。你的答案留在这里，可以再试一次；总是不行，就把这一页重新打开。",
    en: "Not saved yet. Your answer is kept here; you can send it again. If it never gets through, open this page anew.",
  },
  failed: {
    zh: "没能保存。你的答案留在这里，可以再试一次。",
    en: "It could not be saved. Your answer is kept here; you can send it again.",
  },
  resend: { zh: "再试一次", en: "Send again" },
  again: { zh: "再答一次", en: "Try again" },
  next: { zh: "下一题", en: "Next" },
  back: { zh: "上一题", en: "Back" },
  skip: { zh: "先跳过", en: "Skip for now" },
  toSummary: { zh: "看小结", en: "See summary" },

  pickOne: { zh: "先选一项。", en: "Pick one first." },
  pickSome: { zh: "先选至少一项。", en: "Pick at least one first." },
  typeNumber: { zh: "请填一个数字，例如 15。", en: "Please enter a number, such as 15." },
  chooseHint: { zh: "可以选不止一项。", en: "You may pick more than one." },

  hint: { zh: "看一条提示", en: "Show a hint" },
  hintMore: { zh: "再看一条提示", en: "Show another hint" },
  hintCost: { zh: "（少得 {p}% 的分）", en: " ({p}% less credit)" },
  hintOf: { zh: "提示 {n}", en: "Hint {n}" },
  howSure: { zh: "你有把握吗？", en: "How sure are you?" },
  sure: { zh: "有把握", en: "Sure" },
  unsure: { zh: "没把握", en: "Not sure" },
  sureFirst: { zh: "再选一下有没有把握。", en: "Say how sure you are as well." },
  sureMissed: {
    zh: "你答的时候有把握，所以这一题值得多看一眼。",
    en: "You felt sure here, so this one deserves a second look.",
  },
  tries: { zh: "第 {n} 次作答；第一次：{s}", en: "Try {n}; the first one: {s}" },

  full: { zh: "满分", en: "full credit" },
  none: { zh: "不得分", en: "no credit" },
  tenths: { zh: "得{n}成", en: "{p}% credit" },
  percent: { zh: "得 {p}% 的分", en: "{p}% credit" },
  unread: {
    zh: "这次的答案没能读懂，再答一次就好。",
    en: "This answer could not be read; please try again.",
  },
  yours: { zh: "你的选择", en: "your choice" },
  pick: { zh: "应选", en: "should be picked" },
  leave: { zh: "不选", en: "leave out" },
  didPick: { zh: "你选了", en: "you picked it" },
  didLeave: { zh: "你没选", en: "you left it out" },
  takeaway: { zh: "记住一句", en: "To remember" },

  orderHint: {
    zh: "拖动左侧的把手，或用 ↑ ↓ 按钮。",
    en: "Drag by the handle on the left, or use the ↑ ↓ buttons.",
  },
  keysHint: {
    zh: "用键盘时，焦点在哪一行，上下方向键就移动哪一行。",
    en: "By keyboard, the up and down arrow keys move the row that has the focus.",
  },
  samePlace: { zh: "位置相同", en: "same place" },
  expertPlace: { zh: "参考第 {n} 位", en: "expert: {n}" },
  handle: { zh: "移动“{s}”，现在第 {n} 位，共 {m} 位", en: "Move “{s}”, now {n} of {m}" },
  up: { zh: "上移“{s}”", en: "Move up “{s}”" },
  down: { zh: "下移“{s}”", en: "Move down “{s}”" },
  moved: { zh: "“{s}” 现在第 {n} 位，共 {m} 位", en: "“{s}” is now {n} of {m}" },
  ownOrder: { zh: "你的顺序", en: "Your order" },
  expertOrder: { zh: "参考顺序", en: "Expert’s order" },

  yourNumber: { zh: "你的答案", en: "Your answer" },
  expected: { zh: "参考答案：{s}", en: "Expected: {s}" },

  summary: { zh: "共 {m} 题，答了 {n} 题", en: "{n} of {m} answered" },
  summarySaved: { zh: "共 {m} 题，已存 {n} 题", en: "{n} of {m} saved" },
  lookAgain: { zh: "可以再看看", en: "Worth another look" },
  others: { zh: "已经答好", en: "Answered in full" },
  unanswered: { zh: "还没答", en: "not answered yet" },
  unsaved: { zh: "还没保存", en: "not saved yet" },
  unsavedOnes: { zh: "还没保存的", en: "Not saved yet" },
  savedOnes: { zh: "已保存的", en: "Saved" },
  toFirst: { zh: "回到第一题", en: "Back to question 1" },

  doneOf: { zh: "{m} 题答了 {n} 题", en: "{n} of {m} answered" },
  toSeeAgain: { zh: "{n} 题可以再看看", en: "{n} to look at again" },
  inLesson: { zh: "本课 {s}", en: "This lesson: {s}" },
  minutes: { zh: "约 {n} 分钟", en: "about {n} min" },
  notYet: { zh: "还没写好", en: "not written yet" },
  nextLesson: { zh: "下一课", en: "Next lesson" },
  begin: { zh: "从这里开始", en: "Start here" },
  goOn: { zh: "接着学", en: "Go on with" },
  lessonsDone: { zh: "做完 {n}/{m} 课", en: "{n} of {m} done" },
  nameAndDay: { zh: "姓名：____________　日期：{d}", en: "Name: ____________  Date: {d}" },
  print: { zh: "打印", en: "Print" },

  handIn: { zh: "交卷", en: "Hand in" },
  savedOf: { zh: "{m} 题已存 {n} 题", en: "{n} of {m} saved" },
  missing: {
    zh: "还有 {n} 题没存。可以先回去补上，也可以就这样交。",
    en: "Not saved yet: {n}. You can go back and finish, or hand in as it is.",
  },
  student: { zh: "学号", en: "Learner’s number" },
  studentHint: {
    zh: "用字母、数字、“-”或“_”，最多 32 个。",
    en: "Letters, digits, “-” or “_”, at most 32.",
  },
  makeFile: { zh: "做交卷文件", en: "Make the hand-in file" },
  making: { zh: "正在做文件…", en: "Making the file…" },
  made: { zh: "文件做好了：", en: "The file is ready:" },
  madeHint: { zh: "把这个文件交给老师就行。", en: "This is the file to give to your instructor." },
  madeBefore: {
    zh: "有 {n} 题改过还没保存，文件里是上次保存的答案。要交新的，先回去点“保存答案”，再做一次文件。",
    en: "Changed but not saved: {n}. The file holds the answers saved before. To hand in the new ones, go back, press “Save answer”, and make the file again.",
  },
  makeLate: {
    zh: "还没有回音，文件可能还没做好。可以再试一次。",
    en: "No reply yet; the file may not be ready. You can try again.",
  },
  unknownKind: {
    zh: "这一页还不会显示“{s}”类的题。",
    en: "This page cannot show questions of kind “{s}” yet.",
  },
  nothing: { zh: "这里还没有题。", en: "There are no questions here yet." },
} satisfies Record<string, Text>;

export type Word = keyof typeof words;

/** The word in one language, its blanks filled. */
export function say(lang: Lang, word: Word, blanks: Record<string, string | number> = {}): string {
  return fill(words[word][lang], blanks);
}

const fill = (text: string, blanks: Record<string, string | number>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ""));

/** Like `say`, with the words of one kind of question, which stand in its own file. */
export const speaker =
  <Own extends Record<string, Text>>(own: Own) =>
  (lang: Lang) =>
  (word: keyof Own, blanks: Record<string, string | number> = {}): string =>
    fill(own[word]![lang], blanks);

export type Say = (word: Word, blanks?: Record<string, string | number>) => string;

/** `say` in one language. */
export const sayer =
  (lang: Lang): Say =>
  (word, blanks) =>
    say(lang, word, blanks);

const tenths = ["", "一", "两", "三", "四", "五", "六", "七", "八", "九"];

/** What a credit between 0 and 1 is called: a sign, a word, and the colour's class. */
export function credit(lang: Lang, value: number): { sign: string; word: string; tone: Tone } {
  if (value >= 1) return { sign: "✓", word: say(lang, "full"), tone: "good" };
  if (value <= 0) return { sign: "✗", word: say(lang, "none"), tone: "bad" };
  // Never rounded up to full or down to none.
  const p = Math.min(99, Math.max(1, Math.round(value * 100)));
  const n = p % 10 === 0 ? tenths[p / 10] : "";
  return { sign: "◐", word: say(lang, n ? "tenths" : "percent", { n: n ?? "", p }), tone: "part" };
}

export type Tone = "good" | "part" | "bad";
