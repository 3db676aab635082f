import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { writeAddress } from '../../src/hosts/playground/state/address.ts'
import type { PageState } from '../../src/hosts/playground/state/state.ts'
import { browserPath, startSite, type Site } from './site.ts'

if (browserPath === undefined) console.log('not tested in a browser: there is no chromium')

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

const STATE: PageState = {
  text: 'optimizer Plain(lr in (0, inf) = 0.1) {\n  update = lr * g\n}\n',
  fileName: 'plain.opt',
  theme: 'light',
  part: 'source',
  chosen: {},
  panes: {},
}

let site: Site

/** A page that has compiled its program. */
async function openReady(
  fragment = '',
  options: Parameters<Site['open']>[1] = {},
): ReturnType<Site['open']> {
  const opened = await site.open(fragment, options)
  await compiled(opened.page)
  return opened
}

const outputStatus = (page: Page): ReturnType<Page['locator']> =>
  page.locator('#area-output .pane-status:not([hidden])')

async function compiled(page: Page, text: RegExp = / lines/): Promise<void> {
  await outputStatus(page).filter({ hasText: text }).waitFor({ state: 'attached' })
}

const editor = (page: Page): ReturnType<Page['locator']> => page.locator('#editor .cm-content')

/** The whole text of the shown output, also what is not in sight. */
async function copiedOutput(page: Page): Promise<string> {
  await page.locator('#area-output .panel:not([hidden]) button', { hasText: 'Copy' }).click()
  await outputStatus(page).filter({ hasText: 'copied' }).waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

/** Writes over all of the program. */
async function write(page: Page, text: string): Promise<void> {
  await editor(page).focus()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

/** The middle of the first `word` in a line of the program that has `mark`, to be pointed at. */
async function wordAt(
  page: Page,
  mark: string,
  word: string,
): Promise<readonly [x: number, y: number]> {
  const line = page.locator('#editor .cm-line', { hasText: mark }).first()
  await line.scrollIntoViewIfNeeded()
  return line.evaluate((element, wanted) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').search(new RegExp(`\\b${wanted}\\b`))
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      const { x, y, width, height } = range.getBoundingClientRect()
      return [x + width / 2, y + height / 2] as const
    }
    throw new Error(`there is no ${wanted}`)
  }, word)
}

/** The middle of the first of some elements that can be pointed at. */
async function inSight(
  elements: ReturnType<Page['locator']>,
): Promise<readonly [x: number, y: number]> {
  return elements.evaluateAll((all) => {
    const middles = all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return { element, at: [x + width / 2, y + height / 2] as const }
    })
    const found = middles.find(({ element, at }) =>
      (element.getRootNode() as ShadowRoot).elementsFromPoint(...at).includes(element),
    )
    if (found === undefined) throw new Error('none of them is in sight')
    return found.at
  })
}

/** What an accessibility check finds wrong. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(
    async () => await (window as unknown as { axe: typeof axe }).axe.run(document),
  )
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

describe.skipIf(browserPath === undefined)('the playground in a browser', () => {
  beforeAll(async () => {
    site = await startSite()
  }, 120_000)
  afterAll(() => site?.close())

  test('compiles what is written, and lights up what an edit changed', async () => {
    const { page, errors } = await openReady(writeAddress(STATE))
    expect(await copiedOutput(page)).toContain('export class Plain')
    await page.locator('#editor .cm-line', { hasText: 'update' }).click()
    await page.keyboard.press('End')
    await page.keyboard.type(' / 2')
    await compiled(page, /changed by the last edit/)
    const lit = await page.locator('#area-output .cm-lit').allInnerTexts()
    expect(lit.join('\n')).toMatch(/2/)
    expect(await copiedOutput(page)).toContain(lit.at(-1)!.trim())
    expect(errors).toEqual([])
  })

  test('every target has a pane, and they are compiled', async () => {
    const { page, errors } = await openReady(writeAddress(STATE))
    const tabs = page.locator('#area-output [role=tab]')
    const texts = new Set<string>()
    for (let at = 0; at < (await tabs.count()); at++) {
      await tabs.nth(at).click()
      await compiled(page)
      texts.add(await copiedOutput(page))
    }
    expect(texts.size).toBe(await tabs.count())
    for (const text of texts) expect(text).toMatch(/plain/i)
    expect(errors).toEqual([])
  })

  test('shows an error, and its fix mends it', async () => {
    const { page, errors } = await openReady(writeAddress(STATE))
    await write(page, 'optimizer Plain(rate in (0, inf) = 0.1) {\n  update = rat * g\n}\n')
    const problems = page.locator('#problems')
    await problems.getByText('rat').first().waitFor()
    await compiled(page, /errors/)
    await problems.locator('button.fix').first().click()
    await problems.getByText('No problems').waitFor()
    expect(await editor(page).innerText()).toContain('update = rate * g')
    await compiled(page)
    expect(errors).toEqual([])
  })

  test('formats, hovers, completes, renames and goes to definitions by the language server', async () => {
    const { page, errors } = await openReady(
      writeAddress({ ...STATE, text: STATE.text.replace('lr * g', 'lr *   ema(g, 0.9)') }),
    )
    await page.click('#format')
    await expect.poll(() => editor(page).innerText()).toContain('lr * ema(g, 0.9)')
    await page.mouse.move(...(await wordAt(page, 'update', 'ema')))
    await page.locator('.cm-lsp-hover-tooltip').getByText('moving average').waitFor()
    await page.mouse.click(...(await wordAt(page, 'update', 'ema')))
    await page.keyboard.press('F12')
    await page.locator('dialog .cm-content', { hasText: 'fn ema' }).waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.click(...(await wordAt(page, 'optimizer', 'lr')))
    await page.keyboard.press('F2')
    await page.locator('#editor .cm-panels input').fill('pace')
    await page.keyboard.press('Enter')
    await expect.poll(() => editor(page).innerText()).toContain('pace * ema(g, 0.9)')
    // By keyboard: where the pointer is, a hover may cover the line.
    await page.mouse.move(2, 2)
    await editor(page).focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await page.keyboard.type(' + warmup_lin')
    await page.locator('.cm-tooltip-autocomplete li[aria-selected]').waitFor()
    await page.keyboard.press('Enter')
    await expect.poll(() => editor(page).innerText()).toContain('import { warmup_linear }')
    expect(errors).toEqual([])
  })

  test('links names of the program with those of the output', async () => {
    const { page } = await openReady(
      writeAddress({ ...STATE, text: STATE.text.replaceAll('lr', 'learning_pace') }),
    )
    await page.mouse.move(...(await wordAt(page, 'update', 'learning_pace')))
    const linked = page.locator('#area-output .cm-linked')
    await linked.first().waitFor()
    expect(new Set(await linked.allInnerTexts())).toEqual(new Set(['learningPace']))
    await page.mouse.move(...(await inSight(linked)))
    await page.locator('#editor .cm-linked', { hasText: 'learning_pace' }).first().waitFor()
    await page.locator('.brand').hover()
    await expect.poll(() => page.locator('.cm-linked').count()).toBe(0)
  })

  test('shares an address that gives everything back', async () => {
    const { page } = await openReady(writeAddress(STATE), { colorScheme: 'dark' })
    await write(page, STATE.text.replace('0.1', '0.25'))
    await page.getByRole('tab', { name: 'pytorch' }).click()
    await page.getByRole('tab', { name: 'Mutants' }).click()
    await page.getByRole('button', { name: 'Draw others' }).click()
    await page.locator('.mutant').first().waitFor()
    await page.click('#share')
    await page.locator('#notice', { hasText: 'copied' }).waitFor()
    const address = await page.evaluate(() => navigator.clipboard.readText())
    expect(address).toBe(page.url())
    const { page: other, errors } = await openReady(new URL(address).hash.slice(1))
    expect(await editor(other).innerText()).toContain('0.25')
    expect(await other.locator('#file-name').innerText()).toBe('plain.opt')
    const chosen = await other.locator('[role=tab][aria-selected=true]').allInnerTexts()
    expect(chosen).toEqual(['pytorch', 'Mutants'])
    await other.getByText('seeds 6 to 11').waitFor()
    await other.reload()
    await compiled(other)
    expect(await editor(other).innerText()).toContain('0.25')
    expect(errors).toEqual([])
  })

  test('mutates, shows how, and takes a mutant over, which can be undone', async () => {
    const { page, errors } = await openReady(writeAddress(STATE))
    await page.click('#mutate')
    const mutant = page.locator('.mutant').first()
    await mutant.waitFor()
    const added = (await mutant.locator('.added').last().innerText()).slice(2)
    await mutant.getByRole('button').click()
    await expect.poll(() => editor(page).innerText()).toContain(added.trim())
    await editor(page).focus()
    await page.keyboard.press('Control+Z')
    await expect.poll(() => editor(page).innerText()).toContain('update = lr * g')
    expect(errors).toEqual([])
  })

  test('is used by keyboard alone', async () => {
    const { page, errors } = await openReady(writeAddress(STATE))
    await page.keyboard.press('Control+O')
    await page.getByRole('searchbox').waitFor()
    await page.keyboard.type('shampoo')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => editor(page).innerText()).toContain('optimizer Shampoo')
    await compiled(page, /^shampoo/)
    // A place with something to do: the number in front of the end.
    await write(page, STATE.text)
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('End')
    await page.keyboard.type(' * 2')
    await page.keyboard.press('Control+.')
    await page.getByRole('dialog').getByRole('button', { name: 'Name the constant 2' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // Out of the editor, over its problems, to the tabs, which the arrows go through.
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('editor')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tab')
    await page.keyboard.press('ArrowRight')
    await compiled(page)
    const chosen = page.locator('#area-output [role=tab][aria-selected=true]')
    expect(await chosen.innerText()).toBe('kernels')
    expect(errors).toEqual([])
  })

  test.each(['light', 'dark'] as const)('has no barriers, %s', async (colorScheme) => {
    const { page } = await openReady('', { colorScheme })
    expect(await violations(page)).toEqual([])
    await write(page, 'optimizer Plain(rate in (0, inf) = 0.1) {\n  update = rat * g\n}\n')
    await page.locator('#problems button.fix').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+O')
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
  })

  test('fits a phone, one part at a time', async () => {
    const { page, errors } = await openReady('', PHONE)
    const widths = (): Promise<readonly number[]> =>
      page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
    const [wide, width] = await widths()
    expect(wide).toBe(width)
    expect(await editor(page).isVisible()).toBe(true)
    for (const [name, id] of [
      ['Output', '#area-output'],
      ['Views', '#area-view'],
      ['Program', '#editor'],
    ] as const) {
      await page.locator('.switch').getByRole('button', { name }).tap()
      await page.locator(id).waitFor({ state: 'visible' })
      expect(await page.locator('.column:visible').count()).toBe(1)
      expect(await violations(page)).toEqual([])
    }
    expect(errors).toEqual([])
  })

  test('its look is chosen, and stays', async () => {
    const { page } = await openReady('', { colorScheme: 'dark' })
    const look = (): Promise<string | undefined> =>
      page.evaluate(() => document.documentElement.dataset['theme'])
    expect(await look()).toBe('dark')
    await page.click('#theme')
    expect(await look()).toBe('light')
    await expect.poll(() => page.url()).toContain('#')
    await page.reload()
    expect(await look()).toBe('light')
  })

  describe('is safe', () => {
    test('a broken address shows a message, and nothing is run until an example is wanted', async () => {
      for (const fragment of [
        '1.abc',
        '2.x',
        `1.${'A'.repeat(5000)}`,
        '<img src=x onerror=alert(1)>',
      ]) {
        const { page, errors } = await site.open(fragment)
        await page.getByRole('alert').getByText('cannot be read').waitFor()
        expect(page.workers()).toEqual([])
        expect(await page.locator('.cm-editor').count()).toBe(0)
        expect(await page.locator('img').count()).toBe(0)
        expect(await violations(page)).toEqual([])
        await page.getByRole('button', { name: 'Start with an example' }).click()
        await compiled(page)
        expect(errors).toEqual([])
        await page.context().close()
      }
    })

    test('a hostile program injects nothing, wherever it is shown', async () => {
      const text = [
        '/// <img src=x onerror="document.title=1"><script>document.title=1</script>',
        '/// [a](javascript:document.title=1) <style>* { display: none }</style>',
        'optimizer Plain(lr in (0, inf) = 0.1) {',
        '  update = lr * g + "</pre><img src=x>"',
        '}',
      ].join('\n')
      const { page, errors } = await site.open(
        writeAddress({ ...STATE, text, panes: { mutants: '<img src=x>', 'output-ts': ['<b>'] } }),
      )
      await page.locator('#problems li').first().waitFor()
      await page.mouse.move(...(await wordAt(page, 'optimizer', 'Plain')))
      await page.locator('.cm-lsp-hover-tooltip').waitFor()
      expect(await page.locator('img, #editor script, #editor [onerror]').count()).toBe(0)
      expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
      expect(await page.title()).toContain('plain.opt')
      expect(errors).toEqual([])
    })

    test('the page runs no text and no script but its own', async () => {
      const { page } = await openReady()
      const run = await page.evaluate(() => {
        const script = document.createElement('script')
        script.textContent = 'document.title = "run"'
        document.body.append(script)
        const style = document.createElement('style')
        style.textContent = 'body { color: red }'
        document.head.append(style)
        return { title: document.title, color: getComputedStyle(document.body).color }
      })
      expect(run.title).not.toBe('run')
      expect(run.color).not.toBe('rgb(255, 0, 0)')
      const failed = await page.evaluate(() =>
        fetch('https://example.com/').then(
          () => 'loaded',
          () => 'refused',
        ),
      )
      expect(failed).toBe('refused')
    })
  })
})
