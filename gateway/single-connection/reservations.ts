import { AppError } from '#kit/errors'
import type { Exchange } from '../exchange.ts'
import type { Line } from './line.ts'

/** A place for one event stream, and for the operations that answer on it. */
export type Reservation = {
  readonly token: string
  /** Null as long as nobody has opened the stream. */
  line: Line | null
  /** By the ids that the client gave them; aborting one ends it. */
  readonly operations: Map<string, AbortController>
}

export type ReservationLimits = {
  /** How many one caller may have, on this instance. */
  readonly perCallerMax: number
  /** A reservation that nobody uses for so long is gone. */
  readonly unusedMs: number
}

export type Reservations = {
  /** Throws RATE_LIMITED. */
  make(exchange: Exchange): Reservation
  /** Throws NOT_FOUND for a token that is none, has ended, or is somebody else's. */
  find(token: string, exchange: Exchange): Reservation
  /** Ends it with everything on it. Safe to call again. */
  end(reservation: Reservation): void
}

/** `newToken` makes one that nobody can guess. */
export function createReservations(
  { perCallerMax, unusedMs }: ReservationLimits,
  newToken: () => string,
): Reservations {
  const owners = new Map<Reservation, Owner>()
  const byToken = new Map<string, Reservation>()
  const countOf = (caller: string) =>
    [...owners.values()].filter((one) => one.caller === caller).length
  const end = (reservation: Reservation) => {
    if (!owners.delete(reservation)) return
    byToken.delete(reservation.token)
    for (const operation of reservation.operations.values()) operation.abort(ended())
    reservation.line?.close()
  }
  return {
    make: (exchange) => {
      const owner = ownerOf(exchange)
      if (countOf(owner.caller) >= perCallerMax)
        throw new AppError('RATE_LIMITED', 'You have too many streams reserved. Close one of them.')
      const reservation = { token: newToken(), line: null, operations: new Map() }
      owners.set(reservation, owner)
      byToken.set(reservation.token, reservation)
      const timer = setTimeout(() => reservation.line ?? end(reservation), unusedMs)
      timer.unref()
      return reservation
    },
    find: (token, exchange) => {
      const reservation = byToken.get(token)
      if (!reservation || owners.get(reservation)?.name !== ownerOf(exchange).name)
        throw new AppError('NOT_FOUND', 'There is no such reservation. Make another one.')
      return reservation
    },
    end,
  }
}

const ended = () => new AppError('UNAVAILABLE', 'The stream has ended.')

/** Who may use a reservation, and among whose it counts. */
type Owner = { readonly name: string; readonly caller: string }

/** A person by their session: another one of theirs has nothing to do with it. */
function ownerOf({ viewer, clientId, credential, clientAddress }: Exchange): Owner {
  if (!viewer) return { name: 'nobody', caller: `address ${clientAddress}` }
  const { id, actor, sessionId } = viewer
  return {
    name: JSON.stringify([credential, id, actor, sessionId, clientId]),
    caller: `viewer ${id}`,
  }
}
