// choices: some of the options; each one should be picked or left out.
import { isObject } from "../contract";
import { Options } from "../options";
import { say, words } from "../words";
import type { Kind, ViewProps } from "./kind";

function View(props: ViewProps) {
  const { card, lang, value, change } = props;
  const picked = value.options ?? [];
  return (
    <Options
      {...props}
      type="checkbox"
      picked={picked}
      pick={(id, on) => {
        // Kept in the card's order, so that the same picks are the same answer.
        const ids = (card.options ?? []).map((option) => option.id);
        change({ options: ids.filter((one) => (one === id ? on : picked.includes(one))) });
      }}
      judged={(part, mine) => {
        const right = part.credit > 0;
        const word = [say(lang, right ? "pick" : "leave"), say(lang, mine ? "didPick" : "didLeave")];
        return {
          sign: right === mine ? "✓" : "✗",
          tone: right === mine ? "good" : "bad",
          word: word.join(lang === "zh" ? "，" : ", "),
        };
      }}
    />
  );
}

export const choices: Kind = {
  start: () => ({ options: [] }),
  read: (card, raw) => {
    const ids = isObject(raw) && Array.isArray(raw.options) ? (raw.options as unknown[]) : null;
    const known = (card.options ?? []).map((option) => option.id);
    if (!ids || !ids.every((id) => known.includes(id as string))) return null;
    return { options: known.filter((id) => ids.includes(id)) };
  },
  mixed: (card, mix) => ({ ...card, options: mix(card.options ?? []) }),
  isComplete: (_, value) => !!value.options?.length,
  hint: words.pickSome,
  describe: (card, value, lang) =>
    (card.options ?? [])
      .filter((option) => value.options?.includes(option.id))
      .map((option) => option.text[lang])
      .join(lang === "zh" ? "；" : "; "),
  View,
};
