import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { efficientNetV2S } from '../../../src/tasks/networks/efficient-net.ts'
import { agreementOf } from './agreement.ts'

/** A Python that has torchvision, where there is one. */
const python = process.env['OPTC_PYTHON'] ?? 'python3'
const hasTorchvision = spawnSync(python, ['-c', 'import torchvision, safetensors']).status === 0

if (!hasTorchvision)
  process.stderr.write(`${python} has no torchvision: EfficientNetV2-S is not compared with it\n`)

it.skipIf(!hasTorchvision)(
  "has the outputs and gradients of torchvision's EfficientNetV2-S",
  { timeout: 600_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'optc-efficient-net-'))
    try {
      const script = join(import.meta.dirname, 'fixtures/make-efficientnet.py')
      const made = spawnSync(python, [script, '--full', folder], { encoding: 'utf8' })
      expect(made.stderr).not.toContain('Error')
      expect(await selectBackend('wasm')).toMatchObject({ ok: true })
      // torchvision's first convolution has stride 2 at every size.
      const network = efficientNetV2S({
        ...{ size: 224, padding: 'symmetric', stochasticDepth: 0, dropout: 0 },
      })
      const agreement = agreementOf(
        network,
        join(folder, 'torchvision.safetensors'),
        join(folder, 'torchvision-results.safetensors'),
      )
      expect(agreement.naming).toBe('torchvision')
      expect(agreement.evaluated).toBeLessThan(1e-4)
      expect(agreement.outputs).toBeLessThan(1e-4)
      for (const [name, difference] of agreement.gradients)
        expect(difference, name).toBeLessThan(1e-3)
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
