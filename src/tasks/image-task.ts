import { findImageData, imageShape, loadImageData } from './image-data.ts'
import { classificationOf, openedWith, type ImageTask, type ImageTaskRow } from './image-problem.ts'

/** The row of a classification of images, those that it names, or `data`. Throws an Error where nothing has that name. */
export function imageTask(row: ImageTaskRow, data = findImageData(row.data)): ImageTask {
  if (data === undefined) throw new Error(`task ${row.name} names no data set: ${row.data}`)
  return classificationOf(
    row,
    imageShape(data.shape, row.size),
    data.classes,
    (task) => async (options) => {
      const images = await loadImageData(data, {
        ...options,
        ...(task.size !== undefined && { size: task.size }),
      })
      return images.ok ? { ok: true, value: openedWith(task, images.value) } : images
    },
  )
}
