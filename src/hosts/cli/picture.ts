import { writeFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Figure } from '../../draw/figure.ts'
import { drawSvg } from '../../draw/figure-svg.ts'
import { drawTerminal } from '../../draw/figure-terminal.ts'
import { failure } from './failure.ts'
import type { World } from './world.ts'
import type { Output } from './output.ts'
import { reasonOf } from './sources.ts'
import { writeFile } from './write.ts'

/** Not installed with optc: it is large, and few need it. */
const RENDERER = '@resvg/resvg-js'

/** Wider lines than this are hard to follow from the axis to their end. */
const WIDEST = 120

/** The figure as characters for the terminal that results go to. */
export function drawForOutput(figure: Figure, output: Output): string {
  return drawTerminal(figure, {
    width: Math.min(output.columns, WIDEST),
    color: output.paint.isColorSupported,
  })
}

/** Throws a usage failure unless `out` names an .svg or .png file. */
export function checkPicturePath(out: string): void {
  if (!['.svg', '.png'].includes(extname(out).toLowerCase()))
    throw failure('usage', `--out ${out} must end in .svg or .png`)
}

/** Writes the figure to an .svg or .png file, and says so. */
export async function writePicture(
  figure: Figure,
  out: string,
  world: World,
  output: Output,
): Promise<void> {
  const svg = drawSvg(figure)
  const location = resolve(world.cwd, out)
  if (extname(out).toLowerCase() === '.svg') writeFile(location, svg, out)
  else {
    const png = await renderPng(svg)
    try {
      writeFileSync(location, png)
    } catch (error) {
      throw failure('failed', `cannot write ${out}: ${reasonOf(error)}`)
    }
  }
  output.note(`written to ${out}`)
}

interface Renderer {
  readonly Resvg: new (svg: string, options: object) => { render(): { asPng(): Uint8Array } }
}

/** Pixels of a PNG per pixel of the drawing, for screens with small ones. */
const PNG_SCALE = 2

async function renderPng(svg: string): Promise<Uint8Array> {
  let renderer: Renderer
  try {
    renderer = (await import(RENDERER)) as Renderer
  } catch {
    throw failure(
      'failed',
      `a PNG needs the package ${RENDERER}`,
      `\`npm install ${RENDERER}\`, or write an .svg`,
    )
  }
  const options = {
    fitTo: { mode: 'zoom', value: PNG_SCALE },
    font: { loadSystemFonts: true, defaultFontFamily: 'DejaVu Sans' },
  }
  return new renderer.Resvg(svg, options).render().asPng()
}
