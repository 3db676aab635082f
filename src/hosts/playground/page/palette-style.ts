import { darkRules, lineColor, lineColorCount } from '../../../draw/palette.ts'

/**
 * The colours of lines as CSS variables, `--series-0` and so on, and figures in their dark colours on dark pages. A constructed
 * style sheet: a page that allows no styles but those of its own files takes it.
 */
export function addPalette(): void {
  const series = Array.from({ length: lineColorCount }, (_, index) => {
    const { hex, dark } = lineColor(index)
    return `--series-${index}: light-dark(${hex}, ${dark});`
  })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`:root { ${series.join(' ')} }\n${darkRules(":root[data-theme='dark'] svg")}`)
  document.adoptedStyleSheets.push(sheet)
}
