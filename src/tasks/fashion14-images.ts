import type { ExpectedImages } from './images.ts'

/** The images that optc carries in `src/tasks/data/fashion14`. */
export const FASHION14 = {
  name: 'fashion14',
  summary: 'the first 12,000 + 2,000 images of Fashion-MNIST at 14x14, carried with optc',
  /** How many of the training images validate, the last ones of their file. */
  validation: 2000,
  classes: 10,
  height: 14,
  width: 14,
  channels: 1,
} as const satisfies Omit<ExpectedImages, 'remedy'> & Readonly<Record<string, unknown>>
