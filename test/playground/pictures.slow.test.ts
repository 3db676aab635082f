import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chromiumPath } from '../chromium.ts'
import { startSite } from './site.ts'

const FOLDER = join(import.meta.dirname, '../../docs/images')
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 }

/** The pictures of the page in the documentation: written anew with UPDATE=1. */
describe.skipIf(chromiumPath === undefined || process.env['UPDATE'] !== '1')('pictures', () => {
  test('are of the page, wide and narrow, light and dark', async () => {
    mkdirSync(FOLDER, { recursive: true })
    const site = await startSite()
    try {
      for (const colorScheme of ['light', 'dark'] as const)
        for (const [name, options] of [
          ['desktop', {}],
          ['phone', PHONE],
        ] as const) {
          const { page, errors } = await site.open('', { colorScheme, ...options })
          const status = page.locator('#area-output .pane-status:not([hidden])')
          await status.filter({ hasText: / lines/ }).waitFor({ state: 'attached' })
          const race = page.locator('#area-view .pane-status:not([hidden])')
          await race.filter({ hasText: /in the end/ }).waitFor({ state: 'attached' })
          if (name === 'phone') await page.locator('.switch [data-part=view]').click()
          await page.screenshot({ path: join(FOLDER, `playground-${name}-${colorScheme}.png`) })
          expect(errors).toEqual([])
        }
    } finally {
      await site.close()
    }
  })
})
