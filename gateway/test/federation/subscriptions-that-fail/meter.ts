import { refuse } from './data.ts'

export const sdl = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { meters: Int! }
type Subscription {
  measured: Reading
  strict: Reading!
  broken: Reading
  closed: Reading
}
type Reading { value: Int, must: Int!, sensor: Sensor, sensors: [Sensor!]! }
type Sensor @key(fields: "id") { id: ID! }
`

const reading = (value: number, id: string) => ({
  ...{ value, must: value },
  sensor: { id },
  sensors: [{ id }, { id: 'good' }],
})

type Reading = ReturnType<typeof reading>

async function* readings() {
  yield reading(1, 'good')
  yield reading(13, 'bad')
  yield reading(2, 'good')
}

async function* twoOfThree() {
  yield reading(1, 'good')
  throw new Error('The cable broke.')
}

async function* withNull() {
  yield null
  yield reading(3, 'good')
}

const echo = (event: unknown) => event
const unlucky = ({ value }: Reading) => (value === 13 ? refuse() : value)

export const resolvers = {
  Query: { meters: () => 1 },
  Subscription: {
    measured: { subscribe: readings, resolve: echo },
    strict: { subscribe: withNull, resolve: echo },
    broken: { subscribe: twoOfThree, resolve: echo },
    closed: { subscribe: refuse, resolve: echo },
  },
  Reading: { value: unlucky, must: unlucky },
}
