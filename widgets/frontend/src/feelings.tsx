// How a customer's feelings went: words for a dialogue, moves as text, and a plot of them.
import type { Lang, Text } from "./words";
import { speaker } from "./words";

export const own = {
  you: { zh: "你", en: "You" },
  sofar: { zh: "谈到这里", en: "The conversation so far" },
  latest: { zh: "刚才说的", en: "Just said" },
  turn: { zh: "第 {n} 句，你怎么说？点一下就说出口。", en: "Turn {n}: what do you say? One tap says it." },
  long: {
    zh: "谈得太长了，退回几句，或从头再来。",
    en: "This has gone on very long. Take something back, or start over.",
  },
  heard: { zh: "客户：{s}", en: "Customer: {s}" },
  felt: { zh: "火气 {a}，信任 {t}。", en: "Anger {a}, trust {t}." },
  mood: { zh: "客户现在的心情", en: "How the customer feels now" },
  anger: { zh: "火气", en: "Anger" },
  trust: { zh: "信任", en: "Trust" },
  steady: { zh: "没变", en: "no change" },
  ending: { zh: "结局", en: "How it ended" },
  undo: { zh: "退回一句", en: "Take back one turn" },
  restart: { zh: "从头再来", en: "Start over" },
  gone: { zh: "回到第 {n} 句。", en: "Back to turn {n}." },
  replay: { zh: "逐句回放", en: "Turn by turn" },
  expert: { zh: "看一条得满分的路", en: "See a way that earns full credit" },
  plot: {
    zh: "火气从 {a} 到 {b}，信任从 {c} 到 {d}",
    en: "Anger went from {a} to {b}, trust from {c} to {d}",
  },
  plotted: {
    zh: "横轴是第几句，纵轴是 0 到 10。火气是实线加圆点，信任是虚线加方块。",
    en: "Turns run across, 0 to 10 runs up. Anger is a solid line with dots, trust a dashed line with squares.",
  },
  after: { zh: "第几句之后", en: "After turn" },
  begin: { zh: "开头", en: "start" },
  end: { zh: "第 {n} 句", en: "turn {n}" },
  said: { zh: "说了 {n} 句", en: "{n} turns" },
  saidOne: { zh: "说了 1 句", en: "1 turn" },
  unfinished: {
    zh: "还没谈完，先把对话走到结局。",
    en: "The conversation is not over yet; carry on until it ends.",
  },
} satisfies Record<string, Text>;

type Feeling = "anger" | "trust";
type Felt = Record<Feeling, number>;
const both: readonly Feeling[] = ["anger", "trust"];

const signed = (by: number) => (by < 0 ? `−${-by}` : `+${by}`);

/** What moved, as text: “火气 −2 · 信任 +1”. Of one feeling alone its name is left out. */
export function moves(from: Felt, to: Felt, lang: Lang, which = both): string {
  const t = speaker(own)(lang);
  return which
    .map((name) => {
      const by = to[name] - from[name];
      const said = by ? signed(by) : t("steady");
      return which.length > 1 ? `${t(name)} ${said}` : said;
    })
    .join(" · ");
}

/** Both feelings over the turns. In per cent, so that the text keeps the reader's own size. */
export function Feelings({ states, lang, uid }: { states: Felt[]; lang: Lang; uid: string }) {
  const t = speaker(own)(lang);
  const turns = states.length - 1;
  const first = states[0]!;
  const final = states[turns]!;
  const ends = { a: first.anger, b: final.anger, c: first.trust, d: final.trust };
  const x = (at: number) => `${3 + (94 * at) / Math.max(1, turns)}%`;
  const y = (value: number) => `${6 + 88 * (1 - value / 10)}%`;
  // Two labels at one height stand one below the other.
  const near = Math.abs(final.anger - final.trust) < 2;
  const higher: Feeling = final.anger >= final.trust ? "anger" : "trust";
  return (
    <figure class="k-plot">
      <figcaption>{t("plot", ends)}</figcaption>
      <div class="k-axes">
        <span class="k-ticks" aria-hidden="true">
          {[10, 5, 0].map((tick) => (
            <small key={tick} style={{ top: y(tick) }}>
              {tick}
            </small>
          ))}
        </span>
        <svg role="img" aria-labelledby={`${uid}-plot ${uid}-plotted`}>
          <title id={`${uid}-plot`}>{t("plot", ends)}</title>
          <desc id={`${uid}-plotted`}>{t("plotted")}</desc>
          {[0, 5, 10].map((tick) => (
            <line key={tick} class="k-grid" x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
          ))}
          {both.map((name) => (
            <g key={name} class={`k-${name}`}>
              {states.slice(1).map((state, at) => (
                <line
                  key={at}
                  x1={x(at)}
                  y1={y(states[at]![name])}
                  x2={x(at + 1)}
                  y2={y(state[name])}
                />
              ))}
              {states.map((state, at) =>
                name === "anger" ? (
                  <circle key={at} cx={x(at)} cy={y(state.anger)} r="4" />
                ) : (
                  <rect
                    key={at}
                    x={x(at)}
                    y={y(state.trust)}
                    width="7"
                    height="7"
                    transform="translate(-3.5 -3.5)"
                  />
                ),
              )}
            </g>
          ))}
        </svg>
        <span class="k-ends" aria-hidden="true">
          {both.map((name) => (
            <small
              key={name}
              class={`k-${name}`}
              style={{
                top: y(final[name]),
                marginTop: near ? (name === higher ? "-0.7em" : "0.7em") : undefined,
              }}
            >
              {name === "anger" ? "●" : "■"} {t(name)} {final[name]}
            </small>
          ))}
        </span>
        <span class="k-turns" aria-hidden="true">
          <small>{t("begin")}</small>
          <small>{t("end", { n: turns })}</small>
        </span>
      </div>
      <div class="k-sr">
        <table>
          <caption>{t("plot", ends)}</caption>
          <thead>
            <tr>
              <th scope="col">{t("after")}</th>
              <th scope="col">{t("anger")}</th>
              <th scope="col">{t("trust")}</th>
            </tr>
          </thead>
          <tbody>
            {states.map((state, at) => (
              <tr key={at}>
                <th scope="row">{at || t("begin")}</th>
                <td>{state.anger}</td>
                <td>{state.trust}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
