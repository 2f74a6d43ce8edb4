import { GraphQLError } from 'graphql'

export const journal: string[] = []

export const refuse = (): never => {
  throw new GraphQLError('Not today.', { extensions: { code: 'CONFLICT' } })
}
