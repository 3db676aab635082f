import { lineColorCount, lineDash } from '../../../draw/palette.ts'
import { element } from '../page/element.ts'

/** A piece of a line as it is drawn. */
export function swatch(color: number): HTMLElement {
  const dash = lineDash(color) === '' ? 'whole' : 'dashed'
  const name = `swatch series-${color % lineColorCount} ${dash}`
  return element('span', { class: name, 'aria-hidden': 'true' })
}
