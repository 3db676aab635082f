/** A colour of a line, for a picture and for a terminal. */
export interface LineColor {
  /** Hexadecimal, readable on white. */
  readonly hex: string
  /** The nearest number of the 256 colours of terminals that is readable on dark and on light grounds. */
  readonly terminal: number
  /** Hexadecimal, readable on dark grounds. */
  readonly dark: string
}

/**
 * Colours told apart by people with any common kind of colour vision: those of Okabe and Ito (2008,
 * https://jfly.uni-koeln.de/color/), with the light ones darkened for thin lines on white.
 */
const LINE_COLORS: readonly LineColor[] = [
  { hex: '#0072b2', terminal: 32, dark: '#5ab0ee' },
  { hex: '#d55e00', terminal: 166, dark: '#ff8f4d' },
  { hex: '#009e73', terminal: 36, dark: '#3ecf9f' },
  { hex: '#c4569b', terminal: 169, dark: '#e58cc4' },
  { hex: '#d99a00', terminal: 178, dark: '#f0c04a' },
  { hex: '#3fa7e0', terminal: 74, dark: '#8fd0f8' },
  { hex: '#6b4c9a', terminal: 98, dark: '#b79be0' },
  { hex: '#5b5b5b', terminal: 245, dark: '#a8a8a8' },
]

/** Dash patterns of lines, one for each time the colours have been used up. */
const DASHES = ['', '7 4', '2 3', '9 3 2 3']

/** The colour of series number `index`; colours repeat after the last. */
export function lineColor(index: number): LineColor {
  return LINE_COLORS[index % LINE_COLORS.length]!
}

/** The number of colours before they repeat. */
export const lineColorCount = LINE_COLORS.length

/** The SVG dash pattern of series number `index`; empty for a whole line. */
export function lineDash(index: number): string {
  return DASHES[Math.floor(index / LINE_COLORS.length) % DASHES.length]!
}

/** Colours of everything that is not a line. */
export const INK = {
  ground: '#ffffff',
  border: '#d8dee4',
  title: '#1f2328',
  text: '#57606a',
  axis: '#8c959f',
  grid: '#eaeef2',
} as const

/** The same on dark pages. */
const DARK_INK: { readonly [Part in keyof typeof INK]: string } = {
  ground: '#151a21',
  border: '#333b45',
  title: '#e8edf2',
  text: '#a4afba',
  axis: '#6b7682',
  grid: '#262d36',
}

/**
 * Style rules that give drawings inside `selector` the colours of dark pages, for pages that hold them as elements: a
 * style rule wins over the attributes that a drawing is coloured by.
 */
export function darkRules(selector: string): string {
  const pairs = [
    ...LINE_COLORS.map(({ hex, dark }) => [hex, dark] as const),
    ...(Object.keys(INK) as (keyof typeof INK)[]).map(
      (part) => [INK[part], DARK_INK[part]] as const,
    ),
  ]
  return pairs
    .flatMap(([light, dark]) =>
      ['fill', 'stroke'].map(
        (property) => `${selector} [${property}="${light}"] { ${property}: ${dark}; }`,
      ),
    )
    .join('\n')
}

/** The colour of the contour line number `index` of `count`: the lowest is the darkest. */
export function contourColor(index: number, count: number): string {
  const share = count < 2 ? 0 : index / (count - 1)
  const channel = (dark: number, light: number): number => Math.round(dark + (light - dark) * share)
  return `rgb(${channel(128, 222)},${channel(146, 229)},${channel(166, 236)})`
}
