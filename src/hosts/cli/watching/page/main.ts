import { Idiomorph } from 'idiomorph'

// A page about runs that refreshes itself: what the server has now is laid over what is shown, so that places, selections
// and what was unfolded stay.

let token = tokenOf(document)
let isStale = false
let isFetching = false
/** Whether nothing will come any more. */
let isOver = false

function tokenOf(page: Document): string {
  return page.querySelector<HTMLMetaElement>('meta[name="optc-token"]')?.content ?? ''
}

function say(text: string): void {
  const place = document.getElementById('fresh')
  if (place !== null) place.textContent = text
}

async function refresh(): Promise<void> {
  isStale = true
  if (isFetching || document.hidden) return
  isFetching = true
  try {
    while (isStale) {
      isStale = false
      const response = await fetch(location.href, { cache: 'no-store' })
      show(await response.text())
    }
    if (isOver) leave('the server has ended')
    else say(`as of ${new Date().toLocaleTimeString()}`)
  } catch {
    leave(isOver ? 'the server has ended' : 'the server does not answer')
  } finally {
    isFetching = false
  }
}

function show(text: string): void {
  const page = new DOMParser().parseFromString(text, 'text/html')
  // Another server has another one.
  token = tokenOf(page)
  document.title = page.title
  document.body.classList.remove('away')
  void Idiomorph.morph(document.body, page.body.innerHTML, {
    morphStyle: 'innerHTML',
    callbacks: {
      // What a person has unfolded or chosen stays so.
      beforeAttributeUpdated: (name: string, element: Element) =>
        !(name === 'open' && element instanceof HTMLDetailsElement),
      beforeNodeMorphed: (old: Node) => !(old instanceof HTMLInputElement),
    },
  })
}

function leave(reason: string): void {
  document.body.classList.add('away')
  say(`${reason}; this is what was there`)
}

/** Asks for what a button says. */
async function post(button: HTMLButtonElement): Promise<void> {
  const { post: path = '', name = '' } = button.dataset
  button.disabled = true
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'x-optc-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    })
    if (!response.ok) throw new Error(await response.text())
    await refresh()
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  } finally {
    button.disabled = false
  }
}

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null
  if (button?.dataset['post'] !== undefined) void post(button)
})
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && isStale) void refresh()
})

const events = new EventSource('/events')
let hasBegun = false
events.addEventListener('open', () => {
  if (hasBegun) void refresh()
  hasBegun = true
})
events.addEventListener('change', () => void refresh())
events.addEventListener('farewell', () => {
  isOver = true
  events.close()
  void refresh()
})
events.addEventListener('error', () => leave('the server does not answer'))
