import { join } from 'node:path'

/** A line of the engine without which a hazard's test fails; `mutants.ts` tries it. */
export type Guard = {
  /** From the root of the product: `gateway/engine/…`. */
  readonly file: string
  /** The whole line, without its indentation. */
  readonly line: string
  /** What stands there instead, where leaving the line out would not compile. */
  readonly instead?: string
}

const root = join(import.meta.dir, '../../../..')

/** How often the guarded line stands in its file; the guard is good for something if it is once. */
export async function timesThere({ file, line }: Guard): Promise<number> {
  const text = await Bun.file(join(root, file)).text()
  return text.split('\n').filter((one) => one.trim() === line).length
}
