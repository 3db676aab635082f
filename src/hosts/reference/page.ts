// The script of every page of the reference: its search, and the contents where there is no room for them.
import type { SearchEntry } from '../../reference/site/site.ts'
import { search } from './search.ts'

const byId = <Element extends HTMLElement>(id: string): Element =>
  document.getElementById(id) as Element
const input = byId<HTMLInputElement>('search')
const list = byId<HTMLUListElement>('results')
const contents = byId<HTMLElement>('contents')
const button = byId<HTMLButtonElement>('contents-button')

/** Loaded when the search is first used. */
let index: Promise<readonly SearchEntry[]> | undefined
const entries = (): Promise<readonly SearchEntry[]> => (index ??= loadIndex())

async function loadIndex(): Promise<readonly SearchEntry[]> {
  const address = new URL('search-index.js', import.meta.url).href
  const module = (await import(address)) as { readonly entries: readonly SearchEntry[] }
  return module.entries
}

let chosen = -1

async function show(): Promise<void> {
  const written = input.value
  const found = search(await entries(), written)
  // What was typed since then has its own answer.
  if (input.value !== written) return
  list.replaceChildren(...found.map(resultItem))
  if (found.length === 0 && written.trim() !== '') list.append(nothing())
  open(written.trim() !== '')
  choose(found.length > 0 ? 0 : -1)
}

function resultItem({ names, group, summary, address }: SearchEntry, place: number): HTMLElement {
  const item = document.createElement('li')
  item.id = `result-${place}`
  item.role = 'option'
  const link = document.createElement('a')
  link.href = address
  link.tabIndex = -1
  link.append(part('strong', names[0]!), part('small', group), part('span', summary))
  item.append(link)
  return item
}

function nothing(): HTMLElement {
  const item = part('li', 'Nothing has that name.')
  item.className = 'nothing'
  return item
}

function part(name: string, text: string): HTMLElement {
  const element = document.createElement(name)
  element.textContent = text
  return element
}

function open(isOpen: boolean): void {
  list.hidden = !isOpen
  input.setAttribute('aria-expanded', String(isOpen))
  if (!isOpen) choose(-1)
}

const options = (): readonly HTMLElement[] => [
  ...list.querySelectorAll<HTMLElement>('[role="option"]'),
]

function choose(place: number): void {
  chosen = place
  options().forEach((item, index) => {
    item.setAttribute('aria-selected', String(index === place))
    if (index === place) item.scrollIntoView({ block: 'nearest' })
  })
  if (place < 0) input.removeAttribute('aria-activedescendant')
  else input.setAttribute('aria-activedescendant', `result-${place}`)
}

function onKey(event: KeyboardEvent): void {
  const count = options().length
  if (event.key === 'Escape') open(false)
  else if (event.key === 'Enter') options()[chosen]?.querySelector('a')?.click()
  else if (event.key === 'ArrowDown' && count > 0) choose((chosen + 1) % count)
  else if (event.key === 'ArrowUp' && count > 0) choose((chosen - 1 + count) % count)
  else return
  event.preventDefault()
}

input.addEventListener('input', () => void show())
input.addEventListener('focus', () => void show())
input.addEventListener('keydown', onKey)
list.addEventListener('click', () => open(false))
document.addEventListener('pointerdown', ({ target }) => {
  if (!(target instanceof Node) || input.parentElement?.contains(target) !== true) open(false)
})
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  input.focus()
  input.select()
})
button.addEventListener('click', () => {
  const isOpen = document.body.classList.toggle('contents-open')
  button.setAttribute('aria-expanded', String(isOpen))
  if (isOpen) contents.querySelector('a')?.focus()
})
