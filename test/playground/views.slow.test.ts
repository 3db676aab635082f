import axe from 'axe-core'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeAddress } from '../../src/hosts/playground/state/address.ts'
import type { PageState } from '../../src/hosts/playground/state/state.ts'
import { chromiumPath } from '../chromium.ts'
import { startSite, type Site } from './site.ts'

if (chromiumPath === undefined) console.log('not tested in a browser: there is no chromium')

const TEXT = `optimizer Plain(lr in (0, inf) = 0.1, beta in [0, 1) = 0.9) {
  state m = 0
  m = beta * m + (1 - beta) * g
  update = lr * fade(t) * m
}

decay fade(t, least in [0, 1] = 0) = least + (1 - least) * (1 - t / T)
`

const stateOf = (view: string, more: Partial<PageState> = {}): PageState => ({
  ...{ text: TEXT, fileName: 'plain.opt', theme: 'light', part: 'view' },
  ...{ chosen: { view }, panes: {} },
  ...more,
})

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

/** What is computed on the way there may take a while on a busy machine. */
const SOON = { timeout: 30_000 }

let site: Site

const panel = (page: Page, id: string): Locator => page.locator(`#panel-${id}`)
const status = (page: Page): Locator => page.locator('#area-view .pane-status:not([hidden])')

/** Waits for the status of the view that is shown. */
async function told(page: Page, text: RegExp): Promise<void> {
  await status(page).filter({ hasText: text }).waitFor({ state: 'attached' })
}

async function openView(
  state: PageState,
  options: Parameters<Site['open']>[1] = {},
): ReturnType<Site['open']> {
  return site.open(writeAddress(state), options)
}

/** What of the views an accessibility check finds wrong. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe }
    const { violations: found } = await checker.run('#area-view')
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

/** How far a line of a picture goes to the right, for comparing two pictures. */
const shapeOf = (lines: Locator): Promise<string | null> => lines.first().getAttribute('d')

describe.skipIf(chromiumPath === undefined)('views', () => {
  beforeAll(async () => {
    site = await startSite()
  }, 240_000)
  afterAll(() => site.close())

  test('a race is drawn, follows its sliders, its surface and a click, and is in the address', async () => {
    const { page, errors } = await openView(stateOf('race'))
    await told(page, /lowest in the end/)
    const race = panel(page, 'race')
    const names = race.locator('tbody th')
    expect((await names.allTextContents()).map((name) => name.split(' ')[0])).toEqual([
      ...['Plain', 'Adam', 'SGD', 'Lion', 'Muon'],
    ])
    const path = race.locator('.race-map g[clip-path] path[stroke="#0072b2"]')
    const before = await shapeOf(path)
    await race.getByLabel('beta', { exact: true }).focus()
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft')
    await told(page, /lowest in the end/)
    await expect.poll(() => shapeOf(path), SOON).not.toBe(before)
    const moved = await race.locator('.slider', { hasText: 'beta' }).locator('output').textContent()
    expect(Number(moved)).toBeLessThan(0.9)

    await race.getByLabel('surface', { exact: true }).selectOption('beale')
    await race.getByText('Beale, (1.5').first().waitFor()
    await told(page, /lowest in the end/)
    const box = (await race.locator('.race-map svg').boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    const x = race.getByLabel('from x')
    await expect.poll(() => x.inputValue(), SOON).not.toBe('1')
    const [start] = [await x.inputValue()]
    await told(page, /lowest in the end/)
    await expect.poll(() => page.url(), SOON).toContain('#')
    await page.waitForTimeout(600)
    await page.reload()
    await told(page, /lowest in the end/)
    expect(await x.inputValue()).toBe(start)
    expect(await race.getByLabel('surface', { exact: true }).inputValue()).toBe('beale')
    expect(await race.locator('.slider', { hasText: 'beta' }).locator('output').textContent()).toBe(
      moved,
    )
    expect(errors).toEqual([])
  })

  test('a race can be played, and stands still where no motion is wanted', async () => {
    const { page } = await openView(stateOf('race'), { reducedMotion: 'reduce' })
    await told(page, /lowest in the end/)
    const step = panel(page, 'race').getByLabel('step', { exact: true })
    const dot = panel(page, 'race').locator('.race-map svg > circle').last()
    await step.fill('0')
    const at = await dot.getAttribute('cx')
    await panel(page, 'race').getByRole('button', { name: 'Play' }).click()
    expect(await step.inputValue()).toBe('200')
    expect(await dot.getAttribute('cx')).not.toBe(at)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await step.fill('0')
    await panel(page, 'race').getByRole('button', { name: 'Play' }).click()
    await expect.poll(() => step.inputValue(), SOON).not.toBe('0')
  })

  test('curves follow the text and the arguments', async () => {
    const { page, errors } = await openView(stateOf('curves'))
    await told(page, /drawn over 200 steps/)
    const card = panel(page, 'curves').locator('.card', { hasText: 'decay fade' })
    const line = card.locator('path[stroke="#0072b2"]')
    const first = await shapeOf(line)
    const least = card.getByRole('slider', { name: 'least' })
    // A card that is made anew while keys are pressed has another slider.
    for (let press = 0; press < 80; press++) await least.press('ArrowRight')
    await expect.poll(() => shapeOf(line), SOON).not.toBe(first)
    const second = await shapeOf(line)
    await page.locator('#editor .cm-content').focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(TEXT.replace('(1 - t / T)', '(1 - t / T)^2'))
    await expect.poll(() => shapeOf(line), SOON).not.toBe(second)
    expect(errors).toEqual([])
  })

  test('the plan tells what a value is worked out from', async () => {
    const { page, errors } = await openView(stateOf('plan'))
    await told(page, /Plain works out/)
    const plan = panel(page, 'plan')
    await plan.locator('[data-node="assigned m"]').focus()
    await plan.locator('.plan-detail code', { hasText: 'm = beta * m + (1 - beta) * g' }).waitFor()
    expect(await plan.locator('path.read').count()).toBe(3)
    expect(errors).toEqual([])
  })

  test('a network is trained beside Adam, and the run can be stopped', async () => {
    const steps = { task: 'fashion14-mlp', steps: 60, backend: 'wasm', values: {} }
    const { page, errors } = await openView(stateOf('train', { panes: { train: steps } }))
    const train = panel(page, 'train')
    await train.getByRole('button', { name: 'Train', exact: true }).click()
    await status(page)
      .filter({ hasText: /test accuracy on wasm: Plain \d+\.\d %, Adam \d+\.\d %/ })
      .waitFor({ state: 'attached', timeout: 120_000 })
    const accuracies = await train.locator('tbody td:nth-child(4)').allTextContents()
    for (const text of accuracies) expect(Number.parseFloat(text)).toBeGreaterThan(40)
    expect(await train.locator('figure svg').count()).toBe(2)

    await train.getByRole('spinbutton', { name: 'steps' }).fill('5000')
    await train.getByRole('button', { name: 'Train', exact: true }).click()
    await told(page, /step \d+ of 5000/)
    await train.getByRole('button', { name: 'Stop' }).click()
    await told(page, /stopped/)
    await train.getByRole('button', { name: 'Train', exact: true }).waitFor()
    expect(errors).toEqual([])
  })

  test.each([
    ['light', {}],
    ['dark', PHONE],
  ] as const)('are accessible on a %s page, %j', async (theme, options) => {
    for (const view of ['race', 'curves', 'plan', 'train']) {
      const { page, errors } = await openView(stateOf(view, { theme }), options)
      if (view === 'train') await panel(page, view).getByText('Train a small network').waitFor()
      else await told(page, /lowest in the end|drawn over|works out/)
      expect(await violations(page), view).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(
        true,
      )
      expect(errors).toEqual([])
      await page.context().close()
    }
  })

  test('hostile states of views run nothing, and are the usual ones', async () => {
    const nasty = '"><img src=x onerror=alert(1)>'
    const hostile = {
      race: { surface: nasty, steps: 1e9, start: [nasty, null], values: { [nasty]: 1, lr: -1 } },
      curves: { totalSteps: -1, values: { [nasty]: { [nasty]: 1e308 } } },
      plan: 1e9,
      train: { task: nasty, steps: nasty, backend: nasty, values: nasty },
    }
    for (const view of ['race', 'curves', 'plan', 'train']) {
      const { page, errors } = await openView(stateOf(view, { panes: hostile }))
      if (view === 'train') await panel(page, view).getByText('Train a small network').waitFor()
      else await told(page, /lowest in the end|drawn over 200 steps|works out/)
      expect(await page.locator('img').count()).toBe(0)
      expect(errors).toEqual([])
      await page.context().close()
    }
  })
})
