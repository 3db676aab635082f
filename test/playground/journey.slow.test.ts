import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeAddress } from '../../src/hosts/playground/state/address.ts'
import type { PageState } from '../../src/hosts/playground/state/state.ts'
import { chromiumPath } from '../chromium.ts'
import { startSite, type Site } from './site.ts'

if (chromiumPath === undefined) console.log('not tested in a browser: there is no chromium')

const DESKTOP = { viewport: { width: 1440, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

const START: PageState = {
  ...{ text: 'update = lr * g\n', fileName: 'mine.opt', theme: 'light', part: 'source' },
  chosen: { view: 'race' },
  panes: { train: { task: 'fashion14-mlp', steps: 40, backend: 'wasm', values: {} } },
}

let site: Site

describe.skipIf(chromiumPath === undefined)('from an idea to a trained network', () => {
  beforeAll(async () => {
    site = await startSite()
  }, 120_000)
  afterAll(() => site?.close())

  test.each([
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ])('on a %s', async (name, options) => {
    const { page, errors } = await site.open(writeAddress(START), options)
    const turnTo = async (part: string): Promise<void> => {
      if (name === 'phone') await page.locator('.switch').getByRole('button', { name: part }).tap()
    }
    const editor = page.locator('#editor .cm-content')
    const told = (text: RegExp): Promise<void> =>
      page
        .locator('#area-view .pane-status:not([hidden])', { hasText: text })
        .waitFor({ state: 'attached', timeout: 120_000 })

    await editor.focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText('update = lr * sgin(g) * decay_cosine(t)\n')
    const problems = page.locator('#problems')
    await problems.getByText('sgin').first().waitFor()
    await problems.locator('button.fix').first().click()
    await problems.getByText('No problems').waitFor()

    await turnTo('Views')
    await told(/is lowest in the end/)
    expect(await page.locator('#panel-race svg path[stroke]').count()).toBeGreaterThan(5)

    await page.getByRole('tab', { name: 'Train' }).click()
    const train = page.locator('#panel-train')
    await train.getByRole('button', { name: 'Train', exact: true }).click()
    await told(/test accuracy on wasm: \w+ \d+\.\d %, Adam \d+\.\d %/)

    await page.click('#share')
    await page.locator('#notice', { hasText: 'copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
    await page.reload()
    await turnTo('Program')
    await editor.getByText('sign(g) * decay_cosine(t)').waitFor()
    await turnTo('Views')
    await train.waitFor()
    expect(errors).toEqual([])
  })
})
