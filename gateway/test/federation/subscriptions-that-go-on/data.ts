/** How often each person was asked for: an event must not live off what the last one learnt. */
export const visits = new Map<string, number>()

export const visit = (id: string): number => {
  const count = (visits.get(id) ?? 0) + 1
  visits.set(id, count)
  return count
}
