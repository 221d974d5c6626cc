// The explorers' own words, beside the player's.
import type { Text } from "../words";
import { speaker } from "../words";

export const words = {
  settings: { zh: "可以调的", en: "What you can change" },
  restart: { zh: "回到开头", en: "Back to the start" },
  says: { zh: "现在看到的", en: "What it says now" },
  drawing: { zh: "正在画…", en: "Drawing…" },
  bare: { zh: "这样设，没有图可画。", en: "With these settings there is nothing to draw." },
  late: {
    zh: "还没有回音，图和数字还是之前的。您的设置留着，可以再试一次；总是不行，就把这一页重新打开。",
    en: "No reply yet; the picture and the numbers are the earlier ones. Your settings are kept; you can try again. If it never gets through, open this page anew.",
  },
  again: { zh: "再试一次", en: "Try again" },
  think: { zh: "想一想", en: "Think it over" },
  answer: { zh: "想好了，看看一种回答", en: "I have thought; show one answer" },
  print: { zh: "打印", en: "Print" },
  exact: { zh: "“{s}”的数值", en: "{s}, as a number" },
  nothing: { zh: "这里还没有可以试的。", en: "There is nothing to try out here yet." },
} satisfies Record<string, Text>;

export const say = speaker(words);
