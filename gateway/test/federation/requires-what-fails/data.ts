export const ids = ['ok', 'bad', 'none']
export const weights: Readonly<Record<string, number>> = { ok: 3 }
