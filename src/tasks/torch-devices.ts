import type { Target } from '../emit/target.ts'
import { defaultTarget, targets } from '../emit/targets.ts'

/** Where PyTorch computes, for tasks in Python. */
export const TORCH_DEVICES = ['pytorch-cpu', 'pytorch-cuda', 'pytorch-mps'] as const

export type TorchDevice = (typeof TORCH_DEVICES)[number]

export function isTorchDevice(name: string): name is TorchDevice {
  return (TORCH_DEVICES as readonly string[]).includes(name)
}

/** The target whose modules people get of rules that were trained there: what they can go on with. */
export function targetTrainedOn(backend: string): Target {
  return isTorchDevice(backend) ? targets.pytorch : defaultTarget
}
