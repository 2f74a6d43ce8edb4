import { GraphQLError } from 'graphql'

export const refuse = (): never => {
  throw new GraphQLError('Not this one.', { extensions: { code: 'CONFLICT' } })
}
