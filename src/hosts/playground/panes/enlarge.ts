import { element } from '../page/element.ts'

/** Gives a pane the room of the column beside it, as long as it is pressed; there is none on narrow pages. */
export function enlargeButton(host: HTMLElement): HTMLButtonElement {
  const button = element(
    'button',
    { type: 'button', class: 'enlarge', 'aria-pressed': 'false' },
    'Larger',
  )
  button.addEventListener('click', () => {
    const isLarge = host.classList.toggle('large')
    button.setAttribute('aria-pressed', String(isLarge))
  })
  return button
}
