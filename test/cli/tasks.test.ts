import { describe, expect, it } from 'vitest'
import { TASK_GROUPS } from '../../src/tasks/open-task.ts'
import { TASKS } from '../../src/tasks/task.ts'
import { createSession } from './session.ts'

describe('tasks and data', () => {
  it('are listed', async () => {
    const session = createSession()
    expect((await session.run('tasks')).stdout).toMatch(/^fashion14-cnn +\d+ +\d+ +fashion14/m)
    expect((await session.run('data')).stdout).toMatch(/^fashion14: .*\n {2}ready: .*12000 images/m)
  })

  it('are under headings, each task once', async () => {
    const { stdout } = await createSession().run('tasks')
    const headings = [...stdout.matchAll(/^(\S+): .+$/gm)].map(([, name]) => name)
    const used = new Set(TASKS.map(({ group }) => group))
    expect(headings).toEqual(Object.keys(TASK_GROUPS).filter((group) => used.has(group as never)))
    for (const { name } of TASKS)
      expect(stdout.split('\n').filter((line) => line.startsWith(`${name} `))).toHaveLength(1)
  })

  it('are explained one by one, with how to get what they need', async () => {
    const session = createSession()
    const { stdout } = await session.run('tasks eurosat digits8-mlp')
    expect(stdout).toMatch(/^eurosat: the ground from a satellite/)
    expect(stdout).toContain('judged by its accuracy, larger being better; guessing has 10.0 %')
    expect(stdout).toMatch(
      /eurosat: 27,000 pictures.*\n {2}missing: .*\n {2}to get it: unpack EuroSAT/,
    )
    expect(stdout).toContain('2000 steps, each of 64 images, evaluated every 500')
    // 64 pixels by 32 hidden by 10 classes.
    expect(stdout).toContain('2,368 multiplications to score one example')
    expect(stdout).toMatch(/digits8: .*\n {2}ready: .*1437 images to train on, 360 to test/)
    const wrong = await session.run('tasks eurosatt')
    expect(wrong.exitCode).toBe(2)
    expect(wrong.stderr).toContain('did you mean eurosat?')
  })

  it('say what is wrong with data', async () => {
    const session = createSession({ 'broken/train-images-idx3-ubyte': 'short' })
    const { exitCode, stdout } = await session.run('data --data broken')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/broken: .*broken\/train-images-idx3-ubyte.*\n {2}to get it: /)
  })
})
