/** Monaco asks for a worker by a label; their addresses stand on the page's root. */
const addresses = document.getElementById('root')?.dataset

/** Must be there before Monaco is loaded: `main.tsx` imports this file first. */
Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_: string, label: string) =>
      new Worker(addresses?.[label] ?? addresses?.editor ?? '', { type: 'module' }),
  },
})
