// Small pieces that every kind draws with.
import type { ComponentChildren } from "preact";
import type { Card } from "./contract";
import type { Lang, Text, Tone } from "./words";
import { say } from "./words";

export const tag = (lang: Lang): string => (lang === "zh" ? "zh-CN" : "en");

const han = /(\p{Script=Han}(?:[\p{Script=Han}\p{N}，。、：；？！… ]*[\p{Script=Han}。？！…])?)/u;

/** English words, with the 汉字 that they quote marked as such, so that they are read aloud right. */
export const marked = (words: string, english = /[a-z]{2}/.test(words)): ComponentChildren =>
  english && han.test(words)
    ? words.split(han).map((piece, at) =>
        at % 2 ? (
          <span lang="zh-CN" key={at}>
            {piece}
          </span>
        ) : (
          piece
        ),
      )
    : words;

/** An author's text, marked with its language. */
export const T = ({ text, lang }: { text: Text; lang: Lang }) => (
  <span lang={tag(lang)}>{marked(text[lang], lang === "en")}</span>
);

/** Enter in a text field sends the form; inside Lab the browser does not do so by itself. */
export function enterSends(event: KeyboardEvent) {
  if (event.key !== "Enter" || event.isComposing) return; // an input method takes its own Enter
  event.preventDefault();
  const { form } = event.currentTarget as HTMLInputElement;
  if (!event.repeat) form?.querySelector<HTMLElement>("[type=submit]")?.click();
}

/** A sign for the eye; its word stands beside it. */
export const Sign = ({ sign }: { sign: string }) => (
  <span class="k-sign" aria-hidden="true">
    {sign}
  </span>
);

interface WhyProps {
  id?: string;
  tone: Tone | "plain";
  sign?: string;
  word?: string;
  note?: string | false;
  children?: ComponentChildren;
}

/** A verdict and its reason, with sign and word as well as colour. */
export const Why = ({ id, tone, sign, word, note, children }: WhyProps) => (
  <div class={`k-why k-${tone}`} id={id}>
    {word && (
      <b>
        {sign && <Sign sign={sign} />}
        {marked(word)}
        {note && <small> · {note}</small>}
      </b>
    )}
    {children}
  </div>
);

/** The story before the question. */
export const Story = ({ card, lang }: { card: Card; lang: Lang }) => (
  <div class="k-story">
    {(card.turns ?? []).map(({ who, text }, at) => (
      <p class={who === "scene" ? "k-scene" : `k-turn k-${who}`} key={at}>
        {who !== "scene" && <small>{say(lang, who)}</small>}
        <T text={text} lang={lang} />
      </p>
    ))}
  </div>
);
