import { GraphQLError } from 'graphql'

export const fail = (what: string): never => {
  throw new GraphQLError(`No ${what}.`, { extensions: { code: 'NOT_FOUND' } })
}
