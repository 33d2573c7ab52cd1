import type { Comparison, Measure, Result } from "../comparison";
import { ratioOf, valueOf } from "../figures";
import { show } from "./table";

const [WIDTH, NAMES, AXIS] = [1000, 380, 420] as const;
const [LINE, BAR, GAP, MARGIN] = [20, 12, 26, 16] as const;
const DECADES = [0.01, 0.1, 1, 10, 100] as const;
const [LOW, HIGH] = [0.01, 100] as const;

const STYLE = `
  .back { fill: #ffffff } .text { fill: #1f2328 } .title { fill: #1f2328; font-weight: 600 } .quiet { fill: #59636e }
  .peer { fill: #8c959f } .ours { fill: #0969da } .grid { stroke: #d1d9e0 } .one { stroke: #59636e }
  text { font: 12px system-ui, sans-serif }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117 } .text { fill: #f0f6fc } .title { fill: #f0f6fc } .quiet { fill: #9198a1 }
    .peer { fill: #656c76 } .ours { fill: #4493f8 } .grid { stroke: #3d444d } .one { stroke: #9198a1 }
  }
`;

interface Drawn {
  readonly svg: string;
  readonly height: number;
}

/** All comparisons as bars on one logarithmic scale: how many times its base each way takes, ours in colour. */
export function plotOf(results: readonly Result[]): string {
  let top: number = MARGIN;
  const axis = DECADES.map((decade) => text(round(xOf(decade)), top + 4, "quiet", `x ${decade}`, "middle"));
  top += GAP;
  const groups = results.flatMap((result) =>
    plotted(result.comparison).map((measure) => {
      const { svg, height } = groupOf(result, measure, top);
      top += height;
      return svg;
    }),
  );
  const size = `width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}"`;
  const back = `<rect class="back" width="${WIDTH}" height="${top}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<style>${STYLE}</style>\n${back}\n${axis.join("")}\n${groups.join("\n")}\n</svg>\n`;
}

/** The measures that are worth a group of bars: the time or the rate, and the memory where it is compared. */
function plotted({ measures }: Comparison): readonly Measure[] {
  const compared = measures.filter(({ better }) => better !== undefined);
  const main = compared.find(({ key }) => key === "ms") ?? compared[0];
  return compared.filter((measure) => measure === main || measure.key === "rssMb");
}

function groupOf(result: Result, measure: Measure, top: number): Drawn {
  const { title, ways, base, less } = result.comparison;
  const names = ways.map(({ name }) => name).filter((name) => result.samples.has(name) && name !== less);
  const side = measure.better === "more" ? "right is better" : "left is better";
  const head = text(MARGIN, top + 14, "title", `${title.replaceAll("`", "")}: ${measure.label}, ${side}`);
  const rows = names.map((name, at) => {
    const part = measure.key === "ms" ? less : undefined;
    const ratio = ratioOf(result, { ours: name, base, key: measure.key, less: part });
    return rowOf({ name, ratio, value: valueOf(result, name, measure.key) }, top + LINE * (at + 1));
  });
  const height = LINE * (names.length + 1);
  return { svg: [grid(top + LINE, top + height), head, ...rows].join("\n"), height: height + GAP };
}

interface Bar {
  readonly name: string;
  readonly ratio: number | undefined;
  readonly value: number | undefined;
}

function rowOf({ name, ratio, value }: Bar, y: number): string {
  const label = text(NAMES - 8, y + 14, "text", name, "end");
  const at = xOf(ratio ?? 1);
  const [from, to] = [Math.min(at, xOf(1)), Math.max(at, xOf(1))];
  const kind = name.startsWith("yciam") || name.startsWith("with ") ? "ours" : "peer";
  const size = `x="${round(from)}" y="${y + 4}" width="${round(Math.max(to - from, 1))}" height="${BAR}"`;
  const said = text(NAMES + AXIS + 12, y + 14, "quiet", `x ${show(ratio)}  (${show(value)})`);
  return `${label}<rect class="${kind}" ${size}/>${said}`;
}

/** Lines at the powers of ten. */
function grid(top: number, bottom: number): string {
  return DECADES.map((decade) => {
    const x = round(xOf(decade));
    return `<line class="${decade === 1 ? "one" : "grid"}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`;
  }).join("");
}

function xOf(ratio: number): number {
  const within = Math.min(HIGH, Math.max(LOW, ratio));
  return NAMES + (AXIS * Math.log10(within / LOW)) / Math.log10(HIGH / LOW);
}

const round = (value: number): number => Math.round(value * 10) / 10;

function text(x: number, y: number, kind: string, said: string, anchor = "start"): string {
  const safe = said.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${safe}</text>`;
}
