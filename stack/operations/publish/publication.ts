import type { Text } from './files.ts'

/** What is to be published, and for whom. */
export type Publication = {
  /** `web`, `partner`, `public`, or a program by its name or its id. */
  readonly client: string
  readonly version: string
  readonly texts: readonly Text[]
}
