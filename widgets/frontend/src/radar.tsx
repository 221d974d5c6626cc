// How one stands on several sides: a radar plot, bars where a radar has no shape, and a table that
// says the same in words.
import type { Statement } from "./contract";
import { T } from "./parts";
import type { Lang, Text } from "./words";
import { speaker } from "./words";

const own = speaker({
  other: { zh: "其他", en: "Other" },
  all: { zh: "合起来", en: "All together" },
  title: { zh: "各方面的样子（0–2）", en: "How each side looks (0–2)" },
  side: { zh: "方面", en: "Side" },
  mean: { zh: "平均", en: "Mean" },
  radar: { zh: "雷达图，越靠外越常做到：{s}。", en: "A radar plot; further out is more often: {s}." },
});

/** One side of oneself: how many statements stand at each level, and their mean from 0 to 2. */
export interface Side {
  text: Text | null;
  counts: [number, number, number];
  mean: number;
}

/** The statements' levels by their axis; in the order in which the axes come up. */
export function sidesOf(statements: Statement[], levels: Record<string, number>): Side[] {
  const sides = new Map<string, Side>();
  for (const { id, axis } of statements) {
    const level = levels[id];
    if (level === undefined) continue;
    const name = axis ? axis.zh : "";
    const side = sides.get(name) ?? { text: axis, counts: [0, 0, 0], mean: 0 };
    side.counts[level as 0]! += 1;
    sides.set(name, side);
  }
  const made = [...sides.values()];
  for (const side of made) {
    const [none, some, often] = side.counts;
    side.mean = (some + 2 * often) / (none + some + often);
  }
  // What belongs to no side stands last.
  return [...made.filter((side) => side.text), ...made.filter((side) => !side.text)];
}

/** A name in lines of about `most` characters: 汉字 anywhere, Latin words whole. */
export function inLines(name: string, most: number): string[] {
  const parts = name.match(/[\x21-\u024f\u2010-\u2027]+\s*|[^\x21-\u024f\u2010-\u2027]/gu) ?? [];
  const lines: string[] = [];
  const width = (text: string) => [...text].reduce((sum, char) => sum + (char > "\u2e7f" ? 2 : 1), 0);
  for (const part of parts) {
    const last = lines[lines.length - 1];
    if (last !== undefined && width(last + part.trim()) <= most) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines.map((line) => line.trim()).filter(Boolean);
}

const figure = (value: number) => String(Math.round(value * 10) / 10);
const R = 72;

interface ProfileProps {
  sides: Side[];
  lang: Lang;
  uid: string;
  /** The words of the levels, the highest first. */
  levels: string[];
}

export function Profile({ sides, lang, uid, levels }: ProfileProps) {
  const t = own(lang);
  const name = (side: Side) => side.text?.[lang] ?? t(sides.length > 1 ? "other" : "all");
  const spoken = sides.map((side) => `${name(side)} ${figure(side.mean)}`).join(lang === "zh" ? "，" : ", ");
  return (
    <>
      <p class="k-head" id={`${uid}-profile`}>
        {t("title")}
      </p>
      {sides.length >= 3 ? (
        <Radar sides={sides} name={name} label={t("radar", { s: spoken })} levels={levels} />
      ) : (
        <div class="k-bars" aria-hidden="true">
          {sides.map((side) => (
            <p key={name(side)}>
              <span>{name(side)}</span>
              <i style={{ "--part": side.mean / 2 }} />
            </p>
          ))}
        </div>
      )}
      <div class="k-data" role="region" aria-labelledby={`${uid}-profile`} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="k-first">{t("side")}</th>
              {levels.map((level) => (
                <th scope="col" key={level}>
                  {level}
                </th>
              ))}
              <th scope="col">{t("mean")}</th>
            </tr>
          </thead>
          <tbody>
            {sides.map((side) => (
              <tr key={name(side)}>
                <th scope="row">{side.text ? <T text={side.text} lang={lang} /> : name(side)}</th>
                {[2, 1, 0].map((level) => (
                  <td key={level}>{side.counts[level]}</td>
                ))}
                <td>{figure(side.mean)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RadarProps {
  sides: Side[];
  name(side: Side): string;
  label: string;
  levels: string[];
}

function Radar({ sides, name, label, levels }: RadarProps) {
  const turn = (at: number) => (2 * Math.PI * at) / sides.length - Math.PI / 2;
  const point = (at: number, mean: number) =>
    [Math.cos(turn(at)), Math.sin(turn(at))].map((part) => (part * R * mean) / 2) as [number, number];
  const ring = (mean: number | ((side: Side) => number)) =>
    sides
      .map((side, at) => point(at, typeof mean === "number" ? mean : mean(side)))
      .map((place) => place.map((part) => part.toFixed(1)).join(","))
      .join(" ");
  return (
    <svg class="k-radar" viewBox="-170 -118 340 228" role="img" aria-label={label}>
      {[2, 1].map((mean) => (
        <polygon class="k-ring" points={ring(mean)} key={mean} />
      ))}
      {sides.map((_, at) => {
        const [x, y] = point(at, 2);
        return <line class="k-ring" x1={0} y1={0} x2={x} y2={y} key={at} />;
      })}
      <polygon class="k-shape" points={ring((side) => side.mean)} />
      {sides.map((side, at) => {
        const [x, y] = point(at, side.mean);
        return <circle class="k-dot" cx={x} cy={y} r={4} key={at} />;
      })}
      {[2, 1].map((mean, at) => (
        <text class="k-level" x={5} y={(-R * mean) / 2 + 13} key={mean}>
          {levels[at]}
        </text>
      ))}
      {sides.map((side, at) => {
        const [x, y] = point(at, 2 + 36 / R);
        const lines = inLines(name(side), 11);
        const anchor = Math.abs(x) < 8 ? "middle" : x > 0 ? "start" : "end";
        // Lines above the plot grow upwards, those below it downwards.
        const first = y < -R ? y - 16 * (lines.length - 1) : y > R ? y + 9 : y - 8 * (lines.length - 1) + 5;
        return (
          <text class="k-side" text-anchor={anchor} key={at}>
            {lines.map((line, row) => (
              <tspan x={x} y={first + 16 * row} key={row}>
                {line}
              </tspan>
            ))}
          </text>
        );
      })}
    </svg>
  );
}
