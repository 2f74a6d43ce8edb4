import { z } from 'zod'
import { firstFault, type UserError } from '#kit/user-error'
import { type Contract, contracts, isWithin } from '#schema/contracts'

/** Clients that are no program of a partner, and the widest contract that each may ask within. */
const houseClients = {
  // Our own pages have some for staff.
  web: 'admin',
  partner: 'partner',
  public: 'public',
} as const satisfies Record<string, Contract>

export type HouseClient = keyof typeof houseClients

export const isHouseClient = (name: string): name is HouseClient =>
  Object.hasOwn(houseClients, name)

/**
 * What a client may ask within, the narrowest first: an operation is published within the first that
 * has all it asks for. A program of a partner's, by its id, asks for what every partner may.
 */
export const contractsFor = (client: string): readonly Contract[] => {
  const widest = isHouseClient(client) ? houseClients[client] : houseClients.partner
  return contracts.filter((contract) => isWithin(contract, widest))
}

const operationsMax = 100
/** What one client may have, retired ones left out. */
export const operationsOfClientMax = 2_000

const Operation = z.object({
  name: z
    .string()
    .regex(/^[A-Z][0-9A-Za-z]*$/, 'A name has letters and digits, the first a capital.')
    .max(120, 'A name has at most 120 characters.'),
  document: z.string().min(1, 'Send the text of the document.'),
})

export const PublicationDraft = z.object({
  clientName: z.string().trim().min(1, 'Say whose operations these are.').max(80),
  clientVersion: z.string().trim().max(40, 'A version has at most 40 characters.'),
  operations: z
    .array(Operation)
    .min(1, 'Send at least one operation.')
    .max(operationsMax, `At most ${operationsMax} operations at once.`),
})

export type PublicationDraft = z.infer<typeof PublicationDraft>

/** A publication in a form that can be looked at further, or the first fault with its path. */
export function publicationFrom(
  input: z.input<typeof PublicationDraft>,
): PublicationDraft | UserError<'ValidationError'> {
  const { data, error } = PublicationDraft.safeParse(input)
  return error ? firstFault(error.issues) : data
}
