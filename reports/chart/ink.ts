// The inks of all drawings as variables of a style sheet, so that one drawing serves light pages, dark pages and print; outside a page
// they are resolved. Hues differ in lightness too and each goes with a mark of its own, so none is needed to tell levels apart.

interface Shade {
  readonly light: string;
  readonly dark: string;
}

/** By name of the variable without its dashes; text contrast of c1 to c6 on paper is at least 4.5. */
const shades: Readonly<Record<string, Shade>> = {
  paper: { light: "#fdfdfc", dark: "#14171b" },
  ink: { light: "#17191c", dark: "#e9eaeb" },
  soft: { light: "#565e68", dark: "#a9b0b8" },
  faint: { light: "#8a929c", dark: "#7b838c" },
  alarm: { light: "#a8200d", dark: "#ff9a86" },
  c1: { light: "#0067a8", dark: "#62b2ee" },
  c2: { light: "#b05a00", dark: "#eda04a" },
  c3: { light: "#007a5a", dark: "#45c39d" },
  c4: { light: "#9c3f7c", dark: "#e293c5" },
  c5: { light: "#6f6500", dark: "#cdbf4f" },
  c6: { light: "#5a4fb5", dark: "#aaa0f4" },
  q0: { light: "#dfe4e8", dark: "#333a41" },
  q1: { light: "#9db7cf", dark: "#52789a" },
  q2: { light: "#24587f", dark: "#a5cbea" },
};

/** Declarations for a rule of a style sheet: "--paper:#fdfdfc;--ink:...". */
export function inkDeclarations(scheme: keyof Shade): string {
  return Object.entries(shades)
    .map(([name, shade]) => `--${name}:${shade[scheme]};`)
    .join("");
}

/** Text, axes, what is decided. */
export const ink = "var(--ink)";
/** Text of second rank. */
export const soft = "var(--soft)";
/** What is inconclusive, and what stands behind. */
export const faint = "var(--faint)";
/** What failed, and nothing else. */
export const alarm = "var(--alarm)";
/** The ground: what is hollow is filled with it. */
export const paper = "var(--paper)";

/** Colours of levels in declared order. More levels than these are not told apart by hue. */
export const hues = ["var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)", "var(--c6)"] as const;

/** Paler to darker for a share from 0 to 1: fills, on which text is written. */
export function shadeOf(share: number): string {
  return mixed("q2", "q0", share);
}

/** Paler to darker for a share from 0 to 1: lines, which a pale fill's ink would lose. */
export function rampOf(share: number): string {
  return mixed("q2", "q1", share);
}

function mixed(high: string, low: string, share: number): string {
  return `color-mix(in srgb, var(--${high}) ${Math.round(100 * share)}%, var(--${low}))`;
}

/** The drawing with the colours of the light page in the place of variables: for files, which stand on white paper. */
export function resolvedInks(svg: string): string {
  // In tags only: a label may hold any text.
  return svg.replaceAll(/<[^>]*>/g, (tag) =>
    tag
      .replaceAll(
        /color-mix\(in srgb, var\(--([a-z0-9]+)\) ([0-9]+)%, var\(--([a-z0-9]+)\)\)/g,
        (_, high: string, percent: string, low: string) =>
          mixOf(lightOf(high), lightOf(low), Number(percent) / 100),
      )
      .replaceAll(/var\(--([a-z0-9]+)\)/g, (_, name: string) => lightOf(name)),
  );
}

/** Paper is white in a file; a name that is not ours is drawn in ink. */
function lightOf(name: string): string {
  return name === "paper" ? "#ffffff" : (shades[name] ?? shades.ink!).light;
}

/** As CSS Color 5 mixes two opaque colours in srgb: each channel by its share. */
function mixOf(high: string, low: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return `#${[1, 3, 5]
    .map((at) =>
      Math.round(share * channel(high, at) + (1 - share) * channel(low, at))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}
