// number: a number as typed, its unit beside it, the data it is worked out from above it.
import type { Card, Verdict } from "../contract";
import { isObject } from "../contract";
import { T, Why, enterSends } from "../parts";
import type { Lang, Text } from "../words";
import { sayer, speaker, words } from "../words";
import type { Kind, ViewProps } from "./kind";

const own = speaker({
  data: { zh: "数据", en: "The data" },
  also: { zh: "也可以用{s}作单位，写在数的后面。", en: "You may also answer in {s}; type the unit after the number." },
  or: { zh: "或", en: " or " },
  span: { zh: "{a}–{b}", en: "{a}–{b}" },
  from: { zh: "{a} 到 {b}", en: "{a} to {b}" },
  least: { zh: "不少于 {a}", en: "at least {a}" },
  most: { zh: "不超过 {b}", en: "at most {b}" },
});

const fold = (typed: string) => typed.normalize("NFKC").trim().toLowerCase();

/**
 * Whether it reads as a number, by the kernel's own rule: full-width digits, thousands commas
 * and the unit itself are fine.
 */
export function isNumber(typed: string, ...units: (Text | null | undefined)[]): boolean {
  let plain = fold(typed).replace("−", "-");
  const known = units.flatMap((unit) => (unit ? [fold(unit.zh), fold(unit.en)] : []));
  const unit = known.sort((a, b) => b.length - a.length).find((word) => word && plain.endsWith(word));
  if (unit) plain = plain.slice(0, -unit.length).trim();
  return /^[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4}|(?=\.))(\.\d{1,10})?$/.test(plain);
}

const units = (card: Card) => [card.unit, ...(card.also ?? []).map((one) => one.text)];

/** The expected number or range with its unit. */
function expected(card: Card, verdict: Verdict, lang: Lang): string {
  const t = own(lang);
  const unit = card.unit?.[lang] ?? "";
  const [a, b] = verdict.range ?? [];
  const word = a && b ? (`${a}${b}`.includes("-") ? "from" : "span") : a ? "least" : "most";
  const said = verdict.range
    ? t(word, { a: a ?? "", b: b ?? "" })
    : (number.read(card, verdict.expert)?.number ?? "");
  return said && `${said}${/^[%°]/.test(unit) ? "" : " "}${unit}`.trim();
}

/** Thousands are parted from five digits on: a year stays a year. */
const figure = (value: number) =>
  value.toLocaleString("en", { maximumFractionDigits: 10, useGrouping: Math.abs(value) >= 1e4 });

/** The data shown, one column each; wide ones scroll inside themselves. */
const Data = ({ card, lang, uid }: { card: Card; lang: Lang; uid: string }) => (
  <div class="k-data" role="region" aria-labelledby={`${uid}-data`} tabIndex={0}>
    <table>
      <caption id={`${uid}-data`}>{own(lang)("data")}</caption>
      <thead>
        <tr>
          {card.data!.map(({ text }, at) => (
            <th scope="col" key={at}>
              <T text={text} lang={lang} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {card.data![0]!.values.map((_, row) => (
          <tr key={row}>
            {card.data!.map(({ values }, at) => (
              <td key={at}>{figure(values[row]!)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

function View({ card, lang, value, locked, verdict, uid, change }: ViewProps) {
  const t = sayer(lang);
  const said = verdict && expected(card, verdict, lang);
  const also = (card.also ?? []).map((one) => one.text[lang]).join(own(lang)("or"));
  const notes = [card.unit && `${uid}-unit`, also && `${uid}-also`].filter(Boolean).join(" ");
  return (
    <div class="k-number">
      {!!card.data?.length && <Data card={card} lang={lang} uid={uid} />}
      <label for={uid}>{t("yourNumber")}</label>
      <div class="k-field">
        <input
          id={uid}
          type="text"
          inputMode={also ? "text" : "decimal"}
          autocomplete="off"
          spellcheck={false}
          maxLength={40}
          value={value.number ?? ""}
          readOnly={locked}
          aria-describedby={notes || undefined}
          onKeyDown={enterSends}
          onInput={(event) => change({ ...value, number: event.currentTarget.value })}
        />
        {card.unit && (
          <span id={`${uid}-unit`}>
            <T text={card.unit} lang={lang} />
          </span>
        )}
      </div>
      {also && (
        <p class="k-hint k-also" id={`${uid}-also`}>
          {own(lang)("also", { s: also })}
        </p>
      )}
      {verdict && (
        <Why tone="plain" word={said ? t("expected", { s: said }) : undefined}>
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
  isComplete: (card, value) => isNumber(value.number ?? "", ...units(card)),
  hint: words.typeNumber,
  describe: (card, value, lang) => {
    const typed = value.number ?? "";
    return isNumber(typed) ? `${typed} ${card.unit?.[lang] ?? ""}`.trim() : typed;
  },
  View,
};
