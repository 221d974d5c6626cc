// choice: one of the options; each has a credit and a reason.
import { isObject } from "../contract";
import { Options } from "../options";
import { credit, words } from "../words";
import type { Kind, ViewProps } from "./kind";

const View = (props: ViewProps) => (
  <Options
    {...props}
    type="radio"
    picked={[props.value.option ?? ""]}
    pick={(option) => props.change({ option })}
    judged={(part) => credit(props.lang, part.credit)}
  />
);

export const choice: Kind = {
  start: () => ({ option: "" }),
  read: (card, raw) => {
    const found = isObject(raw) && card.options?.find((option) => option.id === raw.option);
    return found ? { option: found.id } : null;
  },
  mixed: (card, mix) => ({ ...card, options: mix(card.options ?? []) }),
  isComplete: (_, value) => !!value.option,
  hint: words.pickOne,
  describe: (card, value, lang) =>
    card.options?.find((option) => option.id === value.option)?.text[lang] ?? "",
  View,
};
