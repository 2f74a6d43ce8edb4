export const done: string[] = []

export const doing = (name: string) => () => done.push(name)
