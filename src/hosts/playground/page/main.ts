import { readAddress } from '../state/address.ts'
import type { PageState } from '../state/state.ts'
import { FIRST_NAME, FIRST_PROGRAM } from './first-program.ts'
import { showMessage } from './message.ts'
import { openPage } from './open-page.ts'
import { addPalette } from './palette-style.ts'
import { createThemes } from './theme.ts'

const FIRST: PageState = {
  text: FIRST_PROGRAM,
  fileName: FIRST_NAME,
  theme: 'auto',
  part: 'source',
  chosen: {},
  panes: {},
}

addPalette()
const read = readAddress(location.hash.slice(1))
if (read.kind === 'broken')
  showMessage(
    `What this address holds cannot be read: ${read.reason}. Nothing of it has been run.`,
    'Start with an example',
    () => {
      history.replaceState(null, '', location.pathname)
      openPage(FIRST, createThemes(FIRST.theme))
    },
  )
else {
  const state = read.kind === 'state' ? read.state : FIRST
  openPage(state, createThemes(state.theme))
}
// An address that somebody puts in the place of this one is another page.
addEventListener('hashchange', () => location.reload())
