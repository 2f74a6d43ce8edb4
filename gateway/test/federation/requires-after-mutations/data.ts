/** What is in the one cart, at this moment. */
export const items: string[] = []

export const cartNow = () => ({ id: 'c', count: items.length, items: [...items] })
