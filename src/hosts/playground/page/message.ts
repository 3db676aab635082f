import { byId, element } from './element.ts'

/** Says something above the page that stays until its button is pressed. */
export function showMessage(text: string, label: string, act: () => void): void {
  const host = byId('message')
  const button = element('button', { type: 'button' }, label)
  button.addEventListener('click', () => {
    host.hidden = true
    act()
  })
  host.replaceChildren(element('span', {}, text), button)
  host.hidden = false
}

/** How long a notice is shown, in milliseconds. */
const SHOWN = 2600

let timer: ReturnType<typeof setTimeout> | undefined

/** Says something for a moment. */
export function notify(text: string): void {
  const host = byId('notice')
  host.textContent = text
  host.classList.add('shown')
  clearTimeout(timer)
  timer = setTimeout(() => host.classList.remove('shown'), SHOWN)
}
