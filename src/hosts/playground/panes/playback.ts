import { INK, lineColor } from '../../../draw/palette.ts'
import type { Point } from '../../../draw/polyline.ts'
import { element } from '../page/element.ts'

/** Dots that go along paths, step by step. */
export interface Playback {
  readonly element: HTMLElement
  /** Other paths, in pixels of a drawing. */
  readonly show: (
    drawing: SVGSVGElement,
    paths: readonly { readonly color: number; readonly points: readonly Point[] }[],
  ) => void
}

/** How long all steps take, in milliseconds. */
const DURATION = 4000

/** Nothing moves before somebody asks for it. */
export function createPlayback(signal: AbortSignal): Playback {
  let dots: readonly { readonly dot: SVGCircleElement; readonly points: readonly Point[] }[] = []
  let last = 0
  let playing: number | undefined
  const range = element('input', {
    ...{ type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'step' },
  })
  const label = element('output', {}, '')
  const button = element('button', { type: 'button' }, '▶ Play')
  const place = (step: number): void => {
    range.value = String(step)
    label.textContent = `step ${step}`
    range.setAttribute('aria-valuetext', `step ${step} of ${last}`)
    for (const { dot, points } of dots) {
      const [x, y] = points[Math.min(step, points.length - 1)] ?? [NaN, NaN]
      const isShown = Number.isFinite(x) && Number.isFinite(y)
      dot.toggleAttribute('hidden', !isShown)
      dot.style.display = isShown ? '' : 'none'
      if (!isShown) continue
      dot.setAttribute('cx', String(x))
      dot.setAttribute('cy', String(y))
    }
  }
  const stop = (): void => {
    if (playing !== undefined) cancelAnimationFrame(playing)
    playing = undefined
    button.textContent = '▶ Play'
  }
  const play = (): void => {
    const from = Number(range.value) >= last ? 0 : Number(range.value)
    const began = performance.now()
    button.textContent = '⏸ Pause'
    const frame = (now: number): void => {
      const step = Math.min(last, from + Math.floor(((now - began) / DURATION) * last))
      place(step)
      if (step >= last) return stop()
      playing = requestAnimationFrame(frame)
    }
    playing = requestAnimationFrame(frame)
  }
  button.addEventListener('click', () => {
    if (playing !== undefined) return stop()
    // Who wants no motion gets the end of it; the slider shows every step.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return place(last)
    play()
  })
  range.addEventListener('input', () => {
    stop()
    place(Number(range.value))
  })
  signal.addEventListener('abort', stop)
  return {
    element: element('div', { class: 'playback' }, button, range, label),
    show: (drawing, paths) => {
      stop()
      const wasAtEnd = Number(range.value) >= last
      last = Math.max(0, ...paths.map(({ points }) => points.length - 1))
      range.max = String(last)
      dots = paths.map(({ color, points }) => ({ dot: createDot(color), points }))
      drawing.append(...dots.map(({ dot }) => dot).reverse())
      place(wasAtEnd ? last : Math.min(last, Number(range.value)))
    },
  }
}

function createDot(color: number): SVGCircleElement {
  const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle')
  const attributes = {
    ...{ r: 5, fill: lineColor(color).hex, stroke: INK.ground, 'stroke-width': 1.6 },
    'pointer-events': 'none',
  }
  for (const [name, value] of Object.entries(attributes)) dot.setAttribute(name, String(value))
  return dot
}
