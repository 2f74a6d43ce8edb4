import { join } from 'node:path'
import { z } from 'zod'

const Row = z.strictObject({
  id: z.string().regex(/^(FC|MP|KG|BC|MS)-\d{2}$/),
  /** The founding document that asks for it. */
  document: z.string(),
  /** Functional, non-functional, deployment. */
  kind: z.enum(['F', 'N', 'D']),
  requirement: z.string().min(1),
  /** False for a choice of tools: another one does as well. */
  counts: z.boolean(),
})

export type Row = z.output<typeof Row>

/** What the founding documents are called. */
export const documentTitles: Readonly<Record<string, string>> = {
  '000_fae217eb9a7bb10a.txt': 'FitConnect',
  '001_1c7fe63cd471e377.txt': 'MecaPy',
  '002_c8453128d243658f.txt': 'k3s VPS GitOps',
  '003_c0038942a746cc56.txt': 'BusinessCare',
  '004_30180b08f92782f0.txt': 'MSPR secure accounts',
}

const Rows = z
  .array(Row)
  .refine((rows) => new Set(rows.map(({ id }) => id)).size === rows.length, 'an id stands twice')

/** Every requirement, in the order of the documents. Throws when the file is not what it should be. */
export const readRows = async (root: string): Promise<Row[]> =>
  Rows.parse(await Bun.file(join(root, 'docs/requirements.json')).json())
