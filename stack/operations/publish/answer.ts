import { z } from 'zod'

/** What publishing said, whichever way it took. */
export const Answer = z.discriminatedUnion('__typename', [
  z.object({
    __typename: z.literal('OperationsPublished'),
    accepted: z.number(),
    unchanged: z.number(),
    operations: z.array(z.object({ name: z.string(), hash: z.string(), cost: z.number() })),
  }),
  z.object({
    __typename: z.literal('OperationRejectedError'),
    ...{ code: z.string(), message: z.string(), name: z.string() },
  }),
  z.object({ __typename: z.literal('ValidationError'), message: z.string() }),
])

export type Answer = z.infer<typeof Answer>

/** Lines for whoever reads the terminal. */
export function linesOf(answer: Answer): string[] {
  if (answer.__typename === 'ValidationError') return [answer.message]
  if (answer.__typename === 'OperationRejectedError')
    return [`Nothing was published: ${answer.name} is refused (${answer.code}). ${answer.message}`]
  const { accepted, unchanged, operations } = answer
  return [
    ...operations.map(({ name, hash, cost }) => `${name} sha256:${hash} costs ${cost}`),
    `${accepted} published, ${unchanged} there already`,
  ]
}
