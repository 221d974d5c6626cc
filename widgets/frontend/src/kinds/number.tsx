// number: a number as typed, its unit beside it.
import { isObject } from "../contract";
import { T, Why, enterSends } from "../parts";
import type { Text } from "../words";
import { sayer } from "../words";
import type { Kind, ViewProps } from "./kind";

const fold = (typed: string) => typed.normalize("NFKC").trim();

/**
 * Whether it reads as a number, by the kernel's own rule: full-width digits, thousands commas
 * and the unit itself are fine.
 */
export function isNumber(typed: string, unit?: Text | null): boolean {
  let plain = fold(typed).replace("−", "-");
  for (const word of unit ? [fold(unit.zh), fold(unit.en)] : [])
    if (word && plain.endsWith(word)) plain = plain.slice(0, -word.length).trim();
  return /^[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,10})?$/.test(plain);
}

function View({ card, lang, value, locked, verdict, uid, change }: ViewProps) {
  const t = sayer(lang);
  const unit = card.unit?.[lang] ?? "";
  const gap = /^[%°]/.test(unit) ? "" : " ";
  const expected = verdict && number.read(card, verdict.expert)?.number;
  return (
    <div class="k-number">
      <label for={uid}>{t("yourNumber")}</label>
      <div class="k-field">
        <input
          id={uid}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          maxLength={40}
          value={value.number ?? ""}
          readOnly={locked}
          aria-describedby={card.unit ? `${uid}-unit` : undefined}
          onKeyDown={enterSends}
          onInput={(event) => change({ number: event.currentTarget.value })}
        />
        {card.unit && (
          <span id={`${uid}-unit`}>
            <T text={card.unit} lang={lang} />
          </span>
        )}
      </div>
      {verdict && (
        <Why tone="plain" word={expected ? t("expected", { s: expected + gap + unit }) : undefined}>
          {verdict.why && <T text={verdict.why} lang={lang} />}
        </Why>
      )}
    </div>
  );
}

export const number: Kind = {
  start: () => ({ number: "" }),
  read: (_, raw) => {
    // A key's own number may come as a number.
    const typed = isObject(raw) ? raw.number : undefined;
    return typeof typed === "string" || typeof typed === "number" ? { number: String(typed) } : null;
  },
  isComplete: (card, value) => isNumber(value.number ?? "", card.unit),
  hint: "typeNumber",
  describe: (card, value, lang) => `${value.number ?? ""} ${card.unit?.[lang] ?? ""}`.trim(),
  View,
};
