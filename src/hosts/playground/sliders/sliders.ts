import { showInterval } from '../../../operators/interval.ts'
import type { ShownParameter } from '../answers/program.ts'
import { element } from '../page/element.ts'
import { placeOfValue, SLIDER_PLACES, sliderScale, valueAtPlace } from './scale.ts'

/** A slider for each of some parameters. */
export interface Sliders {
  readonly element: HTMLElement
  /** Shows other values, or other parameters; a slider that is held stays the same element. */
  readonly show: (parameters: readonly ShownParameter[]) => void
}

/** `onChange` hears of every move; undefined when a parameter is to have its usual value again. */
export function createSliders(
  label: string,
  onChange: (name: string, value: number | undefined) => void,
): Sliders {
  const rows = new Map<string, Row>()
  const host = element('div', { class: 'sliders', role: 'group', 'aria-label': label })
  return {
    element: host,
    show: (parameters) => {
      host.hidden = parameters.length === 0
      const shown = parameters.map((parameter) => {
        const row = rows.get(parameter.name) ?? createRow(parameter.name, onChange)
        rows.set(parameter.name, row)
        row.show(parameter)
        return row.element
      })
      const isSame =
        shown.length === host.children.length &&
        shown.every((each, index) => host.children[index] === each)
      if (!isSame) host.replaceChildren(...shown)
    },
  }
}

interface Row {
  readonly element: HTMLElement
  readonly show: (parameter: ShownParameter) => void
}

function createRow(name: string, onChange: (name: string, value: number | undefined) => void): Row {
  let shown: ShownParameter | undefined
  const range = element('input', {
    ...{ type: 'range', min: 0, max: SLIDER_PLACES, step: 1 },
    'aria-label': name,
  })
  const value = element('output')
  const reset = element(
    'button',
    { type: 'button', class: 'reset', 'aria-label': `The usual value of ${name}` },
    '↺',
  )
  const label = element('span', { class: 'name' }, name)
  const tell = (text: string): void => {
    value.textContent = text
    range.setAttribute('aria-valuetext', text)
  }
  range.addEventListener('input', () => {
    if (shown === undefined) return
    const next = valueAtPlace(sliderScale(shown.interval, shown.initial), Number(range.value))
    tell(valueText(next))
    onChange(name, next)
  })
  reset.addEventListener('click', () => {
    onChange(name, undefined)
    range.focus()
  })
  return {
    element: element('div', { class: 'slider' }, label, range, value, reset),
    show: (parameter) => {
      shown = parameter
      const { interval, initial, documentation } = parameter
      const of = `${name} in ${showInterval(interval)}`
      label.title = documentation === '' ? of : `${documentation} (${of})`
      const isMoved = parameter.value !== initial
      reset.hidden = !isMoved
      reset.title = valueText(initial)
      // What is being dragged is further than what has been asked about it.
      if (document.activeElement === range && isMoved) return
      range.value = String(placeOfValue(sliderScale(interval, initial), parameter.value))
      tell(valueText(parameter.value))
    },
  }
}

/** A value as it is read: at most six digits. */
export const valueText = (value: number): string => String(Number(value.toPrecision(6)))
