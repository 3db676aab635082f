import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { probeBackends } from '../../src/runtime/backends.ts'
import { tensorBackends } from '../emit/tensor-backend.ts'

const backends = await tensorBackends(['tensorflow'])

if (backends.length > 0)
  it('TensorFlow computes right, and is told with its versions, device and threads', async () => {
    const [record, ...others] = await probeBackends(['tensorflow'])
    expect(others).toEqual([])
    expect(record?.available).toBe(true)
    const { package: name, TensorFlow, device, threads } = record!.detail
    expect(name).toMatch(/^@tensorflow\/tfjs-node(-gpu)? 4\.\d+\.\d+$/)
    expect(TensorFlow).toMatch(/^2\.\d+\.\d+$/)
    expect(['cpu', 'gpu']).toContain(device)
    expect(threads).toBe(process.env['TF_NUM_INTRAOP_THREADS'] ?? String(availableParallelism()))
  })
