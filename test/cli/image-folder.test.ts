import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { createSession } from './session.ts'

/** A folder of ten classes for CIFAR-10: so many images of each, of one grey. */
async function classFolders(train: number, test: number): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {}
  for (let label = 0; label < 10; label++) {
    const grey = 25 * label
    const background = { r: grey, g: grey, b: grey }
    const create = { width: 9, height: 9, channels: 3, background } as const
    const picture = await sharp({ create }).png().toBuffer()
    for (let index = 0; index < train; index++)
      files[`images/train/class${label}/${index}.png`] = picture
    for (let index = 0; index < test; index++)
      files[`images/test/class${label}/${index}.png`] = picture
  }
  return files
}

const LINE =
  'train rule.opt --task cifar10 --data images --steps 1 --batch 2 --seeds 1 --lr default --backend wasm'

describe('train --task cifar10 with a folder of images', () => {
  it('decodes them with a bar, once', async () => {
    // A fifth validates: two of each class.
    const session = createSession({
      'rule.opt': 'optimizer Plain(lr in (0, inf) = 0.001) {\n  update = lr * g\n}\n',
      ...(await classFolders(10, 1)),
    })
    const first = await session.run(LINE, { terminal: true })
    expect(first.exitCode).toBe(0)
    expect(first.stderr).toMatch(/decoding cifar10/)
    const kept = readdirSync(join(session.folder, '.optc-cache')).sort()
    expect(kept).toHaveLength(3)
    const again = await session.run(LINE, { terminal: true })
    expect(again.exitCode).toBe(0)
    expect(again.stderr).not.toMatch(/decoding/)
    expect(again.stdout.split('\n')[0]).toBe(first.stdout.split('\n')[0])
    expect(readdirSync(join(session.folder, '.optc-cache')).sort()).toEqual(kept)
  })

  it('names the image that is damaged', async () => {
    const session = createSession({
      'rule.opt': 'update = 0.1 * g\n',
      ...(await classFolders(10, 1)),
      'images/train/class3/4.png': 'no picture',
    })
    const { exitCode, stderr } = await session.run(LINE)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/images\/train\/class3\/4\.png is no image that can be read/)
  })
})
