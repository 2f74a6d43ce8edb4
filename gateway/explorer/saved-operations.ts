import { z } from 'zod'

const Given = z.object({
  title: z.string().trim().min(1, 'is missing').max(120, 'is longer than 120 characters'),
  document: z.string().min(1, 'is missing').max(100_000, 'is longer than 100000 characters'),
  variables: z.string().max(100_000, 'is longer than 100000 characters').default(''),
  shared: z.boolean().default(false),
})

/** What the explorer asks to be kept. The document may be unfinished: nobody runs it from here. */
export const NewOperation = Given
export type NewOperation = z.infer<typeof NewOperation>

/** The same, and the version that whoever changes it has seen. */
export const ChangedOperation = Given.extend({ version: z.int().min(1) })
export type ChangedOperation = z.infer<typeof ChangedOperation>

export type SavedOperation = NewOperation & {
  readonly id: string
  /** Only its owner may change it; others see it while it is shared. */
  readonly own: boolean
  readonly version: number
  readonly updatedAt: Date
}

/** A person keeps at most so many. */
export const savedMax = 500

/** In the name of one explorer. */
export type SavedOperations = {
  /** Their own and what others share, newest first. */
  list(): Promise<SavedOperation[]>
  /** Throws CONFLICT for one too many. */
  add(operation: NewOperation): Promise<SavedOperation>
  /**
   * Throws NOT_FOUND for one that is not shown to them, FORBIDDEN for another's, and CONFLICT when
   * it has changed since that version.
   */
  change(id: string, operation: ChangedOperation): Promise<SavedOperation>
  /** Throws as `change` does. */
  remove(id: string, version: number): Promise<void>
}
