/** The narrowest and the widest that a drawing is made, in pixels. */
const NARROWEST = 260
const WIDEST = 760

/** Puts a drawing in the place of what an element holds. The text comes from `src/draw`, which escapes all names. */
export function showDrawing(host: HTMLElement, svg: string): SVGSVGElement {
  // A document without a window: nothing in it runs.
  const made = new DOMParser().parseFromString(svg, 'text/html').body.firstElementChild
  if (!(made instanceof SVGSVGElement)) throw new TypeError('a drawing is one svg element')
  host.replaceChildren(made)
  return made
}

/** How wide a drawing can be in an element that is shown. */
export function drawingWidth(host: HTMLElement): number {
  return Math.max(NARROWEST, Math.min(WIDEST, host.clientWidth))
}

/** Calls `draw` when the element gets another width, until the signal aborts. */
export function onNewWidth(host: HTMLElement, draw: () => void, signal: AbortSignal): void {
  let width = 0
  const observer = new ResizeObserver(() => {
    const next = drawingWidth(host)
    if (next === width || host.clientWidth === 0) return
    const isFirst = width === 0
    width = next
    if (!isFirst) draw()
  })
  observer.observe(host)
  signal.addEventListener('abort', () => observer.disconnect())
}
