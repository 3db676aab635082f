import { value, type Option } from './command.ts'

/** A folder that --data gives: of a data set by its name, or of whatever is needed. */
export interface DataFolder {
  readonly set?: string
  readonly folder: string
}

/** `--data DIR`, and any number of `--data SET=DIR`. */
export function dataOption(summary: string): Option<readonly DataFolder[] | undefined> {
  return {
    ...value('DIR', `${summary}; SET=DIR for one data set, as often as needed`, parseDataFolder),
    isJoined: true,
  }
}

/** `SET=DIR` where what stands before the sign can be a name; a folder with such a name is `./a=b`. */
function parseDataFolder(text: string): readonly DataFolder[] {
  const [, set, folder] = /^([\w.-]*\w)=(.*)$/s.exec(text) ?? []
  const given: DataFolder = set === undefined ? { folder: text } : { set, folder: folder! }
  if (given.folder === '') throw new Error('it must be a folder, or SET=FOLDER')
  return [given]
}
