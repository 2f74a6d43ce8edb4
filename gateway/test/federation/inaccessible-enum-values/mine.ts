import { metals } from './data.ts'

export const sdl = `
extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9"
  import: ["@key", "@inaccessible"]
)
enum Grade { OPEN SOLD HIDDEN @inaccessible }
type Query {
  metals: [Metal!]!
  metal(id: ID!): Metal
  ofGrade(grade: Grade): [ID!]!
  ofGrades(filter: GradeFilter): [ID!]!
}
input GradeFilter { any: [Grade!] = [OPEN], not: Grade }
type Metal @key(fields: "id") { id: ID!, grade: Grade, history: [Grade], strict: Grade! }
`

const idsOf = (grades: readonly string[]) =>
  metals.filter(({ grade }) => grades.includes(grade)).map(({ id }) => id)

export const resolvers = {
  Query: {
    metals: () => metals,
    metal: (_: unknown, { id }: { id: string }) => metals.find((one) => one.id === id),
    ofGrade: (_: unknown, { grade = 'HIDDEN' }: { grade?: string }) => idsOf([grade]),
    ofGrades: (_: unknown, { filter }: { filter?: { any: string[]; not?: string } }) =>
      idsOf(filter?.any ?? []).filter((id) => id !== filter?.not),
  },
  Metal: {
    history: ({ grade }: { grade: string }) => ['OPEN', grade, null],
    strict: ({ grade }: { grade: string }) => grade,
  },
}
