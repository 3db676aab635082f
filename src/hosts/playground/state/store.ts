import { writeAddress } from './address.ts'
import { MOST_TEXT, type PageState } from './state.ts'

/** The state of the page, which the address follows. */
export interface Store {
  readonly get: () => PageState
  readonly change: (change: Partial<PageState>) => void
  /** The address of the page as it is now. */
  readonly address: () => string
}

/** How long after a change the address is written, in milliseconds: browsers allow few changes of it in a second. */
const DELAY = 400

/** A store that begins with `initial`. A text that is too long for an address leaves the address as it is. */
export function createStore(initial: PageState): Store {
  let state = initial
  let timer: ReturnType<typeof setTimeout> | undefined
  const address = (): string => {
    const { origin, pathname } = location
    return `${origin}${pathname}#${writeAddress(state)}`
  }
  const write = (): void => {
    if (state.text.length <= MOST_TEXT) history.replaceState(null, '', address())
  }
  return {
    get: () => state,
    change: (change) => {
      state = { ...state, ...change }
      clearTimeout(timer)
      timer = setTimeout(write, DELAY)
    },
    address,
  }
}
