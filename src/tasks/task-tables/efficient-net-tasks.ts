import type { ImageTaskRow } from '../image-problem.ts'
import { imageTask } from '../image-task.ts'
import { efficientNetV2S } from '../networks/efficient-net.ts'
import type { Task, TensorTask } from '../open-task.ts'

/** A task for EfficientNetV2-S on images of so many pixels a side. */
function efficientNetTask(
  row: Pick<ImageTaskRow, 'data' | 'summary'> & { readonly name: string },
  size: number,
  batchSize: number,
  group: 'images' | 'fine-tuning' = 'images',
): Task<TensorTask> {
  return imageTask({
    ...row,
    group,
    name: `${row.name}-efficientnetv2-s`,
    defaults: { steps: 600, batchSize, evaluateEvery: 200 },
    network: efficientNetV2S({ size }),
    size,
  })
}

/** EfficientNetV2-S on the data of the published final evaluation, at its own sizes, and of the published fine-tuning, at 224x224. */
export const EFFICIENT_NET_TASKS: readonly Task<TensorTask>[] = [
  efficientNetTask(
    { name: 'cifar10', summary: 'CIFAR-10 at 32x32, EfficientNetV2-S', data: 'cifar10' },
    ...([32, 64] as const),
  ),
  efficientNetTask(
    { name: 'cifar100', summary: 'CIFAR-100 at 32x32, EfficientNetV2-S', data: 'cifar100' },
    ...([32, 64] as const),
  ),
  efficientNetTask(
    {
      name: 'tiny-imagenet',
      summary: 'TinyImageNet-200 at 64x64, EfficientNetV2-S',
      data: 'tiny-imagenet-200',
    },
    ...([64, 64] as const),
  ),
  efficientNetTask(
    { name: 'flowers102', summary: 'Flowers102 at 224x224, EfficientNetV2-S', data: 'flowers102' },
    ...([224, 16, 'fine-tuning'] as const),
  ),
  efficientNetTask(
    { name: 'cars196', summary: 'Cars196 at 224x224, EfficientNetV2-S', data: 'cars196' },
    ...([224, 16, 'fine-tuning'] as const),
  ),
  efficientNetTask(
    { name: 'caltech101', summary: 'Caltech101 at 224x224, EfficientNetV2-S', data: 'caltech101' },
    ...([224, 16, 'fine-tuning'] as const),
  ),
]
