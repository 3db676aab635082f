import { capitalize, pascalCase } from '../names.ts'
import { docstring } from '../python/docstring.ts'
import { parameterText, passedOn, type WrittenFunction } from '../python/function.ts'
import type { Lines } from '../python/lines.ts'

/** The name of the schedule of Keras for a schedule or decay. */
export const scheduleName = (called: string): string => capitalize(pascalCase(called))

/** The schedule of Keras, under the name `own`, for the schedule or decay `called`. */
export function scheduleLines(own: string, called: string, written: WrittenFunction): Lines {
  const names = written.parameters.map(({ name }) => name)
  const parameters = [
    'self',
    'initial_learning_rate: float',
    'total_steps: int',
    ...written.parameters.map((each) => parameterText(each)),
  ]
  const passed = [
    'step',
    'self.total_steps',
    ...passedOn(written).map((each) => each.replace('=', '=self.')),
  ]
  const kept = ['initial_learning_rate', 'total_steps', ...names]
  return [
    '@keras.saving.register_keras_serializable(package="optc")',
    `class ${own}(keras.optimizers.schedules.LearningRateSchedule):`,
    [
      docstring({ lines: [`A learning rate: \`initial_learning_rate\` times \`${called}\`.`] }, 1),
      '',
      `def __init__(${parameters.join(', ')}) -> None:`,
      ['super().__init__()', ...kept.map((each) => `self.${each} = ${each}`)],
      '',
      'def __call__(self, step: Any) -> Any:',
      [
        `factor = ${called}(${passed.join(', ')})`,
        'return ops.cast(self.initial_learning_rate * factor, keras.config.floatx())',
      ],
      '',
      'def get_config(self) -> dict[str, Any]:',
      [`return {${kept.map((each) => `"${each}": self.${each}`).join(', ')}}`],
    ],
  ]
}
